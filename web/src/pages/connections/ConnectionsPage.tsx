import { Alert, Button, Card, Group, Skeleton, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconLock, IconPlug } from "@tabler/icons-react";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { useNetworks } from "@/api/account";
import { useConnect, useConnections } from "@/api/connections";
import { useRights } from "@/app/account";
import { ConnectionCard } from "@/pages/connections/ConnectionCard";
import { ProfileList } from "@/pages/connections/ProfileList";
import { PROVIDER_TEXTS } from "@/pages/connections/providers";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { NetworkGlyph } from "@/ui/NetworkGlyph";
import { PageHeader } from "@/ui/PageHeader";

export default function ConnectionsPage() {
  const { isAdministrator } = useRights();
  return (
    <>
      <PageHeader title="Connections" hint="Sign in to a network once, then choose the profiles to publish to." />
      {isAdministrator ? (
        <ForAdministrators />
      ) : (
        <Stack gap="lg">
          <Alert icon={<IconLock aria-hidden />} color="slate">
            Connecting networks is up to administrators. These are the profiles you can publish to.
          </Alert>
          <ProfileList />
        </Stack>
      )}
    </>
  );
}

function ForAdministrators() {
  const connections = useConnections();
  const [search, setSearch] = useSearchParams();
  const [fresh] = useState(search.get("connected"));
  const error = search.get("error");
  const items = connections.data?.items.filter(({ status }) => status !== "revoked") ?? [];
  return (
    <Stack gap="lg">
      {search.get("connected") && (
        <Alert
          color="leaf"
          icon={<IconCircleCheck aria-hidden />}
          withCloseButton
          closeButtonLabel="Close"
          onClose={() => setSearch({}, { replace: true })}
          data-testid="connected"
        >
          Connected. Now choose the profiles that may publish.
        </Alert>
      )}
      {error && (
        <Alert
          color="red"
          role="alert"
          icon={<IconAlertTriangle aria-hidden />}
          withCloseButton
          closeButtonLabel="Close"
          onClose={() => setSearch({}, { replace: true })}
          data-testid="connect-error"
        >
          {error}
        </Alert>
      )}
      <ConnectButtons />
      {connections.isError && <ErrorNote error={connections.error} onRetry={() => void connections.refetch()} />}
      {connections.isPending && <Skeleton h={180} />}
      {connections.isSuccess && items.length === 0 && (
        <Card>
          <EmptyState icon={IconPlug} title="Nothing is connected yet">
            Start with Meta for Facebook Pages and Instagram, or with TikTok. You come back here and choose the
            profiles.
          </EmptyState>
        </Card>
      )}
      {items.map((connection) => (
        <ConnectionCard
          key={connection.id}
          connection={connection}
          isFresh={connection.id === fresh || connection.profile_count === 0}
        />
      ))}
    </Stack>
  );
}

function ConnectButtons() {
  const networks = useNetworks();
  const connect = useConnect();
  if (networks.isError) return <ErrorNote error={networks.error} onRetry={() => void networks.refetch()} />;
  if (networks.isPending) return <Skeleton h={84} />;
  return (
    <Group grow align="stretch" preventGrowOverflow={false} gap="md">
      {networks.data.providers.map(({ key, name, is_configured }) => (
        <Card key={key} p="md" miw={290}>
          <Group wrap="nowrap" justify="space-between">
            <div>
              <Group gap={6}>
                {PROVIDER_TEXTS[key].networks.map((network) => (
                  <NetworkGlyph key={network} network={network} size={20} />
                ))}
                <Text fw={650}>{name}</Text>
              </Group>
              <Text size="sm" className="soft" mt={2}>
                {is_configured ? PROVIDER_TEXTS[key].text : "The operator has not set up this network's app yet."}
              </Text>
            </div>
            <Button
              disabled={!is_configured}
              loading={connect.isRunning && connect.input?.provider === key}
              onClick={() => connect.run({ provider: key })}
              aria-label={`Connect ${name}`}
              style={{ flex: "none" }}
              data-testid={`connect-${key}`}
            >
              Connect
            </Button>
          </Group>
        </Card>
      ))}
    </Group>
  );
}
