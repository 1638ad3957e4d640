import { Button, Card, Grid, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconArrowRight, IconCalendarPlus } from "@tabler/icons-react";
import { Link } from "wouter";
import { useCalendar } from "@/api/posts";
import type { CalendarEntry, PostState } from "@/api/types";
import { useAccount, useHere, useRights } from "@/app/account";
import { AttentionCard } from "@/pages/home/AttentionCard";
import { LatelyCard } from "@/pages/home/LatelyCard";
import { Onboarding } from "@/pages/home/Onboarding";
import { UpcomingList } from "@/pages/home/UpcomingList";
import { WeekStrip } from "@/pages/home/WeekStrip";
import { ButtonLink } from "@/ui/ButtonLink";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeader } from "@/ui/PageHeader";
import { addDays, longDay, today, wallOf, zoneName, zoneOffset } from "@/ui/time";

const DAYS_AHEAD = 14;
const FINISHED: readonly PostState[] = ["published", "partly_published", "failed", "cancelled"];

function greeting(zone: string): string {
  const hour = Number(wallOf(new Date(), zone).slice(11, 13));
  if (hour < 5) return "Still up";
  if (hour < 12) return "Good morning";
  return hour < 18 ? "Good afternoon" : "Good evening";
}

/** Still to come, or going out at this moment. */
const isAhead = ({ state, due_at }: CalendarEntry) =>
  state === "publishing" || (Date.parse(due_at) > Date.now() && !FINISHED.includes(state));

export function HomePage() {
  const account = useAccount();
  const { session } = useHere();
  const { canWrite } = useRights();
  const from = today(account.time_zone);
  const calendar = useCalendar(from, addDays(from, DAYS_AHEAD));
  const entries = calendar.data?.entries ?? [];
  const upcoming = entries.filter(isAhead);
  return (
    <>
      <PageHeader
        title={`${greeting(account.time_zone)}, ${session.user.name.split(" ")[0]}`}
        hint={`${longDay(from)} · ${zoneName(account.time_zone)}, ${zoneOffset(account.time_zone)}`}
      />
      <Stack gap="lg">
        <Onboarding />
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, lg: 7 }} order={{ base: 2, lg: 1 }}>
            <Card>
              <Group justify="space-between" mb="md">
                <Title order={2}>What is next</Title>
                <Button
                  component={Link}
                  href="/calendar"
                  variant="subtle"
                  size="xs"
                  rightSection={<IconArrowRight size={14} aria-hidden />}
                >
                  Calendar
                </Button>
              </Group>
              {calendar.isError && <ErrorNote error={calendar.error} onRetry={() => void calendar.refetch()} />}
              {calendar.isPending && <Skeleton h={330} />}
              {calendar.data && (
                <>
                  <WeekStrip from={from} entries={entries} />
                  {upcoming.length ? (
                    <UpcomingList entries={upcoming.slice(0, 7)} zone={account.time_zone} />
                  ) : (
                    <EmptyState icon={IconCalendarPlus} title="Nothing is planned yet" compact>
                      <Text className="soft" size="sm" mb="sm">
                        The next two weeks are free. A good week starts with one post.
                      </Text>
                      {canWrite && (
                        <ButtonLink href="/compose" variant="light" data-testid="home-compose">
                          Write a post
                        </ButtonLink>
                      )}
                    </EmptyState>
                  )}
                </>
              )}
            </Card>
          </Grid.Col>
          <Grid.Col span={{ base: 12, lg: 5 }} order={{ base: 1, lg: 2 }}>
            <Stack gap="lg">
              <AttentionCard />
              <LatelyCard />
            </Stack>
          </Grid.Col>
        </Grid>
      </Stack>
    </>
  );
}
