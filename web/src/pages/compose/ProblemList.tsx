import { Card, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import type { NetworkInfo, Problem, Profile } from "@/api/types";
import { optionsOf } from "@/ui/options/schema";
import { ProfileFace } from "@/ui/NetworkGlyph";

interface ProblemListProps {
  problems: Problem[];
  profiles: Profile[];
  networks: NetworkInfo[];
  isChecking: boolean;
}

/** "Choose a value." alone does not tell of which option; some messages do. */
function withOptionName(problem: Problem, network: NetworkInfo | undefined): Problem {
  const name = /^\/options\/(\w+)/.exec(problem.field)?.[1];
  const title = network && name && problem.code.startsWith("option-") ? optionsOf(network)[name]?.title : undefined;
  const isNamed = title && problem.message.toLowerCase().includes(title.toLowerCase());
  return title && !isNamed ? { ...problem, message: `${title}: ${problem.message}` } : problem;
}

/** Every network's rules, checked while writing. */
export function ProblemList({ problems, profiles, networks, isChecking }: ProblemListProps) {
  if (profiles.length === 0) return null;
  const common = problems.filter(({ profile_id }) => !profiles.some(({ id }) => id === profile_id));
  return (
    <Card data-testid="problems" data-count={problems.length}>
      <Group justify="space-between" mb={problems.length ? "sm" : 4}>
        <Title order={3}>Checks</Title>
        {isChecking && <Loader size="xs" aria-label="Checking" />}
      </Group>
      <div aria-live="polite">
        {problems.length === 0 && !isChecking && (
          <Group gap="xs" wrap="nowrap">
            <IconCircleCheck size={19} color="var(--mantine-color-leaf-6)" aria-hidden />
            <Text size="sm">Ready for every chosen profile.</Text>
          </Group>
        )}
        <Stack gap="md">
          {common.length > 0 && <Lines problems={common} />}
          {profiles.map((profile) => {
            const network = networks.find(({ key }) => key === profile.network);
            const own = problems
              .filter(({ profile_id }) => profile_id === profile.id)
              .map((problem) => withOptionName(problem, network));
            return own.length === 0 ? null : (
              <Group key={profile.id} wrap="nowrap" align="flex-start" gap="sm">
                <ProfileFace profile={profile} size={26} />
                <div>
                  <Text size="sm" fw={600} mb={4}>
                    {profile.name}
                  </Text>
                  <Lines problems={own} />
                </div>
              </Group>
            );
          })}
        </Stack>
      </div>
    </Card>
  );
}

function Lines({ problems }: { problems: Problem[] }) {
  return (
    <Stack gap={6}>
      {problems.map(({ code, field, message, severity }) => (
        <Group
          key={`${code} ${field}`}
          gap={8}
          wrap="nowrap"
          align="flex-start"
          data-testid="problem"
          data-code={code}
          data-severity={severity}
        >
          {severity === "error" ? (
            <IconCircleX
              size={17}
              color="var(--mantine-color-red-6)"
              style={{ flex: "none", marginTop: 2 }}
              aria-label="Error"
            />
          ) : (
            <IconAlertTriangle
              size={17}
              color="var(--mantine-color-honey-5)"
              style={{ flex: "none", marginTop: 2 }}
              aria-label="Warning"
            />
          )}
          <Text size="sm">{message}</Text>
        </Group>
      ))}
    </Stack>
  );
}
