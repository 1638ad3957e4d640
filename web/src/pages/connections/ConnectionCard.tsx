import { ActionIcon, Alert, Badge, Button, Card, Collapse, Group, Menu, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconDots, IconPlugConnected, IconPlugX, IconRefresh } from "@tabler/icons-react";
import { useConnect, useDisconnect, useProfiles } from "@/api/connections";
import type { Connection, Profile } from "@/api/types";
import { PROVIDER_TEXTS } from "@/pages/connections/providers";
import { RemoteProfiles } from "@/pages/connections/RemoteProfiles";
import { useConfirm } from "@/ui/Confirm";
import { NetworkGlyph } from "@/ui/NetworkGlyph";
import { fromNow } from "@/ui/time";
import { plural } from "@/ui/words";

interface ConnectionCardProps {
  connection: Connection;
  /** Just connected, or without profiles: opened at once to choose them. */
  isFresh: boolean;
}

export function ConnectionCard({ connection, isFresh }: ConnectionCardProps) {
  const isActive = connection.status === "active";
  const [isOpen, profiles] = useDisclosure(isFresh && isActive);
  const [confirmation, confirm] = useConfirm();
  const connect = useConnect();
  const disconnect = useDisconnect();
  const lost = useProfiles().data?.items.filter(
    ({ connection_id, status }) => connection_id === connection.id && status === "needs_reconnect",
  );
  const trouble = isActive
    ? lostAccess(lost)
    : (connection.status_reason ?? "The network no longer accepts our access.");
  const reconnect = () => connect.run({ provider: connection.provider, connection_id: connection.id });
  return (
    <Card data-testid="connection" data-provider={connection.provider} data-status={connection.status}>
      {confirmation}
      <Group wrap="nowrap" align="flex-start">
        <Stack gap={4} flex={1} miw={0}>
          <Group gap="xs">
            {PROVIDER_TEXTS[connection.provider].networks.map((network) => (
              <NetworkGlyph key={network} network={network} size={19} />
            ))}
            <Title order={3}>{connection.subject_name || connection.provider_name}</Title>
            <Badge color={isActive ? "leaf" : "plum"} data-testid="connection-status">
              {isActive ? "Connected" : "Needs reconnect"}
            </Badge>
          </Group>
          <Text size="sm" className="soft">
            {connection.provider_name} · {plural(connection.profile_count, "profile")} · connected{" "}
            {fromNow(connection.connected_at)}
            {isActive && connection.expires_at && ` · access ends ${fromNow(connection.expires_at)}`}
          </Text>
        </Stack>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={`Actions for ${connection.subject_name}`} data-testid="connection-menu">
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} onClick={reconnect}>
              Reconnect
            </Menu.Item>
            <Menu.Item
              color="red"
              leftSection={<IconPlugX size={16} aria-hidden />}
              onClick={() =>
                confirm({
                  title: `Disconnect ${connection.subject_name}?`,
                  text: "Its profiles can no longer publish, and scheduled posts to them will wait.",
                  act: "Disconnect",
                  isHarmful: true,
                  run: () => disconnect.run(connection.id),
                })
              }
              data-testid="disconnect"
            >
              Disconnect
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      {trouble && (
        <Alert color="plum" mt="sm" icon={<IconAlertTriangle aria-hidden />}>
          <Group justify="space-between" gap="sm">
            <Text size="sm">{trouble}</Text>
            <Button size="xs" color="plum" loading={connect.isRunning} onClick={reconnect} data-testid="reconnect">
              Reconnect
            </Button>
          </Group>
        </Alert>
      )}
      {isActive && connection.scopes_missing.length > 0 && (
        <Alert color="honey" mt="sm" icon={<IconAlertTriangle aria-hidden />}>
          Some permissions were not granted: {connection.scopes_missing.join(", ")}. Reconnect and allow them.
        </Alert>
      )}
      {isActive && (
        <>
          <Button
            variant="light"
            size="xs"
            mt="sm"
            w="fit-content"
            leftSection={<IconPlugConnected size={15} aria-hidden />}
            aria-expanded={isOpen}
            onClick={profiles.toggle}
            data-testid="choose-profiles"
          >
            {isOpen ? "Hide profiles" : "Choose profiles"}
          </Button>
          <Collapse expanded={isOpen}>{isOpen && <RemoteProfiles connectionId={connection.id} />}</Collapse>
        </>
      )}
    </Card>
  );
}

/** A network may refuse some profiles of a connection that lives. */
const lostAccess = (profiles: Profile[] = []): string | null =>
  profiles.length > 0
    ? `Access ended for ${profiles.map(({ name }) => name).join(", ")}. Reconnect to publish there.`
    : null;
