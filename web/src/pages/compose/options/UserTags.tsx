import { Group, NativeSelect, Stack, TagsInput, Text } from "@mantine/core";
import { readyMedia } from "@/pages/compose/draft";
import type { FieldProps } from "@/pages/compose/options/fields";
import { TagBoard } from "@/pages/compose/options/TagBoard";
import { newTag, readTags, type UserTag } from "@/ui/options/tags";

/** People tagged on the media: their names, on which of the media, and where on a picture. */
export function UserTags({ label, description, error, value, draft, onChange, ...rest }: FieldProps) {
  const tags = readTags(value);
  const media = readyMedia(draft);
  const isPicture = (place: number) => media[place]?.asset.kind === "image";
  const firstPicture = Math.max(
    0,
    media.findIndex(({ asset }) => asset.kind === "image"),
  );
  const placed = (username: string, place: number) => newTag(username, place, isPicture(place), tags);
  const replace = (tag: UserTag) => onChange(tags.map((other) => (other.username === tag.username ? tag : other)));
  const remove = (username: string) => onChange(tags.filter((tag) => tag.username !== username));
  return (
    <Stack gap="xs">
      <TagsInput
        label={label}
        description={description}
        error={error}
        value={tags.map(({ username }) => username)}
        onChange={(names) =>
          onChange(
            names.map((name) => {
              const username = name.trim().replace(/^@/, "");
              return tags.find((tag) => tag.username === username) ?? placed(username, firstPicture);
            }),
          )
        }
        data-testid={rest["data-testid"]}
      />
      {media.length > 1 &&
        tags.map((tag) => (
          <Group key={tag.username} gap="xs">
            <Text size="sm" fw={600}>
              @{tag.username}
            </Text>
            <NativeSelect
              size="xs"
              aria-label={`Where @${tag.username} is tagged`}
              data={media.map(({ name }, place) => ({ value: String(place), label: `${place + 1}. ${name}` }))}
              value={String(tag.media)}
              onChange={(event) => replace(placed(tag.username, Number(event.currentTarget.value)))}
            />
          </Group>
        ))}
      {media.map(({ key, asset }, place) => {
        const here = tags.filter((tag) => tag.media === place);
        return here.length > 0 && isPicture(place) ? (
          <TagBoard key={key} asset={asset} tags={here} onMove={replace} onRemove={remove} />
        ) : null;
      })}
    </Stack>
  );
}
