import { Group, Radio } from "@mantine/core";
import { readyMedia } from "@/pages/compose/draft";
import type { FieldProps } from "@/pages/compose/options/fields";
import { Thumbnail } from "@/ui/Thumbnail";
import classes from "@/pages/compose/options/Options.module.css";

/** One of the post's pictures, kept as its place from 0. There is nothing to choose among fewer than two. */
export function PictureField({ label, description, error, value, draft, onChange, ...rest }: FieldProps) {
  const media = readyMedia(draft);
  if (media.length < 2) return null;
  return (
    <Radio.Group
      label={label}
      description={description}
      error={error}
      value={String(value ?? 0)}
      onChange={(place) => onChange(Number(place))}
      data-testid={rest["data-testid"]}
    >
      <Group gap="xs" mt={6}>
        {media.map(({ key, name, asset }, place) => (
          <Radio.Card
            key={key}
            value={String(place)}
            className={classes.picture!}
            aria-label={`Picture ${place + 1}: ${name}`}
          >
            <Thumbnail url={asset.thumbnail_url} size={60} />
          </Radio.Card>
        ))}
      </Group>
    </Radio.Group>
  );
}
