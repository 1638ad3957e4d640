import { ActionIcon, Card, Group, Skeleton, Stack, Text, ThemeIcon, Title, Tooltip } from "@mantine/core";
import {
  IconAlertCircle,
  IconBell,
  IconCheck,
  IconCircleCheck,
  IconPlugOff,
  IconRosetteDiscountCheck,
  type Icon,
} from "@tabler/icons-react";
import { Link } from "wouter";
import { useConnections } from "@/api/connections";
import { useNotices, useReadNotice } from "@/api/notices";
import { useApprovals, usePostsIn } from "@/api/posts";
import { useRights } from "@/app/account";
import { useAlarms } from "@/app/attention";
import { EmptyState } from "@/ui/EmptyState";
import { POST_STATES } from "@/ui/states";
import { plural } from "@/ui/words";

interface Item {
  key: string;
  href: string;
  icon: Icon;
  color: string;
  title: string;
  text: string;
  /** Set where a person, and nothing else, can tell that it is done. */
  onRead?: () => void;
}

/** What waits for a person, the most urgent first. */
export function AttentionCard() {
  const { isAdministrator } = useRights();
  const alarms = useAlarms();
  const approvals = useApprovals();
  const rejected = usePostsIn("rejected");
  const connections = useConnections(isAdministrator);
  const notices = useNotices(isAdministrator);
  const read = useReadNotice();
  const isLoading = alarms.isPending || approvals.isPending;

  const items: Item[] = [];
  for (const post of alarms.data ?? []) {
    const reason = post.deliveries.find((delivery) => delivery.reason && delivery.state !== "published")?.reason;
    const look = POST_STATES[post.state];
    items.push({
      key: post.id,
      href: `/posts/${post.id}`,
      icon: IconAlertCircle,
      color: look.color,
      title: `${look.label}: ${post.caption || "a post without a caption"}`,
      text: reason ?? look.meaning,
    });
  }
  for (const connection of connections.data?.items ?? []) {
    if (connection.status !== "needs_reconnect") continue;
    items.push({
      key: connection.id,
      href: "/connections",
      icon: IconPlugOff,
      color: "plum",
      title: `Reconnect ${connection.provider_name} for ${connection.subject_name}`,
      text: connection.status_reason ?? "Its profiles cannot publish until then.",
    });
  }
  const waiting = approvals.data?.items.length ?? 0;
  if (waiting > 0) {
    items.push({
      key: "approvals",
      href: "/approvals",
      icon: IconRosetteDiscountCheck,
      color: "honey",
      title: `${plural(waiting, "post awaits", "posts await")} approval`,
      text: isAdministrator ? "Have a look, and approve or ask for changes." : "An administrator has to look at them.",
    });
  }
  for (const post of rejected.data?.items ?? []) {
    items.push({
      key: post.id,
      href: `/posts/${post.id}`,
      icon: IconAlertCircle,
      color: "clay",
      title: `Changes asked for: ${post.caption || "a post without a caption"}`,
      text: post.approval?.decision_note ?? "A reviewer sent it back.",
    });
  }
  for (const { id, path, subject, message } of notices.data?.items ?? []) {
    if (items.some(({ href }) => href === path)) continue;
    items.push({
      key: id,
      href: path,
      icon: IconBell,
      color: "slate",
      title: subject,
      text: message,
      onRead: () => read.run(id),
    });
  }

  return (
    <Card data-testid="attention">
      <Title order={2} mb="sm">
        Needs attention
      </Title>
      {isLoading && <Skeleton h={150} />}
      {!isLoading && items.length === 0 && (
        <EmptyState icon={IconCircleCheck} title="All is well" compact>
          Nothing waits for you. Posts go out by themselves.
        </EmptyState>
      )}
      <Stack gap={2} mx={-8}>
        {!isLoading &&
          items.map(({ key, href, icon: Glyph, color, title, text, onRead }) => (
            <Group key={key} wrap="nowrap" gap={4}>
              <Link href={href} className="row-link" style={{ flex: 1, minWidth: 0 }} data-testid="attention-item">
                <Group wrap="nowrap" align="flex-start" gap="sm" p={8}>
                  <ThemeIcon variant="light" color={color} size={34}>
                    <Glyph size={18} stroke={1.7} aria-hidden />
                  </ThemeIcon>
                  <div style={{ minWidth: 0 }}>
                    <Text size="sm" fw={600} className="clamp-1">
                      {title}
                    </Text>
                    <Text size="sm" className="soft clamp-2">
                      {text}
                    </Text>
                  </div>
                </Group>
              </Link>
              {onRead && (
                <Tooltip label="Mark as read">
                  <ActionIcon aria-label={`Mark as read: ${title}`} onClick={onRead} data-testid="read-notice">
                    <IconCheck size={17} aria-hidden />
                  </ActionIcon>
                </Tooltip>
              )}
            </Group>
          ))}
      </Stack>
    </Card>
  );
}
