import { Center, Image } from "@mantine/core";
import { IconAlignLeft, IconPlayerPlayFilled } from "@tabler/icons-react";
import type { Post } from "@/api/types";

interface ThumbnailProps {
  url: string | null;
  size?: number;
  isVideo?: boolean;
  alt?: string;
}

/** A small square picture; a quiet tile for posts without media. */
export function Thumbnail({ url, size = 52, isVideo = false, alt = "" }: ThumbnailProps) {
  return (
    <Center
      w={size}
      h={size}
      pos="relative"
      style={{
        flex: "none",
        borderRadius: "var(--mantine-radius-sm)",
        overflow: "hidden",
        background: "var(--surface-sunken)",
      }}
    >
      {url ? (
        <Image src={url} w={size} h={size} fit="cover" alt={alt} loading="lazy" />
      ) : (
        <IconAlignLeft size={size * 0.4} className="soft" stroke={1.5} aria-hidden />
      )}
      {isVideo && (
        <Center
          pos="absolute"
          right={4}
          bottom={4}
          w={18}
          h={18}
          c="white"
          style={{ borderRadius: 9, background: "rgb(0 0 0 / 55%)" }}
          role="img"
          aria-label="Video"
        >
          <IconPlayerPlayFilled size={10} />
        </Center>
      )}
    </Center>
  );
}

export function PostThumbnail({ post, size }: { post: Post; size?: number }) {
  const first = post.media[0];
  return (
    <Thumbnail
      url={first?.asset.thumbnail_url ?? null}
      isVideo={first?.asset.kind === "video"}
      alt={first?.alt_text ?? ""}
      {...(size ? { size } : {})}
    />
  );
}
