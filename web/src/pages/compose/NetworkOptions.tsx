import { Stack, Switch, TagsInput, TextInput } from "@mantine/core";
import type { ComponentType } from "react";
import type { NetworkKey, Options, Profile } from "@/api/types";
import type { Draft } from "@/pages/compose/draft";
import { TikTokOptions } from "@/pages/compose/TikTokOptions";

export interface NetworkOptionsProps {
  profile: Profile;
  options: Options;
  draft: Draft;
  onChange: (options: Options) => void;
}

const MAX_COLLABORATORS = 3;

function FacebookOptions({ options, draft, onChange }: NetworkOptionsProps) {
  const link = typeof options.link === "string" ? options.link : "";
  const isPossible = draft.format === "feed" && draft.media.length === 0;
  if (!isPossible && !link) return null;
  return (
    <TextInput
      mt="sm"
      label="Link"
      description="Facebook shows a preview of this page below the text."
      placeholder="https://"
      type="url"
      value={link}
      onChange={({ currentTarget: { value } }) => {
        const { link: _, ...rest } = options;
        onChange(value ? { ...rest, link: value } : rest);
      }}
      data-testid="facebook-link"
    />
  );
}

function InstagramOptions({ options, draft, onChange }: NetworkOptionsProps) {
  const collaborators = Array.isArray(options.collaborators) ? options.collaborators.map(String) : [];
  return (
    <Stack gap="sm" mt="sm">
      {draft.format === "reel" && (
        <Switch
          label="Also show in the feed"
          checked={options.share_to_feed !== false}
          onChange={(event) => onChange({ ...options, share_to_feed: event.currentTarget.checked })}
          data-testid="instagram-share-to-feed"
        />
      )}
      {(draft.format !== "story" || collaborators.length > 0) && (
        <TagsInput
          label="Collaborators"
          description={`Up to ${MAX_COLLABORATORS} usernames.`}
          maxTags={MAX_COLLABORATORS}
          value={collaborators}
          onChange={(names) => onChange({ ...options, collaborators: names.map((name) => name.replace(/^@/, "")) })}
          data-testid="instagram-collaborators"
        />
      )}
      <Switch
        label="AI-generated content"
        description="Instagram labels it as made with AI."
        checked={options.is_ai_generated === true}
        onChange={(event) => onChange({ ...options, is_ai_generated: event.currentTarget.checked })}
        data-testid="instagram-ai"
      />
    </Stack>
  );
}

const OPTIONS: Record<NetworkKey, ComponentType<NetworkOptionsProps>> = {
  facebook: FacebookOptions,
  instagram: InstagramOptions,
  tiktok: TikTokOptions,
};

/** The choices that only this profile's network has. */
export function NetworkOptions(props: NetworkOptionsProps) {
  const Choices = OPTIONS[props.profile.network];
  return <Choices {...props} />;
}
