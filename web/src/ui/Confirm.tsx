import { Button, Group, Modal, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";

interface Question {
  title: string;
  text: string;
  /** The word on the button that does it. */
  act: string;
  isHarmful?: boolean;
  run: () => void;
}

/** Asks before something that cannot be undone. Returns the dialog to render, and the way to ask. */
export function useConfirm(): [ReactNode, (question: Question) => void] {
  const [question, ask] = useState<Question | null>(null);
  const close = () => ask(null);
  const dialog = (
    <Modal opened={question !== null} onClose={close} title={question?.title} size="sm">
      <Text size="sm" mb="lg">
        {question?.text}
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          Go back
        </Button>
        <Button
          data-autofocus
          color={question?.isHarmful ? "red" : "pine"}
          onClick={() => {
            question?.run();
            close();
          }}
          data-testid="confirm"
        >
          {question?.act}
        </Button>
      </Group>
    </Modal>
  );
  return [dialog, ask];
}
