import { Card, Title } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import type { Profile } from "@/api/types";
import type { Draft } from "@/pages/compose/draft";
import { EmptyState } from "@/ui/EmptyState";
import { PreviewTabs } from "@/ui/preview/PreviewTabs";

export function PreviewPanel({ draft, profiles }: { draft: Draft; profiles: Profile[] }) {
  const media = draft.media.flatMap(({ asset, altText, cover }) => (asset ? [{ asset, altText, cover }] : []));
  const contents = profiles.map((profile) => ({
    profile,
    format: draft.format,
    caption: draft.variants[profile.id]?.caption ?? draft.caption,
    media,
  }));
  return (
    <Card>
      <Title order={3} mb="sm">
        Preview
      </Title>
      {contents.length > 0 ? (
        <PreviewTabs contents={contents} />
      ) : (
        <EmptyState icon={IconEye} title="Choose a profile" compact>
          Then you see how the post will look there.
        </EmptyState>
      )}
    </Card>
  );
}
