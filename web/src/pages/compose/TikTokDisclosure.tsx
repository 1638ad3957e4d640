import { Checkbox, Stack, Switch, Text } from "@mantine/core";
import { BRANDED_NOT_PRIVATE, DISCLOSURE_NEEDED, type TikTokChoice } from "@/pages/compose/tiktok";

interface TikTokDisclosureProps {
  choice: TikTokChoice;
  hasVideo: boolean;
  onChange: (part: Partial<TikTokChoice>) => void;
}

/** What the post promotes, and whether it was made with AI. TikTok labels it accordingly. */
export function TikTokDisclosure({ choice, hasVideo, onChange }: TikTokDisclosureProps) {
  const isPrivate = choice.privacy_level === "SELF_ONLY";
  const labeled = (label: string) => `Your ${hasVideo ? "video" : "photo"} will be labeled as '${label}'`;
  return (
    <Stack gap="xs">
      <Switch
        label="Disclose commercial content"
        description="Turn on if this post promotes goods or services in exchange for something of value."
        checked={choice.discloses_commercial}
        onChange={(event) => onChange({ discloses_commercial: event.currentTarget.checked })}
        data-testid="tiktok-disclose"
      />
      {choice.discloses_commercial && (
        <Stack gap="xs" pl={46} role="group" aria-label="What it promotes">
          <Checkbox
            label="Your brand"
            description={`You are promoting yourself or your own business. ${labeled(choice.branded_content ? "Paid partnership" : "Promotional content")}`}
            checked={choice.your_brand}
            onChange={(event) => onChange({ your_brand: event.currentTarget.checked })}
            data-testid="tiktok-your-brand"
          />
          <Checkbox
            label="Branded content"
            disabled={isPrivate}
            description={
              isPrivate
                ? BRANDED_NOT_PRIVATE
                : `You are promoting another brand or a third party. ${labeled("Paid partnership")}`
            }
            checked={choice.branded_content}
            onChange={(event) => onChange({ branded_content: event.currentTarget.checked })}
            data-testid="tiktok-branded"
          />
          {!choice.your_brand && !choice.branded_content && (
            <Text size="sm" c="red">
              {DISCLOSURE_NEEDED}
            </Text>
          )}
        </Stack>
      )}
      <Switch
        label="AI-generated content"
        description="TikTok labels it as created with AI."
        checked={choice.is_aigc}
        onChange={(event) => onChange({ is_aigc: event.currentTarget.checked })}
        data-testid="tiktok-ai"
      />
    </Stack>
  );
}
