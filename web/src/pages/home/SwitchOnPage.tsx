import { Button, Card, SimpleGrid, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCalendarCheck, IconChartDots, IconPower, IconSend, IconShieldCheck } from "@tabler/icons-react";
import { useChangeAccount } from "@/api/account";
import { useAccount, useRights } from "@/app/account";
import { Logo } from "@/ui/Logo";
import { PageHeader } from "@/ui/PageHeader";

const PROMISES = [
  { icon: IconCalendarCheck, title: "Plan", text: "One calendar for every profile. Feed posts, reels and stories." },
  { icon: IconShieldCheck, title: "Approve", text: "What is approved is signed, and exactly that is published." },
  { icon: IconSend, title: "Publish once", text: "On time, and never twice, whatever happens on the way." },
  { icon: IconChartDots, title: "Measure", text: "Each post's numbers come back into your reports." },
];

/** Shown while social publishing is off for the account. */
export function SwitchOnPage() {
  const account = useAccount();
  const { isAdministrator } = useRights();
  const change = useChangeAccount("Social publishing is on.");
  return (
    <Stack maw={820} mx="auto" pt={{ base: 0, md: 40 }} gap="xl">
      <Stack align="center" ta="center" gap="xs">
        <Logo size={56} />
        <PageHeader title="Social publishing is off" />
        <Text className="soft" maw={480} mt={-22}>
          {isAdministrator
            ? `Switch it on for ${account.name}, connect your networks, and plan the first week.`
            : `Ask an administrator of ${account.name} to switch it on.`}
        </Text>
        {isAdministrator && (
          <Button
            size="lg"
            mt="sm"
            leftSection={<IconPower size={20} aria-hidden />}
            loading={change.isRunning}
            onClick={() => change.run({ is_enabled: true })}
            data-testid="switch-on"
          >
            Switch on social publishing
          </Button>
        )}
      </Stack>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {PROMISES.map(({ icon: Glyph, title, text }) => (
          <Card key={title}>
            <ThemeIcon variant="light" size={38}>
              <Glyph size={20} stroke={1.7} aria-hidden />
            </ThemeIcon>
            <Title order={3} mt="sm">
              {title}
            </Title>
            <Text className="soft" size="sm">
              {text}
            </Text>
          </Card>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
