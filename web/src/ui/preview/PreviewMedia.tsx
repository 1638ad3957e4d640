import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import type { PreviewContent } from "@/ui/preview/content";
import { PreviewVideo } from "@/ui/preview/PreviewVideo";
import classes from "@/ui/preview/Preview.module.css";

interface PreviewMediaProps {
  media: PreviewContent["media"];
  /** Width to height. */
  ratio: number;
  /** Networks crop a carousel to the shape of its first item; clips are shown whole. */
  fit: "cover" | "contain";
}

/** The media of a post, one at a time. */
export function PreviewMedia({ media, ratio, fit }: PreviewMediaProps) {
  const [wanted, setWanted] = useState(0);
  const place = Math.min(wanted, media.length - 1);
  const shown = media[place];
  if (!shown) {
    return (
      <div className={classes.blank} style={{ aspectRatio: ratio }}>
        Your media appears here
      </div>
    );
  }
  const { asset, altText, cover } = shown;
  return (
    <div className={classes.media} style={{ aspectRatio: ratio }} data-fit={fit}>
      {asset.kind === "video" ? (
        <PreviewVideo key={asset.id} asset={asset} cover={cover} label={altText || asset.name} />
      ) : (
        <img src={asset.content_url} alt={altText} />
      )}
      {media.length > 1 && (
        <>
          <span className={classes.counter}>
            {place + 1}/{media.length}
          </span>
          {place > 0 && (
            <ActionIcon
              className={classes.before!}
              variant="default"
              radius="xl"
              aria-label="Earlier picture"
              onClick={() => setWanted(place - 1)}
            >
              <IconChevronLeft size={16} aria-hidden />
            </ActionIcon>
          )}
          {place < media.length - 1 && (
            <ActionIcon
              className={classes.after!}
              variant="default"
              radius="xl"
              aria-label="Next picture"
              onClick={() => setWanted(place + 1)}
            >
              <IconChevronRight size={16} aria-hidden />
            </ActionIcon>
          )}
        </>
      )}
    </div>
  );
}
