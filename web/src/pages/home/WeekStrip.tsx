import { Text } from "@mantine/core";
import { Link } from "wouter";
import type { CalendarEntry } from "@/api/types";
import { POST_STATES } from "@/ui/states";
import { addDays, longDay, wallDay } from "@/ui/time";
import { plural } from "@/ui/words";
import classes from "@/pages/home/Home.module.css";

/** Seven days with a dot per post: the week at a glance. */
export function WeekStrip({ from, entries }: { from: string; entries: CalendarEntry[] }) {
  const days = Array.from({ length: 7 }, (_, place) => addDays(from, place));
  return (
    <div className={classes.week}>
      {days.map((day, place) => {
        const posts = entries.filter((entry) => entry.local_time.startsWith(day));
        const [weekday, date] = wallDay(`${day}T00:00:00`).replace(",", "").split(" ");
        return (
          <Link
            key={day}
            href={`/calendar?day=${day}`}
            className={classes.day}
            data-today={place === 0 || undefined}
            aria-label={`${longDay(day)}: ${plural(posts.length, "post")}`}
          >
            <Text size="xs" className="soft" component="span">
              {weekday}
            </Text>
            <Text fw={650} component="span" className="numeric">
              {date}
            </Text>
            <span className={classes.dots}>
              {posts.slice(0, 4).map((entry) => (
                <i
                  key={entry.post_id}
                  style={{ background: `var(--mantine-color-${POST_STATES[entry.state].color}-5)` }}
                />
              ))}
            </span>
          </Link>
        );
      })}
    </div>
  );
}
