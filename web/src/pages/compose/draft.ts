import type { Asset, Format, NetworkInfo, Options, Post, PostIn } from "@/api/types";
import { readTags } from "@/ui/options/tags";

export interface DraftMedia {
  /** Stable while editing; the asset's id is unknown until the upload is done. */
  key: string;
  name: string;
  asset: Asset | null;
  altText: string;
  /** The image that stands for a video until it plays. */
  cover: Asset | null;
  /** 0 to 1 while uploading. */
  progress: number;
  error: string | null;
}

export interface DraftVariant {
  caption: string | null;
  options: Options;
}

export interface Draft {
  format: Format;
  caption: string;
  media: DraftMedia[];
  profileIds: string[];
  variants: Record<string, DraftVariant>;
  localTime: string | null;
  timeZone: string;
}

export const PLAIN_VARIANT: DraftVariant = { caption: null, options: {} };

export const mediaOf = (asset: Asset, altText = "", cover: Asset | null = null): DraftMedia => ({
  key: asset.id,
  name: asset.name,
  asset,
  altText,
  cover,
  progress: 1,
  error: null,
});

export function emptyDraft(timeZone: string, localTime: string | null): Draft {
  return { format: "feed", caption: "", media: [], profileIds: [], variants: {}, localTime, timeZone };
}

export function draftOf(post: Post): Draft {
  return {
    format: post.format,
    caption: post.caption,
    media: post.media.map(({ asset, alt_text, cover }) => mediaOf(asset, alt_text, cover)),
    profileIds: post.deliveries.filter(({ state }) => state !== "cancelled").map(({ profile }) => profile.id),
    variants: Object.fromEntries(
      post.variants.map(({ profile_id, caption, options }) => [profile_id, { caption, options }]),
    ),
    localTime: post.local_time,
    timeZone: post.time_zone,
  };
}

/** The media that can be sent; options point at them by their place among these. */
export const readyMedia = ({ media }: Pick<Draft, "media">) =>
  media.flatMap((item) => (item.asset ? [{ ...item, asset: item.asset }] : []));

/** The draft with other media. Options that point at a medium by its place go with it, or go when it goes. */
export function withMedia(draft: Draft, media: DraftMedia[]): Draft {
  const before = readyMedia(draft);
  const after = new Map(readyMedia({ media }).map(({ key }, place) => [key, place]));
  const moved = (place: unknown) => after.get(before[Number(place)]?.key ?? "");
  const follow = ({ user_tags, photo_cover_index, ...rest }: Options): Options => {
    const tags = readTags(user_tags).flatMap((tag) => {
      const place = moved(tag.media);
      return place === undefined ? [] : [{ ...tag, media: place }];
    });
    const cover = photo_cover_index === undefined ? undefined : moved(photo_cover_index);
    return { ...rest, ...(tags.length > 0 ? { user_tags: tags } : {}), ...(cover ? { photo_cover_index: cover } : {}) };
  };
  const variants = Object.entries(draft.variants).map(
    ([id, variant]) => [id, { ...variant, options: follow(variant.options) }] as const,
  );
  return { ...draft, media, variants: Object.fromEntries(variants) };
}

export function toPostIn(draft: Draft): PostIn {
  return {
    format: draft.format,
    caption: draft.caption,
    media: draft.media.flatMap(({ asset, altText, cover }) =>
      asset ? [{ asset_id: asset.id, alt_text: altText, cover_asset_id: cover?.id ?? null }] : [],
    ),
    profile_ids: draft.profileIds,
    variants: draft.profileIds.flatMap((profile_id) => {
      const variant = draft.variants[profile_id];
      return variant && (variant.caption !== null || Object.keys(variant.options).length > 0)
        ? [{ profile_id, caption: variant.caption, options: variant.options }]
        : [];
    }),
    local_time: draft.localTime,
    time_zone: draft.timeZone,
  };
}

/** As the network counts: code points, or UTF-16 units. */
export const captionLength = (text: string, unit: NetworkInfo["caption_unit"]) =>
  unit === "utf16" ? text.length : Array.from(text).length;

export const hashtagCount = (text: string) => text.match(/(?<![\p{L}\p{N}_])#[\p{L}\p{N}_]+/gu)?.length ?? 0;
