import { Tooltip, Text } from "@mantine/core";
import { duration } from "@/ui/time";

const ON_TIME_MS = 60_000;

/** From the due time to the moment the post was live. */
export function Lateness({ ms }: { ms: number | null }) {
  if (ms === null) return null;
  return (
    <Tooltip label="From the planned time to the moment it was live">
      <Text
        size="sm"
        className="numeric"
        c={`var(--mantine-color-${ms <= ON_TIME_MS ? "leaf" : "clay"}-light-color)`}
        fw={600}
        data-testid="lateness"
      >
        +{duration(ms)}
      </Text>
    </Tooltip>
  );
}
