import { Group, Progress, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { MetricKey, Report } from "@/api/types";
import { NetworkGlyph } from "@/ui/NetworkGlyph";
import { METRIC_NAMES, NETWORK_NAMES, count, plural } from "@/ui/words";

const CHOICES = ["views", "likes", "comments"] as const satisfies readonly MetricKey[];

export function NetworkBars({ networks }: { networks: Report["by_network"] }) {
  const [metric, setMetric] = useState<MetricKey>("views");
  const most = Math.max(1, ...networks.map(({ metrics }) => metrics[metric] ?? 0));
  return (
    <>
      <Group justify="space-between" mb="md">
        <Title order={3}>By network</Title>
        <SegmentedControl
          size="xs"
          aria-label="Number"
          data={CHOICES.map((value) => ({ value, label: METRIC_NAMES[value] }))}
          value={metric}
          onChange={(value) => setMetric(value as MetricKey)}
        />
      </Group>
      <Stack gap="lg">
        {networks.map(({ network, deliveries, metrics }) => (
          <div key={network}>
            <Group justify="space-between" mb={6}>
              <Group gap={8}>
                <NetworkGlyph network={network} size={18} />
                <Text fw={600} size="sm">
                  {NETWORK_NAMES[network]}
                </Text>
                <Text size="sm" className="soft">
                  {plural(deliveries, "post")}
                </Text>
              </Group>
              <Text fw={650} className="numeric">
                {count(metrics[metric])}
              </Text>
            </Group>
            <Progress
              value={((metrics[metric] ?? 0) / most) * 100}
              color={`var(--${network})`}
              size="lg"
              radius="sm"
              aria-label={`${NETWORK_NAMES[network]}, ${METRIC_NAMES[metric]}`}
            />
          </div>
        ))}
      </Stack>
    </>
  );
}
