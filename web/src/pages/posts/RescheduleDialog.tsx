import { Button, Group, Modal } from "@mantine/core";
import { useState } from "react";
import { useSchedulePost } from "@/api/posts";
import type { Post } from "@/api/types";
import { ErrorNote } from "@/ui/ErrorNote";
import { WhenPicker } from "@/ui/WhenPicker";

export function RescheduleDialog({ post, isOpen, onClose }: { post: Post; isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={post.state === "scheduled" ? "Reschedule" : "Schedule"} size="md">
      <Form post={post} onClose={onClose} />
    </Modal>
  );
}

function Form({ post, onClose }: { post: Post; onClose: () => void }) {
  const [when, setWhen] = useState(post.local_time);
  const schedule = useSchedulePost("Scheduled. It goes out by itself.", { onDone: onClose, isQuiet: true });
  return (
    <>
      <WhenPicker value={when} zone={post.time_zone} onChange={setWhen} />
      {schedule.error && <ErrorNote error={schedule.error} />}
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose}>
          Go back
        </Button>
        <Button
          disabled={!when}
          loading={schedule.isRunning}
          onClick={() => when && schedule.run({ id: post.id, local_time: when, time_zone: post.time_zone })}
          data-testid="confirm-schedule"
        >
          Schedule
        </Button>
      </Group>
    </>
  );
}
