import type { Asset, Format, Post, Profile } from "@/api/types";
import { inOrder } from "@/ui/states";

/** One post as it will stand on one profile. */
export interface PreviewContent {
  profile: Profile;
  format: Format;
  caption: string;
  media: { asset: Asset; altText: string }[];
}

export function previewsOf(post: Post): PreviewContent[] {
  return inOrder(post.deliveries).map(({ profile }) => ({
    profile,
    format: post.format,
    caption: post.variants.find((variant) => variant.profile_id === profile.id)?.caption ?? post.caption,
    media: post.media.map(({ asset, alt_text }) => ({ asset, altText: alt_text })),
  }));
}
