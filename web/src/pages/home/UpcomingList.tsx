import { Group, Stack, Text } from "@mantine/core";
import { Link } from "wouter";
import type { CalendarEntry } from "@/api/types";
import { ProfileFaces } from "@/ui/NetworkGlyph";
import { StateChip } from "@/ui/StateChip";
import { Thumbnail } from "@/ui/Thumbnail";
import { relativeDay, wallClock } from "@/ui/time";
import { useFaces } from "@/ui/useFaces";
import classes from "@/pages/home/Home.module.css";

export function UpcomingList({ entries, zone }: { entries: CalendarEntry[]; zone: string }) {
  const faces = useFaces();
  const days = Map.groupBy(entries, (entry) => relativeDay(entry.local_time, zone));
  return (
    <Stack gap="sm">
      {[...days].map(([day, posts]) => (
        <section key={day} aria-label={day}>
          <Text size="sm" fw={650} className="soft" px="xs" mb={2}>
            {day}
          </Text>
          {posts.map((entry) => (
            <Link key={entry.post_id} href={`/posts/${entry.post_id}`} className="row-link" data-testid="upcoming">
              <Group wrap="nowrap" gap="sm" px="xs" py={8}>
                <Text fw={600} className={`numeric ${classes.time}`}>
                  {wallClock(entry.local_time)}
                </Text>
                <Thumbnail url={entry.thumbnail_url} size={42} />
                <Stack gap={2} flex={1} miw={0} align="flex-start">
                  <Text className="clamp-1" size="sm" fw={550}>
                    {entry.caption || "Without a caption"}
                  </Text>
                  <StateChip state={entry.state} size="sm" />
                </Stack>
                <ProfileFaces profiles={faces(entry)} size={26} max={3} />
              </Group>
            </Link>
          ))}
        </section>
      ))}
    </Stack>
  );
}
