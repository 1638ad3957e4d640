import { Button, Group, Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { useDisclosure } from "@mantine/hooks";
import { IconLibraryPhoto, IconPhotoPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { Format, NetworkInfo } from "@/api/types";
import { AssetLibrary } from "@/pages/compose/AssetLibrary";
import { mediaOf, type DraftMedia } from "@/pages/compose/draft";
import { MediaItem } from "@/pages/compose/MediaItem";
import { useUploads } from "@/pages/compose/useUploads";
import classes from "@/pages/compose/Compose.module.css";

const ACCEPTED = ["image/*", "video/*"];

interface MediaEditorProps {
  media: DraftMedia[];
  format: Format;
  networks: NetworkInfo[];
  onChange: (update: (media: DraftMedia[]) => DraftMedia[]) => void;
}

/** "Up to 10 pictures or videos", as the tightest of the chosen networks has it. */
function roomHint(format: Format, networks: NetworkInfo[]): string {
  const rules = networks.flatMap((network) => network.formats[format] ?? []);
  if (rules.length === 0) return "Pictures or videos";
  const max = Math.min(...rules.map(({ count }) => count[1]));
  if (!rules.every(({ kinds }) => kinds.includes("image"))) return max === 1 ? "One video" : `Up to ${max} videos`;
  if (max === 1) return "One picture or video";
  return rules.every(({ mixes_kinds }) => mixes_kinds)
    ? `Up to ${max} pictures or videos`
    : `Up to ${max} pictures, or one video`;
}

export function MediaEditor({ media, format, networks, onChange }: MediaEditorProps) {
  const { add, remove, patch, setCover } = useUploads(onChange);
  const takesCover = networks.some((network) => network.formats[format]?.takes_cover);
  const [isLibraryOpen, library] = useDisclosure(false);
  const [dragged, setDragged] = useState<number | null>(null);
  const move = (from: number, to: number) =>
    onChange((before) => {
      const item = before[from];
      if (!item || to < 0 || to >= before.length) return before;
      const rest = before.filter((_, place) => place !== from);
      return [...rest.slice(0, to), item, ...rest.slice(to)];
    });
  return (
    <Stack gap="sm" mt="md">
      {media.length > 0 && (
        <ol className={classes.media} aria-label="Media, in their order">
          {media.map((item, place) => (
            <MediaItem
              key={item.key}
              item={item}
              place={place}
              count={media.length}
              isDragged={dragged === place}
              onDragStart={() => setDragged(place)}
              onDragEnter={() => {
                if (dragged === null || dragged === place) return;
                move(dragged, place);
                setDragged(place);
              }}
              onDragEnd={() => setDragged(null)}
              onMove={(to) => move(place, to)}
              onRemove={() => remove(item.key)}
              onAltText={(altText) => patch(item.key, { altText })}
              onCover={
                takesCover && item.asset?.kind === "video"
                  ? (file) => (file ? void setCover(item.key, file) : patch(item.key, { cover: null }))
                  : null
              }
            />
          ))}
        </ol>
      )}
      <Dropzone
        onDrop={add}
        accept={ACCEPTED}
        radius="md"
        p="md"
        aria-label="Add media"
        data-testid="dropzone"
        inputProps={
          {
            "aria-label": "Choose media files",
            "data-testid": "media-input",
          } as React.InputHTMLAttributes<HTMLInputElement>
        }
        className={classes.dropzone!}
      >
        <Group justify="center" gap="sm" mih={media.length ? 36 : 92}>
          <IconPhotoPlus size={26} stroke={1.5} className="soft" aria-hidden />
          <div>
            <Text size="sm" fw={600}>
              Drop files here, or click to choose
            </Text>
            <Text size="xs" className="soft">
              {roomHint(format, networks)}
            </Text>
          </div>
        </Group>
      </Dropzone>
      <Button
        variant="subtle"
        size="xs"
        style={{ alignSelf: "flex-start" }}
        leftSection={<IconLibraryPhoto size={16} aria-hidden />}
        onClick={library.open}
        data-testid="open-library"
      >
        Choose from the library
      </Button>
      <AssetLibrary
        isOpen={isLibraryOpen}
        onClose={library.close}
        onChoose={(asset) => {
          onChange((before) =>
            before.some((item) => item.asset?.id === asset.id) ? before : [...before, mediaOf(asset)],
          );
          library.close();
        }}
      />
    </Stack>
  );
}
