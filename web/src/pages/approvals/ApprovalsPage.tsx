import { Anchor, Box, Card, Grid, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconChecks } from "@tabler/icons-react";
import { Link } from "wouter";
import { useApprovals } from "@/api/posts";
import type { Post } from "@/api/types";
import { useRights } from "@/app/account";
import { DecisionButtons } from "@/ui/DecisionButtons";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { ProfileFace } from "@/ui/NetworkGlyph";
import { OptionSummary } from "@/ui/options/OptionSummary";
import { PageHeader } from "@/ui/PageHeader";
import { optionsFor, previewsOf } from "@/ui/preview/content";
import { PreviewTabs } from "@/ui/preview/PreviewTabs";
import { SignedHash } from "@/ui/SignedHash";
import { inOrder } from "@/ui/states";
import { fromNow, wallMoment, zoneName } from "@/ui/time";
import { FORMAT_NAMES, NETWORK_NAMES, plural } from "@/ui/words";

export default function ApprovalsPage() {
  const { isAdministrator } = useRights();
  const approvals = useApprovals();
  const posts = approvals.data?.items ?? [];
  return (
    <>
      <PageHeader
        title="Approvals"
        hint={
          posts.length
            ? plural(posts.length, "post waits.", "posts wait, the oldest first.")
            : "What is approved is exactly what is published."
        }
      />
      {approvals.isError && <ErrorNote error={approvals.error} onRetry={() => void approvals.refetch()} />}
      {approvals.isPending && <Skeleton h={420} />}
      {approvals.isSuccess && posts.length === 0 && (
        <Card>
          <EmptyState icon={IconChecks} title="Nothing waits for approval">
            Posts that are sent for approval, and creatives from AI Studio, appear here.
          </EmptyState>
        </Card>
      )}
      <Stack gap="lg">
        {posts.map((post) => (
          <ApprovalItem key={post.id} post={post} mayDecide={isAdministrator} />
        ))}
      </Stack>
    </>
  );
}

function ApprovalItem({ post, mayDecide }: { post: Post; mayDecide: boolean }) {
  const { approval } = post;
  return (
    <Card data-testid="approval-item" data-post={post.id}>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, sm: 5, lg: 4.5 }}>
          <PreviewTabs contents={previewsOf(post)} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 7, lg: 7.5 }}>
          <Stack gap="md" h="100%">
            <div>
              <Text size="sm" className="soft">
                {FORMAT_NAMES[post.format]}, goes out
              </Text>
              <Text fw={650} fz="lg" className="numeric">
                {post.local_time
                  ? `${wallMoment(post.local_time)}, ${zoneName(post.time_zone)} time`
                  : "No time yet: it waits for one after approval"}
              </Text>
            </div>
            {approval && (
              <div>
                <Text size="sm" className="soft">
                  {post.origin === "creative" ? "Sent in by a program" : "Asked for by"}
                </Text>
                <Text>
                  {approval.requested_by}, {fromNow(approval.requested_at)}
                </Text>
                {(approval.request_note ?? post.origin_note) && (
                  <Text mt={4}>“{approval.request_note ?? post.origin_note}”</Text>
                )}
              </div>
            )}
            <Stack gap={10}>
              {inOrder(post.deliveries).map(({ profile }) => {
                const hash = approval?.content_hashes[profile.id];
                return (
                  <div key={profile.id}>
                    <Group gap="sm" wrap="nowrap">
                      <ProfileFace profile={profile} size={30} />
                      <Text size="sm" fw={550} flex={1}>
                        {profile.name} on {NETWORK_NAMES[profile.network]}
                      </Text>
                      {hash && <SignedHash hash={hash} />}
                    </Group>
                    <Box pl={42} mt={4}>
                      <OptionSummary network={profile.network} options={optionsFor(post, profile.id)} />
                    </Box>
                  </div>
                );
              })}
            </Stack>
            <Group mt={{ base: 0, sm: "md" }} gap="md">
              {mayDecide ? (
                <DecisionButtons postId={post.id} />
              ) : (
                <Text className="soft">An administrator has to decide.</Text>
              )}
              <Anchor component={Link} href={`/posts/${post.id}`} size="sm">
                Open the post
              </Anchor>
            </Group>
          </Stack>
        </Grid.Col>
      </Grid>
    </Card>
  );
}
