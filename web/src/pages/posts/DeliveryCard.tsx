import {
  ActionIcon,
  Alert,
  Anchor,
  Box,
  Button,
  Card,
  Collapse,
  Group,
  SimpleGrid,
  Stack,
  Text,
  Tooltip,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconExternalLink, IconInfoCircle, IconRefresh } from "@tabler/icons-react";
import { useRetry } from "@/api/posts";
import type { Delivery, MetricKey, Options } from "@/api/types";
import { useRights } from "@/app/account";
import { DeliveryTimeline } from "@/pages/posts/DeliveryTimeline";
import { ResolveButtons } from "@/pages/posts/ResolveButtons";
import { ButtonLink } from "@/ui/ButtonLink";
import { Lateness } from "@/ui/Lateness";
import { ProfileFace } from "@/ui/NetworkGlyph";
import { OptionSummary } from "@/ui/options/OptionSummary";
import { DeliveryChip } from "@/ui/StateChip";
import { deliveryLook, isDeliveryMoving } from "@/ui/states";
import { duration, fromNow, instantMoment } from "@/ui/time";
import { METRIC_NAMES, NETWORK_NAMES, count } from "@/ui/words";
import classes from "@/pages/posts/Delivery.module.css";

interface DeliveryCardProps {
  delivery: Delivery;
  options: Options;
  zone: string;
}

/** One post on one profile: where it stands, why, and what can be done. */
export function DeliveryCard({ delivery, options, zone }: DeliveryCardProps) {
  const { canWrite, isAdministrator } = useRights();
  const isMoving = isDeliveryMoving(delivery);
  const [isOpen, timeline] = useDisclosure(isMoving && delivery.first_call_at !== null);
  const retry = useRetry();
  const { state, profile } = delivery;
  return (
    <Card p="md" data-testid="delivery" data-state={state} data-network={profile.network}>
      <Group gap="sm" className={classes.head!}>
        <ProfileFace profile={profile} size={38} />
        <div className={classes.who}>
          <Text fw={600} truncate>
            {profile.name}
          </Text>
          <Group gap="0 8px">
            <Text size="sm" className="soft numeric">
              {delivery.live_at ? `Live ${instantMoment(delivery.live_at, zone)}` : NETWORK_NAMES[profile.network]}
            </Text>
            <Lateness ms={delivery.lateness_ms} />
          </Group>
        </div>
        <div className={classes.state}>
          <DeliveryChip delivery={delivery} />
        </div>
        <Tooltip label="Timeline">
          <ActionIcon
            aria-label={`Timeline of ${profile.name} on ${NETWORK_NAMES[profile.network]}`}
            aria-expanded={isOpen}
            onClick={timeline.toggle}
            data-testid="timeline-toggle"
          >
            <IconChevronDown size={18} className={classes.chevron!} data-open={isOpen || undefined} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
      {delivery.reason && state !== "published" && (
        <Alert
          mt="sm"
          p="xs"
          color={deliveryLook(delivery).color}
          icon={<IconInfoCircle aria-hidden />}
          data-testid="reason"
        >
          {delivery.reason}
          {delivery.next_act_at && ` Next look ${fromNow(delivery.next_act_at)}.`}
        </Alert>
      )}
      {delivery.metrics && <Numbers delivery={delivery} />}
      {canWrite && state === "unconfirmed" && <ResolveButtons delivery={delivery} />}
      <Group gap="xs" className={classes.acts!}>
        {canWrite && (state === "failed" || state === "blocked") && (
          <Button
            size="xs"
            leftSection={<IconRefresh size={15} aria-hidden />}
            loading={retry.isRunning}
            onClick={() => retry.run(delivery.id)}
            data-testid="retry"
          >
            Try again
          </Button>
        )}
        {isAdministrator && state === "blocked" && (
          <ButtonLink href="/connections" size="xs" variant="light">
            Connections
          </ButtonLink>
        )}
        {delivery.permalink && (
          <Anchor
            href={delivery.permalink}
            target="_blank"
            rel="noreferrer"
            size="sm"
            fw={600}
            className={classes.permalink!}
            data-testid="permalink"
          >
            See it on {NETWORK_NAMES[profile.network]} <IconExternalLink size={15} aria-hidden />
          </Anchor>
        )}
      </Group>
      <Box mt="sm" className={classes.options!}>
        <OptionSummary network={profile.network} options={options} />
      </Box>
      <Collapse expanded={isOpen}>
        {isOpen && <DeliveryTimeline deliveryId={delivery.id} isMoving={isMoving} zone={zone} />}
      </Collapse>
    </Card>
  );
}

function Numbers({ delivery }: { delivery: Delivery }) {
  const metrics = delivery.metrics ?? {};
  const known = (Object.keys(METRIC_NAMES) as MetricKey[]).flatMap((metric) => {
    const value = metrics[metric] ?? null;
    return value === null ? [] : [{ metric, value }];
  });
  if (known.length === 0) return null;
  return (
    <Stack gap={4} mt="sm" data-testid="metrics">
      <SimpleGrid cols={{ base: 3, xs: 4 }} spacing={8}>
        {known.map(({ metric, value }) => (
          <div key={metric} className={classes.number}>
            <Text size="xs" className="soft">
              {METRIC_NAMES[metric]}
            </Text>
            <Text fw={650} className="numeric">
              {metric === "watch_time_ms" ? duration(value) : count(value)}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      {delivery.metrics_at && (
        <Text size="xs" className="soft">
          Numbers read {fromNow(delivery.metrics_at)}
        </Text>
      )}
    </Stack>
  );
}
