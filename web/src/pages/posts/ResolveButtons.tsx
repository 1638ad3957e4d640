import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconCheck, IconSend, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useResolve } from "@/api/posts";
import type { Delivery } from "@/api/types";
import { useConfirm } from "@/ui/Confirm";
import { NETWORK_NAMES } from "@/ui/words";
import classes from "@/pages/posts/Delivery.module.css";

/** The network's answer was lost, so a person looks and says what they saw. */
export function ResolveButtons({ delivery }: { delivery: Delivery }) {
  const resolve = useResolve();
  const [permalink, setPermalink] = useState("");
  const [confirmation, confirm] = useConfirm();
  const network = NETWORK_NAMES[delivery.profile.network];
  return (
    <Stack gap="xs" mt="sm" className={classes.resolve!} data-testid="resolve">
      {confirmation}
      <Text size="sm">
        Please open {delivery.profile.name} on {network}. Is the post there? Until you say so, it is never sent again.
      </Text>
      <TextInput
        size="xs"
        aria-label="Link to the post"
        placeholder="Link to the post, if you have it"
        value={permalink}
        onChange={(event) => setPermalink(event.currentTarget.value)}
        data-testid="resolve-permalink"
      />
      <Group gap="xs">
        <Button
          size="xs"
          leftSection={<IconCheck size={15} aria-hidden />}
          loading={resolve.isRunning}
          onClick={() =>
            resolve.run({
              id: delivery.id,
              is_live: true,
              ...(permalink.trim() ? { permalink: permalink.trim() } : {}),
            })
          }
          data-testid="resolve-live"
        >
          It is live
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconSend size={15} aria-hidden />}
          disabled={resolve.isRunning}
          onClick={() =>
            confirm({
              title: "Send it again?",
              text: `Only do this when you have looked and the post is not on ${network}. Otherwise it would stand there twice.`,
              act: "It is not there, send it",
              run: () => resolve.run({ id: delivery.id, is_live: false }),
            })
          }
          data-testid="resolve-send"
        >
          It is not, send it
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconX size={15} aria-hidden />}
          disabled={resolve.isRunning}
          onClick={() =>
            confirm({
              title: "Give it up?",
              text: `Only do this when you have looked and the post is not on ${network}. Nothing is sent to ${delivery.profile.name} any more.`,
              act: "It is not there, give it up",
              isHarmful: true,
              run: () => resolve.run({ id: delivery.id, is_live: false, then: "cancel" }),
            })
          }
          data-testid="resolve-cancel"
        >
          It is not, give it up
        </Button>
      </Group>
    </Stack>
  );
}
