import { Button, Card, Center, Chip, Divider, Group, ScrollArea, Skeleton, Stack, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch, IconStack2 } from "@tabler/icons-react";
import { Fragment, useState } from "react";
import { useSearchParams } from "wouter";
import { usePosts } from "@/api/posts";
import type { PostState } from "@/api/types";
import { useRights } from "@/app/account";
import { ButtonLink } from "@/ui/ButtonLink";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeader } from "@/ui/PageHeader";
import { PostRow } from "@/ui/PostRow";
import { POST_STATES } from "@/ui/states";

const SEARCH_DELAY_MS = 300;
const STATES = Object.keys(POST_STATES) as PostState[];

export default function PostsPage() {
  const { canWrite } = useRights();
  const [search, setSearch] = useSearchParams();
  const state = STATES.find((known) => known === search.get("state")) ?? "";
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text.trim(), SEARCH_DELAY_MS);
  const posts = usePosts(state, q);
  const items = posts.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = state !== "" || q !== "";
  return (
    <>
      <PageHeader title="Posts" hint="Everything that was written, newest first." />
      <Stack gap="sm">
        <TextInput
          placeholder="Search captions"
          aria-label="Search captions"
          leftSection={<IconSearch size={17} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          maw={420}
          data-testid="post-search"
        />
        <ScrollArea type="never" mx={-4} px={4}>
          <Chip.Group
            value={state}
            onChange={(value) => setSearch(value ? { state: String(value) } : {}, { replace: true })}
          >
            <Group gap={6} wrap="nowrap" role="group" aria-label="State" py={4}>
              <Chip value="" size="sm" variant="outline">
                All
              </Chip>
              {STATES.map((known) => (
                <Chip
                  key={known}
                  value={known}
                  size="sm"
                  variant="outline"
                  color={POST_STATES[known].color}
                  data-testid={`state-${known}`}
                >
                  {POST_STATES[known].label}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </ScrollArea>
        {posts.isError && <ErrorNote error={posts.error} onRetry={() => void posts.refetch()} />}
        <Card p="xs" data-testid="posts">
          {posts.isPending && (
            <Stack p="xs">
              {[0, 1, 2, 3, 4].map((row) => (
                <Skeleton key={row} h={56} />
              ))}
            </Stack>
          )}
          {items.map((post, place) => (
            <Fragment key={post.id}>
              {place > 0 && <Divider color="var(--line)" mx="sm" />}
              <PostRow post={post} />
            </Fragment>
          ))}
          {posts.isSuccess && items.length === 0 && (
            <EmptyState icon={IconStack2} title={isFiltered ? "Nothing matches" : "No posts yet"}>
              {isFiltered ? (
                <Button variant="light" onClick={() => (setText(""), setSearch({}))}>
                  Show all posts
                </Button>
              ) : (
                canWrite && <ButtonLink href="/compose">Write the first one</ButtonLink>
              )}
            </EmptyState>
          )}
        </Card>
        {posts.hasNextPage && (
          <Center>
            <Button variant="default" loading={posts.isFetchingNextPage} onClick={() => void posts.fetchNextPage()}>
              Show more
            </Button>
          </Center>
        )}
      </Stack>
    </>
  );
}
