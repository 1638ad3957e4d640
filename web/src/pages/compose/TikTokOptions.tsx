import {
  Alert,
  Anchor,
  Checkbox,
  Group,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Switch,
  Text,
  Tooltip,
} from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { usePublishingOptions } from "@/api/connections";
import type { NetworkOptionsProps } from "@/pages/compose/NetworkOptions";
import {
  BRANDED_NOT_PRIVATE,
  DISCLOSURE_NEEDED,
  PRIVACY_NAMES,
  readChoice,
  writeChoice,
  type Declaration,
  type TikTokChoice,
  type TikTokLive,
} from "@/pages/compose/tiktok";
import { ErrorNote } from "@/ui/ErrorNote";

/** What is asked here, in TikTok's own words, and not among the other options. */
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

/** TikTok's mandatory choices: asked live from the profile, all by hand, nothing preset. */
export function TikTokOptions({ profile, options, draft, onChange }: NetworkOptionsProps) {
  const hasVideo = draft.media.some(({ asset }) => asset?.kind === "video");
  const videoMs = Math.max(0, ...draft.media.map(({ asset }) => asset?.duration_ms ?? 0));
  const live = usePublishingOptions<TikTokLive>(profile.id);
  const choice = readChoice(options);
  const change = (part: Partial<TikTokChoice>) => onChange(writeChoice(options, { ...choice, ...part }));
  if (live.isPending) return <Skeleton h={180} mt="sm" />;
  if (live.isError) return <ErrorNote error={live.error} onRetry={() => void live.refetch()} />;

  const { nickname, privacy_options, video_max_s, notice } = live.data;
  const allowances = [
    { key: "allow_comment", label: "Comment", isOff: live.data.comment_disabled, isVideoOnly: false },
    { key: "allow_duet", label: "Duet", isOff: live.data.duet_disabled, isVideoOnly: true },
    { key: "allow_stitch", label: "Stitch", isOff: live.data.stitch_disabled, isVideoOnly: true },
  ] as const;
  const shownAllowances = allowances.filter(({ key, isVideoOnly }) => !isVideoOnly || hasVideo || choice[key]);

  return (
    <Stack gap="md" mt="sm" data-testid="tiktok-options">
      <Text size="sm" className="soft">
        Posting to TikTok as <b>{nickname || profile.name}</b>
      </Text>
      {hasVideo && video_max_s !== null && videoMs > video_max_s * 1000 && (
        <Alert color="red" icon={<IconInfoCircle aria-hidden />}>
          This account can post videos of up to {video_max_s} seconds.
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label="Who can see it"
          placeholder="Choose"
          required
          allowDeselect={false}
          data={privacy_options.map((level) => ({
            value: level,
            label: PRIVACY_NAMES[level] ?? level,
            disabled: level === "SELF_ONLY" && choice.branded_content,
          }))}
          description={choice.branded_content ? BRANDED_NOT_PRIVATE : undefined}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={choice.privacy_level}
          onChange={(privacy_level) => change({ privacy_level })}
          data-testid="tiktok-privacy"
        />
        <div role="group" aria-label="Allow users to">
          <Text size="sm" fw={600} mb={10}>
            Allow users to
          </Text>
          <Group gap="md">
            {shownAllowances.map(({ key, label, isOff }) => (
              <Tooltip key={key} label="Switched off in the TikTok account" disabled={!isOff}>
                <Checkbox
                  label={label}
                  disabled={isOff}
                  checked={choice[key] && !isOff}
                  onChange={(event) => change({ [key]: event.currentTarget.checked })}
                  data-testid={`tiktok-${key}`}
                />
              </Tooltip>
            ))}
          </Group>
        </div>
      </SimpleGrid>
      <Stack gap="xs">
        <Switch
          label="Disclose commercial content"
          description="Turn on if this post promotes goods or services in exchange for something of value."
          checked={choice.discloses_commercial}
          onChange={(event) => change({ discloses_commercial: event.currentTarget.checked })}
          data-testid="tiktok-disclose"
        />
        {choice.discloses_commercial && (
          <Tooltip label={DISCLOSURE_NEEDED} disabled={choice.your_brand || choice.branded_content}>
            <Stack gap="xs" pl={46}>
              <Checkbox
                label="Your brand"
                description={`You are promoting yourself or your own business. Your ${hasVideo ? "video" : "photo"} will be labeled as 'Promotional content'.`}
                checked={choice.your_brand}
                onChange={(event) => change({ your_brand: event.currentTarget.checked })}
                data-testid="tiktok-your-brand"
              />
              <Checkbox
                label="Branded content"
                disabled={choice.privacy_level === "SELF_ONLY"}
                description={
                  choice.privacy_level === "SELF_ONLY"
                    ? BRANDED_NOT_PRIVATE
                    : `You are promoting another brand or a third party. Your ${hasVideo ? "video" : "photo"} will be labeled as 'Paid partnership'.`
                }
                checked={choice.branded_content}
                onChange={(event) => change({ branded_content: event.currentTarget.checked })}
                data-testid="tiktok-branded"
              />
              {!choice.your_brand && !choice.branded_content && (
                <Text size="sm" c="red">
                  {DISCLOSURE_NEEDED}
                </Text>
              )}
            </Stack>
          </Tooltip>
        )}
        <Switch
          label="AI-generated content"
          description="TikTok labels it as created with AI."
          checked={choice.is_aigc}
          onChange={(event) => change({ is_aigc: event.currentTarget.checked })}
          data-testid="tiktok-ai"
        />
      </Stack>
      <Text size="xs" className="soft">
        <Agreement
          {...(choice.discloses_commercial && choice.branded_content
            ? live.data.branded_declaration
            : live.data.declaration)}
        />{" "}
        {notice}
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
