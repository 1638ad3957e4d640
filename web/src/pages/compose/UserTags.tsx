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
  onChange: (tags: UserTag[]) => void;
  "data-testid": string;
}

const MIDDLE = 0.5;

/** People tagged in the first picture, in its middle unless a program placed them elsewhere. */
export function UserTags({ value, onChange, ...rest }: UserTagsProps) {
  const tags = Array.isArray(value) ? (value as UserTag[]) : [];
  return (
    <TagsInput
      {...rest}
      value={tags.map(({ username }) => username)}
      onChange={(names) =>
        onChange(
          names.map((name) => {
            const username = name.trim().replace(/^@/, "");
            return tags.find((tag) => tag.username === username) ?? { username, media: 0, x: MIDDLE, y: MIDDLE };
          }),
        )
      }
    />
  );
}
