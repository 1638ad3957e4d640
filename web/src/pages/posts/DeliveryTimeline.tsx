import { Group, Skeleton, Text, Timeline } from "@mantine/core";
import { useDelivery } from "@/api/posts";
import { ErrorNote } from "@/ui/ErrorNote";
import { SignedHash } from "@/ui/SignedHash";
import { wallDay, wallOf } from "@/ui/time";

/** Every step that was taken, from the journal. */
export function DeliveryTimeline({
  deliveryId,
  isMoving,
  zone,
}: {
  deliveryId: string;
  isMoving: boolean;
  zone: string;
}) {
  const delivery = useDelivery(deliveryId, isMoving, true);
  if (delivery.isError) return <ErrorNote error={delivery.error} onRetry={() => void delivery.refetch()} />;
  if (delivery.isPending) return <Skeleton h={90} mt="sm" />;
  const { timeline, content_hash } = delivery.data;
  if (timeline.length === 0) {
    return (
      <Text size="sm" className="soft" mt="sm">
        Nothing has been sent yet.
      </Text>
    );
  }
  return (
    <>
      <Timeline mt="md" bulletSize={10} lineWidth={2} active={timeline.length} data-testid="timeline">
        {timeline.map(({ at, kind, step, message }, place) => {
          const moment = wallOf(at, zone);
          const before = timeline[place - 1];
          const isNewDay = !before || wallOf(before.at, zone).slice(0, 10) !== moment.slice(0, 10);
          return (
            <Timeline.Item key={`${at} ${place}`} mt="sm" data-testid="timeline-entry" data-kind={kind}>
              <Text size="sm" mt={-5} style={{ overflowWrap: "anywhere" }}>
                {message}
              </Text>
              <Text size="xs" className="soft numeric">
                {isNewDay && `${wallDay(moment)}, `}
                {moment.slice(11)}
                {step && ` · ${step.replaceAll("_", " ")}`}
              </Text>
            </Timeline.Item>
          );
        })}
      </Timeline>
      {content_hash && (
        <Group mt="sm">
          <SignedHash hash={content_hash} />
        </Group>
      )}
    </>
  );
}
