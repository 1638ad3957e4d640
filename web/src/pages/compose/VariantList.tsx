import { Accordion, Badge, Button, Card, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import type { Format, NetworkInfo, Problem, Profile } from "@/api/types";
import { CaptionCounters } from "@/pages/compose/CaptionEditor";
import { PLAIN_VARIANT, type Draft, type DraftVariant } from "@/pages/compose/draft";
import { NetworkOptions } from "@/pages/compose/NetworkOptions";
import { ProfileFace } from "@/ui/NetworkGlyph";
import { NETWORK_NAMES, plural } from "@/ui/words";

interface VariantListProps {
  draft: Draft;
  profiles: Profile[];
  networks: NetworkInfo[];
  problems: Problem[];
  onChange: (profileId: string, variant: DraftVariant) => void;
}

const takesCaption = (network: NetworkInfo, format: Format) => {
  const rules = network.formats[format];
  return rules !== undefined && rules.caption_max !== 0;
};

/** What differs for one profile: its caption, and the choices that only its network has. */
export function VariantList({ draft, profiles, networks, problems, onChange }: VariantListProps) {
  if (profiles.length === 0) return null;
  return (
    <Card data-testid="variants">
      <Title order={3} mb="xs">
        For each profile
      </Title>
      <Accordion
        key={profiles
          .filter(({ network }) => network === "tiktok")
          .map(({ id }) => id)
          .join()}
        multiple
        variant="filled"
        defaultValue={profiles.filter(({ network }) => network === "tiktok").map(({ id }) => id)}
        mx={-8}
      >
        {profiles.map((profile) => {
          const own = networks.filter(({ key }) => key === profile.network);
          const variant = draft.variants[profile.id] ?? PLAIN_VARIANT;
          const problemsHere = problems.filter(({ profile_id }) => profile_id === profile.id);
          const errors = problemsHere.filter(({ severity }) => severity === "error").length;
          return (
            <Accordion.Item key={profile.id} value={profile.id}>
              <Accordion.Control data-testid="variant" data-network={profile.network}>
                <Group gap="sm" wrap="nowrap">
                  <ProfileFace profile={profile} size={30} />
                  <Text size="sm" fw={600} truncate>
                    {profile.name}{" "}
                    <Text span inherit fw={400} className="soft">
                      on {NETWORK_NAMES[profile.network]}
                    </Text>
                  </Text>
                  {variant.caption !== null && <Badge size="sm">Own caption</Badge>}
                  {errors > 0 && (
                    <Badge size="sm" color="red">
                      {plural(errors, "problem")}
                    </Badge>
                  )}
                </Group>
              </Accordion.Control>
              <Accordion.Panel>
                <Stack gap="md">
                  {(variant.caption !== null || own.some((network) => takesCaption(network, draft.format))) && (
                    <VariantCaption
                      draft={draft}
                      profile={profile}
                      variant={variant}
                      networks={own}
                      onChange={(caption) => onChange(profile.id, { ...variant, caption })}
                    />
                  )}
                  {own.map((network) => (
                    <NetworkOptions
                      key={network.key}
                      profile={profile}
                      network={network}
                      options={variant.options}
                      draft={draft}
                      problems={problemsHere}
                      onChange={(options) => onChange(profile.id, { ...variant, options })}
                    />
                  ))}
                </Stack>
              </Accordion.Panel>
            </Accordion.Item>
          );
        })}
      </Accordion>
    </Card>
  );
}

interface VariantCaptionProps {
  draft: Draft;
  profile: Profile;
  variant: DraftVariant;
  networks: NetworkInfo[];
  onChange: (caption: string | null) => void;
}

function VariantCaption({ draft, profile, variant, networks, onChange }: VariantCaptionProps) {
  if (variant.caption === null) {
    return (
      <Button
        variant="light"
        size="xs"
        style={{ alignSelf: "flex-start" }}
        leftSection={<IconPencil size={15} aria-hidden />}
        onClick={() => onChange(draft.caption)}
        data-testid="own-caption"
      >
        Write another caption for {NETWORK_NAMES[profile.network]}
      </Button>
    );
  }
  return (
    <div>
      <Textarea
        label={`Caption for ${profile.name} on ${NETWORK_NAMES[profile.network]}`}
        autosize
        minRows={3}
        value={variant.caption}
        onChange={(event) => onChange(event.currentTarget.value)}
        data-testid="variant-caption"
      />
      <Group justify="space-between" align="flex-start">
        <CaptionCounters text={variant.caption} format={draft.format} networks={networks} />
        <Button variant="subtle" size="xs" onClick={() => onChange(null)}>
          Use the common caption
        </Button>
      </Group>
    </div>
  );
}
