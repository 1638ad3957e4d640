import { Card, Grid, Stack, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { usePreflight } from "@/api/posts";
import type { NetworkInfo, Post, Profile } from "@/api/types";
import { ActionBar } from "@/pages/compose/ActionBar";
import { CaptionEditor } from "@/pages/compose/CaptionEditor";
import { toPostIn, withMedia, type Draft, type DraftVariant } from "@/pages/compose/draft";
import { FormatPicker } from "@/pages/compose/FormatPicker";
import { MediaEditor } from "@/pages/compose/MediaEditor";
import { PreviewPanel } from "@/pages/compose/PreviewPanel";
import { ProblemList } from "@/pages/compose/ProblemList";
import { ProfilePicker } from "@/pages/compose/ProfilePicker";
import { VariantList } from "@/pages/compose/VariantList";
import { WhenPicker } from "@/ui/WhenPicker";
import { ButtonLink } from "@/ui/ButtonLink";
import { PageHeader } from "@/ui/PageHeader";
import { StateChip } from "@/ui/StateChip";
import classes from "@/pages/compose/Compose.module.css";

const PREFLIGHT_DELAY_MS = 450;

interface ComposerProps {
  initial: Draft;
  post: Post | null;
  profiles: Profile[];
  networks: NetworkInfo[];
}

export function Composer({ initial, post, profiles, networks }: ComposerProps) {
  const [firstDraft] = useState(initial);
  const [draft, setDraft] = useState(firstDraft);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const changeVariant = (profileId: string, variant: DraftVariant) =>
    setDraft((before) => ({ ...before, variants: { ...before.variants, [profileId]: variant } }));

  const chosen = useMemo(
    () => draft.profileIds.flatMap((id) => profiles.find((profile) => profile.id === id) ?? []),
    [draft.profileIds, profiles],
  );
  const chosenNetworks = networks.filter(({ key }) => chosen.some((profile) => profile.network === key));
  const isUploading = draft.media.some(({ asset, error }) => !asset && !error);
  const postIn = useMemo(() => toPostIn(draft), [draft]);
  const [settled] = useDebouncedValue(postIn, PREFLIGHT_DELAY_MS);
  const preflight = usePreflight(settled, chosen.length > 0 && !isUploading);
  const problems = chosen.length > 0 ? (preflight.data?.problems ?? []) : [];

  useLeaveWarning(draft !== firstDraft);
  return (
    <>
      <PageHeader
        title={post ? "Edit post" : "New post"}
        hint={post ? <StateChip state={post.state} /> : "One post, every profile, one time."}
      >
        <ButtonLink
          href={post ? `/posts/${post.id}` : "/posts"}
          variant="subtle"
          color="gray"
          leftSection={<IconX size={16} aria-hidden />}
          data-testid="close-composer"
        >
          Close
        </ButtonLink>
      </PageHeader>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7.5 }}>
          <Stack gap="md">
            <Card>
              <Title order={3} mb="sm">
                Where to
              </Title>
              <ProfilePicker
                profiles={profiles}
                format={draft.format}
                value={draft.profileIds}
                onChange={(profileIds) => change({ profileIds })}
              />
              <Title order={3} mt="lg" mb="sm">
                What kind
              </Title>
              <FormatPicker value={draft.format} networks={chosenNetworks} onChange={(format) => change({ format })} />
            </Card>
            <Card>
              <CaptionEditor
                value={draft.caption}
                format={draft.format}
                networks={chosenNetworks}
                onChange={(caption) => change({ caption })}
              />
              <MediaEditor
                media={draft.media}
                format={draft.format}
                networks={chosenNetworks}
                onChange={(update) => setDraft((before) => withMedia(before, update(before.media)))}
              />
            </Card>
            <VariantList
              draft={draft}
              profiles={chosen}
              networks={networks}
              problems={problems}
              onChange={changeVariant}
            />
            <Card>
              <Title order={3} mb="sm">
                When
              </Title>
              <WhenPicker
                value={draft.localTime}
                zone={draft.timeZone}
                onChange={(localTime) => change({ localTime })}
              />
            </Card>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4.5 }}>
          <Stack className={classes.aside!} gap="md">
            <PreviewPanel draft={draft} profiles={chosen} />
            <ProblemList problems={problems} profiles={chosen} networks={networks} isChecking={preflight.isFetching} />
          </Stack>
        </Grid.Col>
      </Grid>
      <ActionBar
        draft={draft}
        postIn={postIn}
        post={post}
        isUploading={isUploading}
        problems={problems}
        profiles={chosen}
      />
    </>
  );
}

/** The browser asks before the tab with unsaved changes is closed. */
function useLeaveWarning(isUnsaved: boolean) {
  useEffect(() => {
    if (!isUnsaved) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isUnsaved]);
}
