import { SegmentedControl, Stack, Text } from "@mantine/core";
import type { Format, NetworkInfo } from "@/api/types";
import { FORMAT_NAMES, noFormat } from "@/ui/words";

const FORMATS: Format[] = ["feed", "reel", "story"];

interface FormatPickerProps {
  value: Format;
  networks: NetworkInfo[];
  onChange: (format: Format) => void;
}

export function FormatPicker({ value, networks, onChange }: FormatPickerProps) {
  const notes = networks.flatMap(({ key, name, formats, missing_formats }) => {
    const note = formats[value] ? formats[value].note : (missing_formats[value] ?? noFormat(name, value));
    return note ? [{ key, note }] : [];
  });
  return (
    <Stack gap={6}>
      <SegmentedControl
        fullWidth
        aria-label="Type of post"
        data={FORMATS.map((format) => ({ value: format, label: FORMAT_NAMES[format] }))}
        value={value}
        onChange={(format) => onChange(format as Format)}
        data-testid="format"
      />
      {notes.map(({ key, note }) => (
        <Text key={key} size="xs" className="soft">
          {note}
        </Text>
      ))}
    </Stack>
  );
}
