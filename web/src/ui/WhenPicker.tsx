import { Button, Group, Stack, Text } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { useMediaQuery } from "@mantine/hooks";
import { IconClock, IconWorld } from "@tabler/icons-react";
import {
  addDays,
  fromNow,
  instantOf,
  longDay,
  ownZone,
  today,
  wallClock,
  wallMoment,
  wallOf,
  zoneName,
  zoneOffset,
} from "@/ui/time";

interface WhenPickerProps {
  value: string | null;
  zone: string;
  onChange: (localTime: string | null) => void;
}

function suggestions(zone: string): { label: string; at: string }[] {
  const now = today(zone);
  const weekday = new Date(`${now}T00:00:00Z`).getUTCDay();
  const monday = addDays(now, (8 - weekday) % 7 || 7);
  return [
    { label: "Tomorrow 09:00", at: `${addDays(now, 1)}T09:00:00` },
    { label: "Tomorrow 18:00", at: `${addDays(now, 1)}T18:00:00` },
    { label: "Monday 09:00", at: `${monday}T09:00:00` },
  ];
}

/** A wall-clock time in the account's zone. */
export function WhenPicker({ value, zone, onChange }: WhenPickerProps) {
  const isPhone = useMediaQuery("(max-width: 48em)");
  const instant = value ? instantOf(value, zone) : null;
  return (
    <Stack gap="sm">
      <Group align="flex-end" gap="sm">
        <DateTimePicker
          label="Date and time"
          placeholder="Choose when it goes out"
          valueFormat="ddd, D MMM YYYY, HH:mm"
          value={value ? value.replace("T", " ") : null}
          onChange={(picked) => onChange(picked ? `${picked.replace(" ", "T").slice(0, 16)}:00` : null)}
          minDate={today(zone)}
          defaultTimeValue="09:00"
          timePickerProps={{ format: "24h", withDropdown: true, popoverProps: { withinPortal: false } }}
          dropdownType={isPhone ? "modal" : "popover"}
          leftSection={<IconClock size={17} stroke={1.7} aria-hidden />}
          clearable
          flex={1}
          miw={250}
          data-testid="when"
        />
        <Group gap={6} c="dimmed" mih={36}>
          <IconWorld size={16} aria-hidden />
          <Text size="sm" data-testid="zone">
            {zoneName(zone)} time ({zoneOffset(zone, instant ?? new Date())})
          </Text>
        </Group>
      </Group>
      <Group gap={6}>
        {suggestions(zone).map(({ label, at }) => (
          <Button key={at} size="compact-sm" variant={value === at ? "light" : "default"} onClick={() => onChange(at)}>
            {label}
          </Button>
        ))}
      </Group>
      {instant && value && (
        <Text size="sm" className="soft" aria-live="polite">
          {longDay(value.slice(0, 10))}, {wallClock(value)} – {fromNow(instant.toISOString())}
          {ownZone !== zone &&
            wallOf(instant, ownZone).slice(0, 16) !== value.slice(0, 16) &&
            ` (${wallMoment(wallOf(instant, ownZone))} where you are)`}
        </Text>
      )}
    </Stack>
  );
}
