import { Button, Checkbox, Group, Popover, Stack, Text } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { useProfiles } from "@/api/connections";
import type { CalendarEntry, NetworkKey } from "@/api/types";
import { NetworkGlyph } from "@/ui/NetworkGlyph";
import { NETWORK_NAMES } from "@/ui/words";

export interface CalendarFilter {
  networks: NetworkKey[];
  profiles: string[];
}

/** Nothing chosen: everything is shown. */
export function matches(entry: CalendarEntry, { networks, profiles }: CalendarFilter): boolean {
  return (
    entry.profiles.some(
      (profile) =>
        (networks.length === 0 || networks.includes(profile.network)) &&
        (profiles.length === 0 || profiles.includes(profile.id)),
    ) ||
    (networks.length === 0 && profiles.length === 0)
  );
}

interface CalendarFiltersProps {
  value: CalendarFilter;
  onChange: (filter: CalendarFilter) => void;
}

export function CalendarFilters({ value, onChange }: CalendarFiltersProps) {
  const profiles = useProfiles().data?.items.filter((profile) => profile.status !== "unbound") ?? [];
  const networks = [...new Set(profiles.map((profile) => profile.network))];
  const chosen = value.networks.length + value.profiles.length;
  return (
    <Popover position="bottom-end" width={270} shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant={chosen ? "light" : "default"}
          leftSection={<IconFilter size={16} aria-hidden />}
          data-testid="calendar-filter"
        >
          {chosen ? `Filter (${chosen})` : "Filter"}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Checkbox.Group
          label="Networks"
          value={value.networks}
          onChange={(chosenNetworks) => onChange({ ...value, networks: chosenNetworks as NetworkKey[] })}
        >
          <Stack gap={8}>
            {networks.map((network) => (
              <Checkbox
                key={network}
                value={network}
                label={
                  <Group gap={6}>
                    <NetworkGlyph network={network} /> {NETWORK_NAMES[network]}
                  </Group>
                }
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <Checkbox.Group
          mt="md"
          label="Profiles"
          value={value.profiles}
          onChange={(ids) => onChange({ ...value, profiles: ids })}
        >
          <Stack gap={8}>
            {profiles.map((profile) => (
              <Checkbox
                key={profile.id}
                value={profile.id}
                label={
                  <Group gap={6} wrap="nowrap">
                    <NetworkGlyph network={profile.network} /> {profile.name}
                  </Group>
                }
              />
            ))}
          </Stack>
        </Checkbox.Group>
        {profiles.length === 0 && (
          <Text size="sm" className="soft">
            Connect a profile first.
          </Text>
        )}
        {chosen > 0 && (
          <Button variant="subtle" size="xs" mt="sm" onClick={() => onChange({ networks: [], profiles: [] })}>
            Show everything
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
