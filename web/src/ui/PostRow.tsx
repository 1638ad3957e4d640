import { Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Post } from "@/api/types";
import { ProfileFaces } from "@/ui/NetworkGlyph";
import { StateChip } from "@/ui/StateChip";
import { inOrder } from "@/ui/states";
import { PostThumbnail } from "@/ui/Thumbnail";
import { relativeDay, wallClock } from "@/ui/time";
import { FORMAT_NAMES } from "@/ui/words";

/** One post in a list; the whole row leads to it. */
export function PostRow({ post, extra }: { post: Post; extra?: ReactNode }) {
  const when = post.local_time
    ? `${relativeDay(post.local_time, post.time_zone)}, ${wallClock(post.local_time)}`
    : "No time yet";
  return (
    <Link href={`/posts/${post.id}`} className="row-link" data-testid="post-row" data-post={post.id}>
      <Group gap="md" wrap="nowrap" px="sm" py="sm">
        <PostThumbnail post={post} />
        <Stack gap={3} flex={1} miw={0}>
          <Text fw={550} className="clamp-1">
            {post.caption || "Without a caption"}
          </Text>
          <Group gap={8} wrap="wrap">
            <Text size="sm" className="soft numeric">
              {when} · {FORMAT_NAMES[post.format]}
            </Text>
            <StateChip state={post.state} size="sm" />
          </Group>
          {extra}
        </Stack>
        <Group visibleFrom="sm">
          <ProfileFaces profiles={inOrder(post.deliveries).map(({ profile }) => profile)} />
        </Group>
      </Group>
    </Link>
  );
}
