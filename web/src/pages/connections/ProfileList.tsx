import { Badge, Card, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useProfiles } from "@/api/connections";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { ProfileFace } from "@/ui/NetworkGlyph";
import { NETWORK_NAMES } from "@/ui/words";

export function ProfileList() {
  const profiles = useProfiles();
  if (profiles.isError) return <ErrorNote error={profiles.error} onRetry={() => void profiles.refetch()} />;
  if (profiles.isPending) return <Skeleton h={160} />;
  const bound = profiles.data.items.filter(({ status }) => status !== "unbound");
  return (
    <Card>
      {bound.length === 0 && (
        <EmptyState icon={IconUsers} title="No profiles yet" compact>
          Ask an administrator to connect a network.
        </EmptyState>
      )}
      <Stack gap="sm">
        {bound.map((profile) => (
          <Group key={profile.id} gap="sm" wrap="nowrap">
            <ProfileFace profile={profile} size={36} />
            <div style={{ flex: 1, minWidth: 0 }}>
              <Text size="sm" fw={600} truncate>
                {profile.name}
              </Text>
              <Text size="xs" className="soft">
                {NETWORK_NAMES[profile.network]}
              </Text>
            </div>
            {profile.status === "needs_reconnect" && <Badge color="plum">Needs reconnect</Badge>}
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
