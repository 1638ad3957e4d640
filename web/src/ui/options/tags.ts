/** A person marked on one of the media; `x` and `y` are shares of a picture's width and height, from the top left. */
export interface UserTag {
  username: string;
  media: number;
  x: number | null;
  y: number | null;
}

/** The option's value as the API has it: a program may leave out what has a default. */
export const readTags = (value: unknown): UserTag[] =>
  Array.isArray(value)
    ? (value as (Partial<UserTag> & { username: string })[]).map((tag) => ({ media: 0, x: null, y: null, ...tag }))
    : [];

export const MIDDLE = 0.5;
const APART = 0.13;

/** A new mark: on a picture it has a place, one below the other; on a video it has none. */
export const newTag = (username: string, media: number, isPicture: boolean, others: UserTag[]): UserTag => {
  const below = others.filter((tag) => tag.media === media).length * APART;
  return isPicture ? { username, media, x: MIDDLE, y: (MIDDLE + below) % 1 } : { username, media, x: null, y: null };
};
