import { Skeleton, Stack } from "@mantine/core";
import { IconPlug } from "@tabler/icons-react";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { useNetworks } from "@/api/account";
import { useProfiles } from "@/api/connections";
import { usePost } from "@/api/posts";
import { useAccount, useRights } from "@/app/account";
import { Composer } from "@/pages/compose/Composer";
import { draftOf, emptyDraft } from "@/pages/compose/draft";
import { ButtonLink } from "@/ui/ButtonLink";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageHeader } from "@/ui/PageHeader";

const DEFAULT_CLOCK = "09:00:00";

/** `?at=2026-11-25` or `?at=2026-11-25T14:00:00` sets the time of a new post. */
function timeFrom(at: string | null): string | null {
  if (at && /^\d{4}-\d{2}-\d{2}$/.test(at)) return `${at}T${DEFAULT_CLOCK}`;
  return at && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(at) ? at : null;
}

export default function ComposePage({ id }: { id: string | undefined }) {
  const account = useAccount();
  const { canWrite, isAdministrator } = useRights();
  const [search] = useSearchParams();
  const [at] = useState(search.get("at"));
  const post = usePost(id);
  const profiles = useProfiles();
  const networks = useNetworks();
  const failed = [post, profiles, networks].find((query) => query.isError);

  if (!canWrite) {
    return (
      <EmptyState icon={IconPlug} title="You can look, not write">
        Ask an administrator to make you an editor.
      </EmptyState>
    );
  }
  if (failed) return <ErrorNote error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!profiles.data || !networks.data || (id && !post.data)) {
    return (
      <Stack aria-busy="true">
        <PageHeader title={id ? "Edit post" : "New post"} />
        <Skeleton h={110} />
        <Skeleton h={420} />
      </Stack>
    );
  }
  const usable = profiles.data.items.filter((profile) => profile.status !== "unbound");
  if (usable.length === 0) {
    return (
      <EmptyState icon={IconPlug} title="No profile to publish to yet">
        {isAdministrator ? (
          <ButtonLink href="/connections" data-testid="compose-connect">
            Connect a network
          </ButtonLink>
        ) : (
          "Ask an administrator to connect a network and choose its profiles."
        )}
      </EmptyState>
    );
  }
  return (
    <Composer
      initial={post.data ? draftOf(post.data) : emptyDraft(account.time_zone, timeFrom(at))}
      post={post.data ?? null}
      profiles={usable}
      networks={networks.data.networks}
    />
  );
}
