import { Card, Group, Progress, SimpleGrid, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useConnections, useProfiles } from "@/api/connections";
import { usePosts } from "@/api/posts";
import { useRights } from "@/app/account";
import { ButtonLink } from "@/ui/ButtonLink";
import classes from "@/pages/home/Home.module.css";

/** The way from an empty account to the first post; disappears when it has been walked. */
export function Onboarding() {
  const { isAdministrator, canWrite } = useRights();
  const connections = useConnections(isAdministrator);
  const profiles = useProfiles();
  const posts = usePosts("", "");
  if (!profiles.data || !posts.data || (isAdministrator && !connections.data)) return null;

  const hasProfile = profiles.data.items.some((profile) => profile.status !== "unbound");
  const hasPost = (posts.data.pages[0]?.items.length ?? 0) > 0;
  const hasConnection = hasProfile || (connections.data?.items ?? []).some(({ status }) => status !== "revoked");
  const steps = [
    { title: "Switch it on", text: "Social publishing is on for this account.", isDone: true },
    {
      title: "Connect a network",
      text: "Sign in to Meta or TikTok once.",
      isDone: hasConnection,
      href: isAdministrator ? "/connections" : null,
      act: "Connect",
    },
    {
      title: "Choose profiles",
      text: "Pick the Pages and accounts to publish to.",
      isDone: hasProfile,
      href: isAdministrator ? "/connections" : null,
      act: "Choose",
    },
    {
      title: "Write a post",
      text: "Caption, media, a time. The rest is ours.",
      isDone: hasPost,
      href: canWrite ? "/compose" : null,
      act: "Write",
    },
  ];
  const doneCount = steps.filter((step) => step.isDone).length;
  if (doneCount === steps.length) return null;
  const next = steps.findIndex((step) => !step.isDone);
  return (
    <Card data-testid="onboarding">
      <Group justify="space-between" mb="md">
        <Title order={2}>Getting started</Title>
        <Group gap="xs">
          <Progress value={(doneCount / steps.length) * 100} w={120} aria-label="Steps done" />
          <Text size="sm" className="soft numeric">
            {doneCount} of {steps.length}
          </Text>
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
        {steps.map((step, place) => (
          <div key={step.title} className={classes.step} data-next={place === next || undefined}>
            <ThemeIcon size={26} radius="xl" variant={step.isDone ? "filled" : "default"}>
              {step.isDone ? <IconCheck size={15} aria-label="done" /> : <span className="numeric">{place + 1}</span>}
            </ThemeIcon>
            <div>
              <Text fw={650} size="sm">
                {step.title}
              </Text>
              <Text size="sm" className="soft">
                {step.text}
              </Text>
              {place === next && step.href && (
                <ButtonLink href={step.href} size="xs" mt="xs" data-testid="onboarding-next">
                  {step.act}
                </ButtonLink>
              )}
            </div>
          </div>
        ))}
      </SimpleGrid>
    </Card>
  );
}
