import { Alert, Anchor, Skeleton, Stack, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { usePublishingOptions } from "@/api/connections";
import type { NetworkOptionsProps } from "@/pages/compose/NetworkOptions";
import { OptionFields } from "@/pages/compose/options/OptionFields";
import { TikTokAudience } from "@/pages/compose/TikTokAudience";
import { TikTokDisclosure } from "@/pages/compose/TikTokDisclosure";
import {
  OWN_CONTROLS,
  liveObstacle,
  readChoice,
  videoLength,
  writeChoice,
  type Declaration,
  type TikTokChoice,
  type TikTokLive,
} from "@/pages/compose/tiktok";
import { ErrorNote } from "@/ui/ErrorNote";

/** TikTok's mandatory choices: asked live from the profile, all by hand, nothing preset. Drafts ask for none of them. */
export function TikTokOptions(props: NetworkOptionsProps) {
  const { profile, options, draft, onChange } = props;
  const live = usePublishingOptions<TikTokLive>(profile.id);
  if (live.isPending) return <Skeleton h={180} />;
  if (live.isError) {
    return (
      <Stack gap="md">
        <ErrorNote error={live.error} onRetry={() => void live.refetch()} />
        <OptionFields {...props} except={OWN_CONTROLS} />
      </Stack>
    );
  }

  const choice = readChoice(options);
  const change = (part: Partial<TikTokChoice>) => onChange(writeChoice(options, { ...choice, ...part }));
  const isDraft = options.as_draft === true;
  const hasVideo = draft.media.some(({ asset }) => asset?.kind === "video");
  const why = liveObstacle(live.data, options, videoLength(draft));
  return (
    <Stack gap="md" data-testid="tiktok-options">
      <Text size="sm" className="soft">
        Posting to TikTok as <b>{live.data.nickname || profile.name}</b>
      </Text>
      {why && (
        <Alert color="red" icon={<IconInfoCircle aria-hidden />} data-testid="tiktok-obstacle">
          {why}
        </Alert>
      )}
      {!isDraft && (
        <>
          <TikTokAudience choice={choice} live={live.data} hasVideo={hasVideo} onChange={change} />
          <TikTokDisclosure choice={choice} hasVideo={hasVideo} onChange={change} />
        </>
      )}
      <OptionFields {...props} except={OWN_CONTROLS} />
      <Text size="xs" className="soft" data-testid="tiktok-declaration">
        {isDraft ? (
          live.data.must_show.find(({ when }) => when === "draft")?.text
        ) : (
          <>
            <Agreement {...(choice.branded_content ? live.data.branded_declaration : live.data.declaration)} />
            <br />
            {live.data.notice}
          </>
        )}
      </Text>
    </Stack>
  );
}

/** TikTok's own sentence, with its links in it. */
function Agreement({ text, links }: Declaration) {
  const names = Object.keys(links);
  const parts = names.length > 0 ? text.split(new RegExp(`(${names.join("|")})`)) : [text];
  return parts.map((part, place) =>
    links[part] ? (
      <Anchor key={place} href={links[part]} target="_blank" rel="noreferrer" inherit>
        {part}
      </Anchor>
    ) : (
      part
    ),
  );
}
