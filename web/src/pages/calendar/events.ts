import type { EventApi, EventInput } from "@fullcalendar/react";
import type { CalendarEntry } from "@/api/types";
import { CAN_EDIT } from "@/ui/states";
import { wallOf } from "@/ui/time";

/** Events lie at the account's wall-clock time; the calendar itself runs in "UTC" and never converts. */
export function toEvent(entry: CalendarEntry, zone: string, canWrite: boolean): EventInput {
  return {
    id: entry.post_id,
    title: entry.caption,
    start: `${entry.due_at ? wallOf(entry.due_at, zone) : entry.local_time}Z`,
    startEditable: canWrite && CAN_EDIT.includes(entry.state),
    extendedProps: { entry },
    className: "post-event",
  };
}

export const entryOf = (event: EventApi): CalendarEntry => event.extendedProps.entry as CalendarEntry;
