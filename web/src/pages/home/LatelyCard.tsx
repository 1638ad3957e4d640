import { Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconEye, IconHeart, IconMessageCircle } from "@tabler/icons-react";
import { Link } from "wouter";
import { usePostsIn } from "@/api/posts";
import type { MetricKey, Post } from "@/api/types";
import { ProfileFaces } from "@/ui/NetworkGlyph";
import { PostThumbnail } from "@/ui/Thumbnail";
import { fromNow } from "@/ui/time";
import { METRIC_NAMES, count } from "@/ui/words";

const SHOWN = [
  { metric: "views", icon: IconEye },
  { metric: "likes", icon: IconHeart },
  { metric: "comments", icon: IconMessageCircle },
] as const satisfies readonly { metric: MetricKey; icon: typeof IconEye }[];

/** The sum over all profiles; null while no network has reported the number. */
function total(post: Post, metric: MetricKey): number | null {
  const known = post.deliveries.flatMap(({ metrics }) => metrics?.[metric] ?? []);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : null;
}

/** The last few posts that went live, with their numbers. */
export function LatelyCard() {
  const posts = usePostsIn("published", 4).data?.items ?? [];
  if (posts.length === 0) return null;
  return (
    <Card data-testid="lately">
      <Title order={2} mb="sm">
        Lately live
      </Title>
      <Stack gap={2} mx={-8}>
        {posts.map((post) => (
          <Link key={post.id} href={`/posts/${post.id}`} className="row-link">
            <Group wrap="nowrap" gap="sm" p={8}>
              <PostThumbnail post={post} size={42} />
              <div style={{ flex: 1, minWidth: 0 }}>
                <Text size="sm" fw={550} className="clamp-1">
                  {post.caption || "Without a caption"}
                </Text>
                <Group gap={10}>
                  {SHOWN.map(({ metric, icon: Glyph }) => (
                    <Group key={metric} gap={4} className="soft">
                      <Glyph size={14} role="img" aria-label={METRIC_NAMES[metric]} />
                      <Text size="xs" className="numeric">
                        {count(total(post, metric))}
                      </Text>
                    </Group>
                  ))}
                  <Text size="xs" className="soft">
                    {post.due_at && fromNow(post.due_at)}
                  </Text>
                </Group>
              </div>
              <ProfileFaces profiles={post.deliveries.map(({ profile }) => profile)} size={24} max={3} />
            </Group>
          </Link>
        ))}
      </Stack>
    </Card>
  );
}
