import type { Asset, Format, Options, Post, Profile } from "@/api/types";
import { inOrder } from "@/ui/states";

/** One post as it will stand on one profile. */
export interface PreviewContent {
  profile: Profile;
  format: Format;
  caption: string;
  media: { asset: Asset; altText: string; cover: Asset | null }[];
}

export function previewsOf(post: Post): PreviewContent[] {
  return inOrder(post.deliveries).map(({ profile }) => ({
    profile,
    format: post.format,
    caption: post.variants.find((variant) => variant.profile_id === profile.id)?.caption ?? post.caption,
    media: post.media.map(({ asset, alt_text, cover }) => ({ asset, altText: alt_text, cover })),
  }));
}

/** What was chosen for one profile alone. */
export const optionsFor = (post: Post, profileId: string): Options =>
  post.variants.find(({ profile_id }) => profile_id === profileId)?.options ?? {};
