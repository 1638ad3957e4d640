import { ActionIcon, Button, Menu } from "@mantine/core";
import {
  IconCalendarClock,
  IconCalendarOff,
  IconCopy,
  IconDots,
  IconPencil,
  IconRosetteDiscountCheck,
  IconSend,
  IconTrash,
  IconX,
} from "@tabler/icons-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { usePostAction, useRemovePost, useSchedulePost } from "@/api/posts";
import type { Post } from "@/api/types";
import { useRights } from "@/app/account";
import { RescheduleDialog } from "@/pages/posts/RescheduleDialog";
import { ButtonLink } from "@/ui/ButtonLink";
import { useConfirm } from "@/ui/Confirm";
import { CAN_EDIT } from "@/ui/states";

/** What can be done with the whole post in its present state. */
export function PostActions({ post }: { post: Post }) {
  const { canWrite } = useRights();
  const [, navigate] = useLocation();
  const [confirmation, confirm] = useConfirm();
  const [isPicking, setPicking] = useState(false);
  const unschedule = usePostAction("unschedule", "Taken off the schedule.");
  const cancel = usePostAction("cancel", "Cancelled.");
  const withdraw = usePostAction("withdraw", "Withdrawn from approval.");
  const submit = usePostAction("submit", "Sent for approval.");
  const duplicate = usePostAction("duplicate", "Copied into a new draft.", (copy) => navigate(`/compose/${copy.id}`));
  const remove = useRemovePost(() => navigate("/posts"));
  const publish = useSchedulePost("On its way.");
  if (!canWrite) return null;

  const { id, state } = post;
  const isEarly = ["draft", "rejected", "approved"].includes(state);
  const mayGo = state === "approved" || (isEarly && !post.needs_approval);
  const canReschedule = mayGo || state === "scheduled";
  const canCancel = ["scheduled", "blocked", "failed", "publishing"].includes(state);

  return (
    <>
      {confirmation}
      <RescheduleDialog post={post} isOpen={isPicking} onClose={() => setPicking(false)} />
      {CAN_EDIT.includes(state) && (
        <ButtonLink
          href={`/compose/${id}`}
          variant="default"
          leftSection={<IconPencil size={16} aria-hidden />}
          data-testid="edit"
        >
          Edit
        </ButtonLink>
      )}
      {isEarly && !mayGo && (
        <Button
          leftSection={<IconRosetteDiscountCheck size={16} aria-hidden />}
          loading={submit.isRunning}
          onClick={() => submit.run({ id })}
          data-testid="submit"
        >
          Send for approval
        </Button>
      )}
      {canReschedule && (
        <Button
          variant={mayGo ? "filled" : "default"}
          leftSection={<IconCalendarClock size={16} aria-hidden />}
          onClick={() => setPicking(true)}
          data-testid="reschedule"
        >
          {state === "scheduled" ? "Reschedule" : "Schedule"}
        </Button>
      )}
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions" data-testid="post-menu">
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {canReschedule && (
            <Menu.Item
              leftSection={<IconSend size={16} aria-hidden />}
              onClick={() =>
                confirm({
                  title: "Publish it now?",
                  text: "It goes out to every chosen profile at once.",
                  act: "Publish now",
                  run: () => publish.run({ id, now: true }),
                })
              }
              data-testid="publish-now"
            >
              Publish now
            </Menu.Item>
          )}
          {state === "awaiting_approval" && (
            <Menu.Item
              leftSection={<IconX size={16} aria-hidden />}
              onClick={() => withdraw.run({ id })}
              data-testid="withdraw"
            >
              Withdraw from approval
            </Menu.Item>
          )}
          {state === "scheduled" && (
            <Menu.Item
              leftSection={<IconCalendarOff size={16} aria-hidden />}
              onClick={() => unschedule.run({ id })}
              data-testid="unschedule"
            >
              Take off the schedule
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconCopy size={16} aria-hidden />}
            onClick={() => duplicate.run({ id })}
            data-testid="duplicate"
          >
            Duplicate
          </Menu.Item>
          {canCancel && (
            <Menu.Item
              color="red"
              leftSection={<IconX size={16} aria-hidden />}
              onClick={() =>
                confirm({
                  title: "Cancel this post?",
                  text: "What is not live yet will not go out.",
                  act: "Cancel the post",
                  isHarmful: true,
                  run: () => cancel.run({ id }),
                })
              }
              data-testid="cancel"
            >
              Cancel the post
            </Menu.Item>
          )}
          {(state === "draft" || state === "rejected") && (
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() =>
                confirm({
                  title: "Delete this draft?",
                  text: "It cannot be brought back.",
                  act: "Delete",
                  isHarmful: true,
                  run: () => remove.run(id),
                })
              }
              data-testid="delete"
            >
              Delete
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
