import { Avatar, Badge, Card, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useMembers } from "@/api/account";
import { ErrorNote } from "@/ui/ErrorNote";
import { ROLE_NAMES } from "@/ui/words";

export function MemberList() {
  const members = useMembers();
  return (
    <Card>
      <Title order={2} mb="md">
        Members
      </Title>
      {members.isError && <ErrorNote error={members.error} onRetry={() => void members.refetch()} />}
      {members.isPending && <Skeleton h={120} />}
      <Stack gap="sm">
        {members.data?.items.map((member) => (
          <Group key={member.id} wrap="nowrap" gap="sm" data-testid="member">
            <Avatar name={member.name} color="initials" size={36} aria-hidden />
            <div style={{ flex: 1, minWidth: 0 }}>
              <Text size="sm" fw={600} truncate>
                {member.name}
              </Text>
              <Text size="xs" className="soft" truncate>
                {member.email}
              </Text>
            </div>
            <Badge color={member.role === "administrator" ? "pine" : "slate"}>{ROLE_NAMES[member.role]}</Badge>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
