import { notifications } from "@mantine/notifications";
import { useAction } from "@/api/action";
import { sentence } from "@/api/http";
import { usePostRequests } from "@/api/posts";
import type { CalendarEntry } from "@/api/types";
import { wallMoment } from "@/ui/time";

interface Move {
  entry: CalendarEntry;
  local_time: string;
  /** Puts the event back where it was. */
  revert: () => void;
}

/** The event already lies at its new place; a refusal puts it back and says why. */
export function useMoveEntry(zone: string) {
  const { change, schedule } = usePostRequests();
  return useAction({
    run: ({ entry, local_time }: Move, key) =>
      entry.state === "scheduled"
        ? schedule(entry.post_id, { local_time, time_zone: zone }, key)
        : change(entry.post_id, entry.version, { local_time, time_zone: zone }),
    done: (post) => `Moved to ${wallMoment(post.local_time ?? "")}.`,
    onRefused: (error, { revert }) => {
      revert();
      notifications.show({ title: "It stays where it was", message: sentence(error), color: "red", autoClose: 9000 });
    },
  });
}
