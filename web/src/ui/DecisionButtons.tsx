import { Button, Group, Modal, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCheck, IconMessage2 } from "@tabler/icons-react";
import { useState } from "react";
import { usePostAction } from "@/api/posts";

/** Approve, or ask for changes with a note. */
export function DecisionButtons({ postId }: { postId: string }) {
  const [isOpen, dialog] = useDisclosure(false);
  const [note, setNote] = useState("");
  const approve = usePostAction("approve", "Approved.");
  const reject = usePostAction("reject", "Sent back with your note.", dialog.close);
  return (
    <>
      <Group gap="xs">
        <Button
          leftSection={<IconCheck size={17} aria-hidden />}
          loading={approve.isRunning}
          onClick={() => approve.run({ id: postId })}
          data-testid="approve"
        >
          Approve
        </Button>
        <Button
          variant="default"
          leftSection={<IconMessage2 size={17} aria-hidden />}
          onClick={dialog.open}
          data-testid="reject"
        >
          Ask for changes
        </Button>
      </Group>
      <Modal opened={isOpen} onClose={dialog.close} title="What should change?">
        <Textarea
          aria-label="Note for the author"
          placeholder="The author sees this note."
          autosize
          minRows={3}
          data-autofocus
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          data-testid="reject-note"
        />
        <Group justify="flex-end" mt="md" gap="xs">
          <Button variant="default" onClick={dialog.close}>
            Go back
          </Button>
          <Button
            color="clay"
            disabled={!note.trim()}
            loading={reject.isRunning}
            onClick={() => reject.run({ id: postId, note: note.trim() })}
            data-testid="confirm-reject"
          >
            Send it back
          </Button>
        </Group>
      </Modal>
    </>
  );
}
