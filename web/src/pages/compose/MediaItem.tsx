import { ActionIcon, Button, FileButton, Group, Progress, Stack, Text, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconGripVertical, IconTrash } from "@tabler/icons-react";
import type { DraftMedia } from "@/pages/compose/draft";
import { Thumbnail } from "@/ui/Thumbnail";
import { duration } from "@/ui/time";
import { fileSize } from "@/ui/words";
import classes from "@/pages/compose/Compose.module.css";

interface MediaItemProps {
  item: DraftMedia;
  place: number;
  count: number;
  isDragged: boolean;
  onDragStart: () => void;
  onDragEnter: () => void;
  onDragEnd: () => void;
  onMove: (to: number) => void;
  onRemove: () => void;
  onAltText: (text: string) => void;
  /** Gets an image, or null to go without; null where no chosen network takes a cover for this. */
  onCover: ((file: File | null) => void) | null;
}

interface CoverProps {
  item: DraftMedia;
  onCover: (file: File | null) => void;
}

function Cover({ item: { name, cover }, onCover }: CoverProps) {
  return (
    <Group gap="xs">
      {cover && <Thumbnail url={cover.thumbnail_url} size={28} isVideo={false} alt={`Cover of ${name}`} />}
      <FileButton
        onChange={(file) => file && onCover(file)}
        accept="image/*"
        inputProps={{ "aria-label": `Cover image of ${name}` }}
      >
        {(props) => (
          <Button {...props} variant="subtle" size="compact-xs" data-testid="choose-cover">
            {cover ? "Another cover image" : "Choose a cover image"}
          </Button>
        )}
      </FileButton>
      {cover && (
        <Button variant="subtle" color="gray" size="compact-xs" onClick={() => onCover(null)}>
          No cover image
        </Button>
      )}
    </Group>
  );
}

export function MediaItem({
  item,
  place,
  count,
  isDragged,
  onDragStart,
  onDragEnter,
  onDragEnd,
  onMove,
  onRemove,
  onAltText,
  onCover,
}: MediaItemProps) {
  const { asset } = item;
  const facts = asset
    ? [
        `${asset.width} × ${asset.height}`,
        asset.duration_ms === null ? null : duration(asset.duration_ms),
        fileSize(asset.size_bytes),
      ]
        .filter(Boolean)
        .join(" · ")
    : null;
  return (
    <li
      className={classes.mediaItem}
      draggable={count > 1}
      data-dragged={isDragged || undefined}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        onDragStart();
      }}
      onDragEnter={onDragEnter}
      onDragOver={(event) => event.preventDefault()}
      onDragEnd={onDragEnd}
      data-testid="media-item"
      data-ready={asset ? true : undefined}
    >
      {count > 1 && <IconGripVertical size={16} className={classes.grip} aria-hidden />}
      <Thumbnail url={asset?.thumbnail_url ?? null} size={64} isVideo={asset?.kind === "video"} alt={item.altText} />
      <Stack gap={4} flex={1} miw={0}>
        <Group gap={6} wrap="nowrap">
          <Text size="sm" fw={600} truncate>
            {item.name}
          </Text>
          {facts && (
            <Text size="xs" className="soft numeric" truncate visibleFrom="xs">
              {facts}
            </Text>
          )}
        </Group>
        {item.error && (
          <Text size="sm" c="red" role="alert">
            {item.error}
          </Text>
        )}
        {!asset && !item.error && (
          <Progress value={item.progress * 100} animated aria-label={`Uploading ${item.name}`} my={10} />
        )}
        {asset && (
          <TextInput
            size="xs"
            placeholder="Describe it for people who cannot see it"
            aria-label={`Alternative text of ${item.name}`}
            value={item.altText}
            onChange={(event) => onAltText(event.currentTarget.value)}
            data-testid="alt-text"
          />
        )}
        {onCover && <Cover item={item} onCover={onCover} />}
      </Stack>
      <Group gap={2} wrap="nowrap">
        {count > 1 && (
          <Stack gap={0}>
            <ActionIcon
              size="sm"
              aria-label={`Move ${item.name} up`}
              disabled={place === 0}
              onClick={() => onMove(place - 1)}
            >
              <IconArrowUp size={14} aria-hidden />
            </ActionIcon>
            <ActionIcon
              size="sm"
              aria-label={`Move ${item.name} down`}
              disabled={place === count - 1}
              onClick={() => onMove(place + 1)}
            >
              <IconArrowDown size={14} aria-hidden />
            </ActionIcon>
          </Stack>
        )}
        <ActionIcon aria-label={`Remove ${item.name}`} onClick={onRemove} data-testid="remove-media">
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
    </li>
  );
}
