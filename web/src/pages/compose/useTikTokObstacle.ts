import { usePublishingOptionsOf } from "@/api/connections";
import { sentence } from "@/api/http";
import type { Profile } from "@/api/types";
import type { Draft } from "@/pages/compose/draft";
import {
  DISCLOSURE_NEEDED,
  isDisclosureMissing,
  liveObstacle,
  videoLength,
  type TikTokLive,
} from "@/pages/compose/tiktok";

interface TikTokObstacle {
  /** Why the post may not go to TikTok as it is; null: it may. */
  always: string | null;
  /** Why TikTok takes nothing at this moment: later it may. */
  now: string | null;
}

/** What forbids sending the post, by what TikTok tells of its creators at this moment. */
export function useTikTokObstacle(draft: Draft, profiles: Profile[]): TikTokObstacle {
  const creators = profiles.filter(({ network, formats }) => network === "tiktok" && formats.includes(draft.format));
  const answers = usePublishingOptionsOf<TikTokLive>(creators.map(({ id }) => id));
  const optionsOf = (place: number) => draft.variants[creators[place]?.id ?? ""]?.options ?? {};
  const always = answers.flatMap(({ data }, place) => {
    if (isDisclosureMissing(optionsOf(place))) return DISCLOSURE_NEEDED;
    return (data && liveObstacle(data, optionsOf(place), videoLength(draft))) ?? [];
  });
  const now = answers.flatMap(({ error }, place) =>
    error && optionsOf(place).as_draft !== true ? sentence(error) : [],
  );
  return { always: always[0] ?? null, now: now[0] ?? null };
}
