import { Group, Text, Textarea } from "@mantine/core";
import type { Format, NetworkInfo } from "@/api/types";
import { captionLength, hashtagCount } from "@/pages/compose/draft";
import { NetworkGlyph } from "@/ui/NetworkGlyph";

interface CountersProps {
  text: string;
  format: Format;
  networks: NetworkInfo[];
}

/** How much of each network's room the caption takes. */
export function CaptionCounters({ text, format, networks }: CountersProps) {
  const hashtags = hashtagCount(text);
  return (
    <Group gap="md" mih={20} mt={6} data-testid="caption-counters">
      {networks.map(({ key, name, caption_unit, formats, hashtags_max }) => {
        const rules = formats[format];
        if (!rules) return null;
        const max = rules.caption_max;
        if (max === 0) {
          return (
            <Group key={key} gap={5}>
              <NetworkGlyph network={key} size={14} />
              <Text size="xs" className="soft">
                shows no caption
              </Text>
            </Group>
          );
        }
        const length = captionLength(text, caption_unit);
        const isOver = max !== null && length > max;
        const hasTooManyTags = hashtags_max !== null && hashtags > hashtags_max;
        return (
          <Group key={key} gap={5} aria-label={`${name}: ${length} of ${max ?? "any number of"} characters`}>
            <NetworkGlyph network={key} size={14} />
            <Text size="xs" className={isOver ? "numeric" : "soft numeric"} {...(isOver ? { c: "red", fw: 700 } : {})}>
              {length}
              {max !== null && ` / ${max}`}
            </Text>
            {hashtags_max !== null && hashtags > 0 && (
              <Text
                size="xs"
                className={hasTooManyTags ? "numeric" : "soft numeric"}
                {...(hasTooManyTags ? { c: "red", fw: 700 } : {})}
              >
                · {hashtags} / {hashtags_max} #
              </Text>
            )}
          </Group>
        );
      })}
    </Group>
  );
}

interface CaptionEditorProps {
  value: string;
  format: Format;
  networks: NetworkInfo[];
  onChange: (caption: string) => void;
}

export function CaptionEditor({ value, format, networks, onChange }: CaptionEditorProps) {
  return (
    <>
      <Textarea
        label="Caption"
        placeholder="What do you want to say?"
        autosize
        minRows={5}
        maxRows={16}
        size="md"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        data-testid="caption"
      />
      <CaptionCounters text={value} format={format} networks={networks} />
    </>
  );
}
