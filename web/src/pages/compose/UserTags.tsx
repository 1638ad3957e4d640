import { TagsInput } from "@mantine/core";

interface UserTag {
  username: string;
  media: number;
  x: number | null;
  y: number | null;
}

interface UserTagsProps {
  label: string | undefined;
  description: string | undefined;
  value: unknown;
  /** On a picture a tag has a place, on a video none. */
  hasPlace: boolean;
  onChange: (tags: UserTag[]) => void;
  "data-testid": string;
}

const MIDDLE = 0.5;

/** People tagged on the first of the media; in a picture's middle, unless a program placed them elsewhere. */
export function UserTags({ value, hasPlace, onChange, ...rest }: UserTagsProps) {
  const place = hasPlace ? { x: MIDDLE, y: MIDDLE } : { x: null, y: null };
  const tags = Array.isArray(value) ? (value as UserTag[]) : [];
  return (
    <TagsInput
      {...rest}
      value={tags.map(({ username }) => username)}
      onChange={(names) =>
        onChange(
          names.map((name) => {
            const username = name.trim().replace(/^@/, "");
            return tags.find((tag) => tag.username === username) ?? { username, media: 0, ...place };
          }),
        )
      }
    />
  );
}
