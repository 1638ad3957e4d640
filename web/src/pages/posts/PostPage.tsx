import { Anchor, Card, Grid, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft, IconRobot } from "@tabler/icons-react";
import { Link } from "wouter";
import { usePost } from "@/api/posts";
import { ApprovalCard } from "@/pages/posts/ApprovalCard";
import { DeliveryCard } from "@/pages/posts/DeliveryCard";
import { PostActions } from "@/pages/posts/PostActions";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeader } from "@/ui/PageHeader";
import { optionsFor, previewsOf } from "@/ui/preview/content";
import { PreviewTabs } from "@/ui/preview/PreviewTabs";
import { inOrder } from "@/ui/states";
import { StateChip } from "@/ui/StateChip";
import { fromNow, wallMoment, zoneName, zoneOffset } from "@/ui/time";
import { FORMAT_NAMES, plural } from "@/ui/words";

export default function PostPage({ id }: { id: string }) {
  const query = usePost(id);
  if (query.isError) return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) {
    return (
      <Stack aria-busy="true">
        <Skeleton h={36} w={260} />
        <Skeleton h={400} />
      </Stack>
    );
  }
  const post = query.data;
  const previews = previewsOf(post);
  return (
    <div data-testid="post" data-state={post.state}>
      <Anchor
        component={Link}
        href="/posts"
        size="sm"
        c="dimmed"
        mb={6}
        display="inline-flex"
        style={{ alignItems: "center", gap: 4 }}
      >
        <IconArrowLeft size={15} aria-hidden /> Posts
      </Anchor>
      <PageHeader
        title={FORMAT_NAMES[post.format]}
        hint={
          <Group gap={8}>
            <StateChip state={post.state} />
            <span>
              by {post.author}, {fromNow(post.created_at)}
            </span>
          </Group>
        }
      >
        <PostActions post={post} />
      </PageHeader>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7.5 }} order={{ base: 2, lg: 1 }}>
          <Stack gap="md">
            <Card>
              <Text size="sm" className="soft">
                {post.local_time ? "When" : "No time yet"}
              </Text>
              {post.local_time && (
                <>
                  <Title order={2} className="numeric" data-testid="post-time">
                    {wallMoment(post.local_time)}
                  </Title>
                  <Text size="sm" className="soft">
                    {zoneName(post.time_zone)} time (
                    {zoneOffset(post.time_zone, post.due_at ? new Date(post.due_at) : new Date())})
                    {post.due_at && ` · ${fromNow(post.due_at)}`}
                  </Text>
                </>
              )}
              {post.origin === "creative" && (
                <Group gap={6} mt="sm" wrap="nowrap">
                  <IconRobot size={17} className="soft" aria-hidden />
                  <Text size="sm">{post.origin_note ?? "Sent in by a program"}</Text>
                </Group>
              )}
            </Card>
            <ApprovalCard post={post} />
            <section aria-label="Deliveries">
              <Title order={2} mb="sm" mt="xs">
                {plural(post.deliveries.length, "profile")}
              </Title>
              <Stack gap="md">
                {inOrder(post.deliveries).map((delivery) => (
                  <DeliveryCard
                    key={delivery.id}
                    delivery={delivery}
                    options={optionsFor(post, delivery.profile.id)}
                    zone={post.time_zone}
                  />
                ))}
              </Stack>
            </section>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4.5 }} order={{ base: 1, lg: 2 }}>
          <Card>
            {previews.length > 0 ? (
              <PreviewTabs contents={previews} />
            ) : (
              <Text className="soft">{post.caption || "No caption, no profile yet."}</Text>
            )}
          </Card>
        </Grid.Col>
      </Grid>
    </div>
  );
}
