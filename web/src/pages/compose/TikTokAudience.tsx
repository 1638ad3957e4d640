import { Checkbox, Group, Input, Select, SimpleGrid, Text, Tooltip } from "@mantine/core";
import { BRANDED_NOT_PRIVATE, type TikTokChoice, type TikTokLive } from "@/pages/compose/tiktok";
import { choiceName } from "@/ui/options/names";

interface TikTokAudienceProps {
  choice: TikTokChoice;
  live: TikTokLive;
  hasVideo: boolean;
  onChange: (part: Partial<TikTokChoice>) => void;
}

/** Who may see the post, and what they may do with it. */
export function TikTokAudience({ choice, live, hasVideo, onChange }: TikTokAudienceProps) {
  const allowances = [
    { key: "allow_comment", label: "Comment", isOff: live.comment_disabled, isVideoOnly: false },
    { key: "allow_duet", label: "Duet", isOff: live.duet_disabled, isVideoOnly: true },
    { key: "allow_stitch", label: "Stitch", isOff: live.stitch_disabled, isVideoOnly: true },
  ] as const;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <Select
        label="Who can see it"
        placeholder="Choose"
        required
        allowDeselect={false}
        data={live.privacy_options.map((level) => ({
          value: level,
          label: choiceName(level),
          disabled: level === "SELF_ONLY" && choice.branded_content,
        }))}
        renderOption={({ option }) => (
          <Tooltip label={BRANDED_NOT_PRIVATE} disabled={!option.disabled}>
            <div>
              {option.label}
              {option.disabled && <Text size="xs">{BRANDED_NOT_PRIVATE}</Text>}
            </div>
          </Tooltip>
        )}
        value={choice.privacy_level}
        onChange={(privacy_level) => onChange({ privacy_level })}
        data-testid="tiktok-privacy"
      />
      <Input.Wrapper label="Allow users to" labelElement="div" role="group" aria-label="Allow users to">
        <Group gap="md" mih={36}>
          {allowances
            .filter(({ key, isVideoOnly }) => !isVideoOnly || hasVideo || choice[key])
            .map(({ key, label, isOff }) => (
              <Tooltip key={key} label="Switched off in the TikTok account" disabled={!isOff}>
                <Checkbox
                  label={label}
                  disabled={isOff}
                  checked={choice[key] && !isOff}
                  onChange={(event) => onChange({ [key]: event.currentTarget.checked })}
                  data-testid={`tiktok-${key}`}
                />
              </Tooltip>
            ))}
        </Group>
      </Input.Wrapper>
    </SimpleGrid>
  );
}
