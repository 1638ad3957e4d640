import { Card, Group, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconRosetteDiscountCheck } from "@tabler/icons-react";
import type { Post } from "@/api/types";
import { useRights } from "@/app/account";
import { DecisionButtons } from "@/ui/DecisionButtons";
import { SignedHash } from "@/ui/SignedHash";
import { fromNow } from "@/ui/time";

const HEADINGS = {
  pending: "Awaiting approval",
  approved: "Approved",
  rejected: "Changes asked for",
  withdrawn: "Withdrawn",
  none: "No approval",
} as const;
const COLOURS = { pending: "honey", approved: "pine", rejected: "clay", withdrawn: "slate", none: "slate" } as const;

/** Who asked, who decided, and what exactly was signed. */
export function ApprovalCard({ post }: { post: Post }) {
  const { isAdministrator } = useRights();
  const { approval } = post;
  if (!approval) return null;
  return (
    <Card data-testid="approval" data-state={approval.state}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <ThemeIcon size={38} variant="light" color={COLOURS[approval.state]}>
          <IconRosetteDiscountCheck size={21} stroke={1.7} aria-hidden />
        </ThemeIcon>
        <Stack gap={4} flex={1} miw={0}>
          <Title order={3}>{HEADINGS[approval.state]}</Title>
          <Text size="sm">
            Asked for by {approval.requested_by}, {fromNow(approval.requested_at)}
            {approval.request_note && `: “${approval.request_note}”`}
          </Text>
          {approval.decided_by && approval.decided_at && (
            <Text size="sm">
              Decided by {approval.decided_by}, {fromNow(approval.decided_at)}
              {approval.decision_note && `: “${approval.decision_note}”`}
            </Text>
          )}
          {approval.state === "approved" && (
            <Group gap={6}>
              {[...new Set(Object.values(approval.content_hashes))].map((hash) => (
                <SignedHash key={hash} hash={hash} />
              ))}
            </Group>
          )}
          {approval.state === "pending" && (
            <Group mt="xs">
              {isAdministrator ? (
                <DecisionButtons postId={post.id} />
              ) : (
                <Text size="sm" className="soft">
                  An administrator has to decide.
                </Text>
              )}
            </Group>
          )}
        </Stack>
      </Group>
    </Card>
  );
}
