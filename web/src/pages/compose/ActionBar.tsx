import { Button, Group, Menu, Text, Tooltip } from "@mantine/core";
import { IconCalendarCheck, IconDeviceFloppy, IconDots, IconRosetteDiscountCheck, IconSend } from "@tabler/icons-react";
import type { PostIn, Post, Problem, Profile } from "@/api/types";
import { useAccount } from "@/app/account";
import type { Draft } from "@/pages/compose/draft";
import { useSave, type Ending } from "@/pages/compose/useSave";
import { useTikTokObstacle } from "@/pages/compose/useTikTokObstacle";
import { ErrorNote } from "@/ui/ErrorNote";
import { wallMoment } from "@/ui/time";
import { plural } from "@/ui/words";
import classes from "@/pages/compose/Compose.module.css";

interface ActionBarProps {
  draft: Draft;
  postIn: PostIn;
  post: Post | null;
  isUploading: boolean;
  problems: Problem[];
  profiles: Profile[];
}

/** Why the post cannot be sent on its way yet; null: it can. */
function obstacle({ isUploading, problems, profiles }: ActionBarProps): string | null {
  if (isUploading) return "Wait until the upload is done.";
  if (profiles.length === 0) return "Choose a profile first.";
  const errors = problems.filter(({ severity }) => severity === "error").length;
  return errors > 0 ? `${plural(errors, "check")} to fix first.` : null;
}

export function ActionBar(props: ActionBarProps) {
  const { draft, postIn, post, isUploading } = props;
  const account = useAccount();
  const save = useSave(post);
  const busy = (ending: Ending) => save.isRunning && save.input?.ending === ending;
  const end = (ending: Ending) => save.run({ ending, postIn });
  const tiktok = useTikTokObstacle(draft, props.profiles);
  const why = tiktok.always ?? obstacle(props);
  const whyNow = why ?? tiktok.now;
  const isScheduled = post?.state === "scheduled";
  const needsApproval = (account.requires_approval || post?.needs_approval === true) && post?.state !== "approved";
  const noTime = draft.localTime ? null : "Choose a date and time first.";
  const status = why ?? (draft.localTime ? `Goes out ${wallMoment(draft.localTime)}` : "No time chosen yet");

  const send = (label: string, ending: Ending, glyph: typeof IconSend, block: string | null) => {
    const Glyph = glyph;
    return (
      <Tooltip label={block} disabled={block === null}>
        <span className={classes.send}>
          <Button
            disabled={block !== null}
            loading={busy(ending)}
            leftSection={<Glyph size={17} aria-hidden />}
            onClick={() => end(ending)}
            data-testid={ending}
          >
            {label}
          </Button>
        </span>
      </Tooltip>
    );
  };

  return (
    <div className={classes.bar} role="region" aria-label="Actions">
      {save.error && <ErrorNote error={save.error} />}
      <Group justify="space-between" gap="sm">
        <Text size="sm" className="soft" aria-live="polite">
          {status}
        </Text>
        <Group gap="xs" className={classes.barButtons!}>
          <Button
            variant="default"
            leftSection={<IconDeviceFloppy size={17} aria-hidden />}
            disabled={isUploading}
            loading={busy("save")}
            onClick={() => end("save")}
            data-testid="save"
          >
            {isScheduled ? "Save changes" : "Save draft"}
          </Button>
          {needsApproval ? (
            send("Send for approval", "submit", IconRosetteDiscountCheck, why)
          ) : (
            <>
              <Menu position="top-end" width={220}>
                <Menu.Target>
                  <Button
                    variant="default"
                    px="xs"
                    aria-label="More ways to send"
                    disabled={isUploading}
                    data-testid="more-ways"
                  >
                    <IconDots size={18} aria-hidden />
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    leftSection={<IconSend size={16} aria-hidden />}
                    disabled={whyNow !== null}
                    onClick={() => end("publish")}
                    data-testid="publish"
                  >
                    Publish now
                    {whyNow !== null && <Text size="xs">{whyNow}</Text>}
                  </Menu.Item>
                  {!isScheduled && (
                    <Menu.Item
                      leftSection={<IconRosetteDiscountCheck size={16} aria-hidden />}
                      disabled={why !== null}
                      onClick={() => end("submit")}
                      data-testid="submit"
                    >
                      Send for approval
                    </Menu.Item>
                  )}
                </Menu.Dropdown>
              </Menu>
              {send(isScheduled ? "Reschedule" : "Schedule", "schedule", IconCalendarCheck, why ?? noTime)}
            </>
          )}
        </Group>
      </Group>
    </div>
  );
}
