import { Accordion, Badge, Button, Card, Group, Text, Textarea, Title } from "@mantine/core";
import type { NetworkInfo, Problem, Profile } from "@/api/types";
import { CaptionCounters } from "@/pages/compose/CaptionEditor";
import { PLAIN_VARIANT, type Draft, type DraftVariant } from "@/pages/compose/draft";
import { NetworkOptions } from "@/pages/compose/NetworkOptions";
import { ProfileFace } from "@/ui/NetworkGlyph";
import { plural } from "@/ui/words";

interface VariantListProps {
  draft: Draft;
  profiles: Profile[];
  networks: NetworkInfo[];
  problems: Problem[];
  onChange: (profileId: string, variant: DraftVariant) => void;
}

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
          const errors = problems.filter(
            ({ profile_id, severity }) => profile_id === profile.id && severity === "error",
          ).length;
          return (
            <Accordion.Item key={profile.id} value={profile.id}>
              <Accordion.Control data-testid="variant" data-network={profile.network}>
                <Group gap="sm" wrap="nowrap">
                  <ProfileFace profile={profile} size={30} />
                  <Text size="sm" fw={600} truncate>
                    {profile.name}
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
                <VariantCaption
                  draft={draft}
                  profile={profile}
                  variant={variant}
                  networks={own}
                  onChange={(caption) => onChange(profile.id, { ...variant, caption })}
                />
                {own.map((network) => (
                  <NetworkOptions
                    key={network.key}
                    profile={profile}
                    network={network}
                    options={variant.options}
                    draft={draft}
                    onChange={(options) => onChange(profile.id, { ...variant, options })}
                  />
                ))}
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
      <Button variant="subtle" size="xs" onClick={() => onChange(draft.caption)} data-testid="own-caption">
        Write an own caption for {profile.name}
      </Button>
    );
  }
  return (
    <>
      <Textarea
        label="Own caption"
        aria-label={`Caption for ${profile.name}`}
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
    </>
  );
}
