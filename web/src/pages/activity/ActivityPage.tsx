import { Button, Card, Center, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { IconHistory } from "@tabler/icons-react";
import { Link } from "wouter";
import { eventsPage, useAccountScope } from "@/api/account";
import type { AuditEvent } from "@/api/types";
import { useAccount } from "@/app/account";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeader } from "@/ui/PageHeader";
import { relativeDay, wallClock, wallOf } from "@/ui/time";

export default function ActivityPage() {
  const { path, key } = useAccountScope();
  const { time_zone: zone } = useAccount();
  const events = useInfiniteQuery({
    queryKey: key("events"),
    queryFn: ({ signal, pageParam }) => eventsPage(path("/events"), pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const items = events.data?.pages.flatMap((page) => page.items) ?? [];
  const days = Map.groupBy(items, (event) => relativeDay(wallOf(event.at, zone), zone));
  return (
    <>
      <PageHeader title="Activity" hint="Who did what, and what Postline did by itself." />
      {events.isError && <ErrorNote error={events.error} onRetry={() => void events.refetch()} />}
      {events.isPending && <Skeleton h={420} />}
      {events.isSuccess && items.length === 0 && (
        <Card>
          <EmptyState icon={IconHistory} title="Nothing has happened yet">
            Everything that is done in this account is kept here.
          </EmptyState>
        </Card>
      )}
      <Stack gap="lg">
        {[...days].map(([day, entries]) => (
          <Card key={day} component="section" aria-label={day}>
            <Title order={3} mb="xs">
              {day}
            </Title>
            {entries.map((event) => (
              <EventRow key={event.id} event={event} zone={zone} />
            ))}
          </Card>
        ))}
      </Stack>
      {events.hasNextPage && (
        <Center mt="md">
          <Button variant="default" loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            Show more
          </Button>
        </Center>
      )}
    </>
  );
}

function EventRow({ event, zone }: { event: AuditEvent; zone: string }) {
  const row = (
    <Group wrap="nowrap" gap="md" align="baseline" px="xs" py={7} data-testid="event" data-verb={event.verb}>
      <Text size="sm" className="soft numeric" style={{ flex: "none" }}>
        {wallClock(wallOf(event.at, zone))}
      </Text>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        <b>{event.actor}</b> · {event.message}
      </Text>
    </Group>
  );
  return event.subject_type === "post" ? (
    <Link href={`/posts/${event.subject_id}`} className="row-link">
      {row}
    </Link>
  ) : (
    row
  );
}
