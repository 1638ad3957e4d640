import type { Options } from "@/api/types";
import type { Draft } from "@/pages/compose/draft";

/** TikTok's content sharing guidelines (https://developers.tiktok.com/docs/en/content-sharing-guidelines) fix these words. */
export const DISCLOSURE_NEEDED = "You need to indicate if your content promotes yourself, a third party, or both.";
export const BRANDED_NOT_PRIVATE = "Branded content visibility cannot be set to private.";

/** Everything is off until a person turns it on, and privacy has no default. */
export interface TikTokChoice {
  privacy_level: string | null;
  allow_comment: boolean;
  allow_duet: boolean;
  allow_stitch: boolean;
  discloses_commercial: boolean;
  your_brand: boolean;
  branded_content: boolean;
  is_aigc: boolean;
}

export const readChoice = (options: Options): TikTokChoice => ({
  privacy_level: typeof options.privacy_level === "string" ? options.privacy_level : null,
  allow_comment: options.allow_comment === true,
  allow_duet: options.allow_duet === true,
  allow_stitch: options.allow_stitch === true,
  discloses_commercial: options.discloses_commercial === true,
  your_brand: options.your_brand === true,
  branded_content: options.branded_content === true,
  is_aigc: options.is_aigc === true,
});

/** The options with these choices; what is not chosen here stays as it was. */
export function writeChoice(before: Options, { privacy_level, ...choice }: TikTokChoice): Options {
  return {
    ...before,
    ...(privacy_level ? { privacy_level } : {}),
    ...choice,
    your_brand: choice.discloses_commercial && choice.your_brand,
    branded_content: choice.discloses_commercial && choice.branded_content,
  };
}

/** The disclosure is on, and nothing is said about what is promoted. */
export const isDisclosureMissing = (options: Options): boolean => {
  const { discloses_commercial, your_brand, branded_content } = readChoice(options);
  return discloses_commercial && !your_brand && !branded_content;
};

/** What has a control of its own, in TikTok's own words. */
export const OWN_CONTROLS = [
  "privacy_level",
  "allow_comment",
  "allow_duet",
  "allow_stitch",
  "discloses_commercial",
  "your_brand",
  "branded_content",
  "is_aigc",
] as const;

export interface Declaration {
  text: string;
  /** The words in `text` that lead somewhere, and where. */
  links: Record<string, string>;
}

/** What the creator may choose at this moment, as the server tells it. */
export interface TikTokLive {
  nickname: string;
  privacy_options: string[];
  comment_disabled: boolean;
  duet_disabled: boolean;
  stitch_disabled: boolean;
  video_max_s: number | null;
  must_show: { when: string; text: string }[];
  declaration: Declaration;
  branded_declaration: Declaration;
  notice: string;
}

/** Why this cannot be posted as it is chosen, by what the creator may choose at this moment; null: it can. */
export function liveObstacle(live: TikTokLive, options: Options, videoMs: number): string | null {
  const { privacy_level } = readChoice(options);
  const isDraft = options.as_draft === true;
  if (!isDraft && live.privacy_options.length === 0)
    return "This connection may only send drafts to TikTok. Send a draft, or reconnect and leave every box ticked.";
  if (!isDraft && privacy_level !== null && !live.privacy_options.includes(privacy_level))
    return "The creator can no longer choose this visibility. Choose another.";
  if (live.video_max_s !== null && videoMs > live.video_max_s * 1000)
    return `This creator may post videos of up to ${live.video_max_s} seconds. Cut it.`;
  return null;
}

/** The length of the post's video, in milliseconds; 0 without one. */
export const videoLength = (draft: Draft) => Math.max(0, ...draft.media.map(({ asset }) => asset?.duration_ms ?? 0));
