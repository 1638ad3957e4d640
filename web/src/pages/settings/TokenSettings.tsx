import {
  ActionIcon,
  Alert,
  Button,
  Card,
  Code,
  CopyButton,
  Group,
  Select,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconCheck, IconCopy, IconKey, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useCreateToken, useRevokeToken, useTokens } from "@/api/account";
import type { Role } from "@/api/types";
import { useConfirm } from "@/ui/Confirm";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { fromNow } from "@/ui/time";
import { ROLE_NAMES } from "@/ui/words";

const ROLES = (Object.keys(ROLE_NAMES) as Role[]).map((role) => ({ value: role, label: ROLE_NAMES[role] }));

/** Tokens for programs: an AI studio, a script, an agent. */
export function TokenSettings() {
  const tokens = useTokens();
  const create = useCreateToken();
  const revoke = useRevokeToken();
  const [confirmation, confirm] = useConfirm();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("editor");
  return (
    <Card>
      {confirmation}
      <Title order={2}>API tokens</Title>
      <Text size="sm" className="soft" mb="md">
        For programs that send in creatives or read reports.
      </Text>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) create.run({ name: name.trim(), role });
        }}
      >
        <Group align="flex-end" gap="sm">
          <TextInput
            label="Name"
            placeholder="AI Studio"
            flex={1}
            miw={180}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-testid="token-name"
          />
          <Select
            label="Role"
            data={ROLES}
            value={role}
            onChange={(value) => value && setRole(value as Role)}
            allowDeselect={false}
            w={170}
            data-testid="token-role"
          />
          <Button
            type="submit"
            variant="light"
            disabled={!name.trim()}
            loading={create.isRunning}
            data-testid="create-token"
          >
            Create
          </Button>
        </Group>
      </form>
      {create.result && (
        <Alert
          mt="md"
          color="leaf"
          icon={<IconKey aria-hidden />}
          title={`Copy “${create.result.name}” now. It is shown only once.`}
        >
          <Group gap="xs" wrap="nowrap">
            <Code style={{ overflowWrap: "anywhere" }} data-testid="new-token">
              {create.result.token}
            </Code>
            <CopyButton value={create.result.token}>
              {({ copied, copy }) => (
                <ActionIcon onClick={copy} aria-label={copied ? "Copied" : "Copy the token"}>
                  {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                </ActionIcon>
              )}
            </CopyButton>
          </Group>
        </Alert>
      )}
      {tokens.isError && <ErrorNote error={tokens.error} onRetry={() => void tokens.refetch()} />}
      {tokens.isPending && <Skeleton h={80} mt="md" />}
      {tokens.data?.items.length === 0 && (
        <EmptyState icon={IconKey} title="No tokens yet" compact>
          Create one for each program, so that each can be revoked by itself.
        </EmptyState>
      )}
      <Stack gap="xs" mt="md">
        {tokens.data?.items.map((token) => (
          <Group key={token.id} wrap="nowrap" gap="sm" data-testid="token">
            <div style={{ flex: 1, minWidth: 0 }}>
              <Text size="sm" fw={600} truncate>
                {token.name}
              </Text>
              <Text size="xs" className="soft">
                {ROLE_NAMES[token.role]} · created {fromNow(token.created_at)} ·{" "}
                {token.last_used_at ? `used ${fromNow(token.last_used_at)}` : "never used"}
              </Text>
            </div>
            <ActionIcon
              aria-label={`Revoke ${token.name}`}
              color="red"
              onClick={() =>
                confirm({
                  title: `Revoke “${token.name}”?`,
                  text: "Programs that use it stop working at once.",
                  act: "Revoke",
                  isHarmful: true,
                  run: () => revoke.run(token.id),
                })
              }
              data-testid="revoke-token"
            >
              <IconTrash size={17} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
