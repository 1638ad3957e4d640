import { ActionIcon } from "@mantine/core";
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useRef, useState } from "react";
import type { Asset } from "@/api/types";
import classes from "@/ui/preview/Preview.module.css";

/** A silent, looping clip with one big button, so that nothing of the browser's own covers the preview. */
export function PreviewVideo({ asset, cover, label }: { asset: Asset; cover: Asset | null; label: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const toggle = () => {
    if (isPlaying) video.current?.pause();
    else void video.current?.play();
  };
  return (
    <>
      <video
        ref={video}
        src={asset.content_url}
        poster={(cover ?? asset).thumbnail_url}
        preload="none"
        muted
        loop
        playsInline
        aria-label={label}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
      />
      <ActionIcon
        className={classes.play!}
        data-playing={isPlaying || undefined}
        size={52}
        radius={99}
        aria-label={isPlaying ? "Pause" : "Play"}
        onClick={toggle}
      >
        {isPlaying ? <IconPlayerPauseFilled size={24} aria-hidden /> : <IconPlayerPlayFilled size={24} aria-hidden />}
      </ActionIcon>
    </>
  );
}
