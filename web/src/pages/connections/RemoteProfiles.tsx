import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconCheck, IconUserOff } from "@tabler/icons-react";
import { useBind, useRemoteProfiles, useUnbind } from "@/api/connections";
import type { RemoteProfile } from "@/api/types";
import { useConfirm } from "@/ui/Confirm";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { ProfileFace } from "@/ui/NetworkGlyph";
import { NETWORK_NAMES } from "@/ui/words";

/** What the connection gives access to, asked live; each one can be bound here or let go. */
export function RemoteProfiles({ connectionId }: { connectionId: string }) {
  const remote = useRemoteProfiles(connectionId, true);
  if (remote.isError) return <ErrorNote error={remote.error} onRetry={() => void remote.refetch()} />;
  if (remote.isPending) {
    return (
      <Stack gap="xs" mt="md">
        <Skeleton h={46} />
        <Skeleton h={46} />
      </Stack>
    );
  }
  if (remote.data.items.length === 0) {
    return (
      <EmptyState icon={IconUserOff} title="No profile to publish to" compact>
        This sign-in manages no Page, business account or creator account. Reconnect and choose one.
      </EmptyState>
    );
  }
  return (
    <Stack gap={4} mt="md">
      {remote.data.items.map((profile) => (
        <RemoteRow key={`${profile.network} ${profile.remote_id}`} connectionId={connectionId} profile={profile} />
      ))}
    </Stack>
  );
}

function RemoteRow({ connectionId, profile }: { connectionId: string; profile: RemoteProfile }) {
  const bind = useBind();
  const unbind = useUnbind();
  const [confirmation, confirm] = useConfirm();
  const { profile_id: id, network, remote_id } = profile;
  return (
    <Group
      wrap="nowrap"
      gap="sm"
      py={6}
      data-testid="remote-profile"
      data-network={network}
      data-bound={id ? true : undefined}
    >
      {confirmation}
      <ProfileFace profile={profile} size={36} />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" fw={600} truncate>
          {profile.name}
        </Text>
        <Text size="xs" className="soft" truncate>
          {NETWORK_NAMES[network]}
          {profile.handle && ` · @${profile.handle.replace(/^@/, "")}`}
        </Text>
      </div>
      {id ? (
        <Group gap="xs" wrap="nowrap">
          <Group gap={4} c="var(--mantine-color-leaf-light-color)" wrap="nowrap" visibleFrom="xs">
            <IconCheck size={16} aria-hidden />
            <Text size="sm">Publishes here</Text>
          </Group>
          <Button
            size="xs"
            variant="default"
            loading={unbind.isRunning}
            onClick={() =>
              confirm({
                title: `Let go of ${profile.name}?`,
                text: "Posts can no longer be published to it. What is live stays live.",
                act: "Let go",
                isHarmful: true,
                run: () => unbind.run(id),
              })
            }
            aria-label={`Let go of ${profile.name}`}
            data-testid="unbind"
          >
            Let go
          </Button>
        </Group>
      ) : (
        <Button
          size="xs"
          loading={bind.isRunning}
          onClick={() => bind.run({ connection_id: connectionId, network, remote_id })}
          aria-label={`Publish to ${profile.name}`}
          data-testid="bind"
        >
          Publish to this
        </Button>
      )}
    </Group>
  );
}
