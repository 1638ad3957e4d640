import { readTags } from "@/ui/options/tags";

/** How a person reads the networks' own words. */
export const CHOICE_NAMES: Record<string, string> = {
  MANUAL: "Until somebody shares it with everybody in the app",
  SS_PERFORMANCE: "Until it does well; then it is shared by itself",
  PUBLIC_TO_EVERYONE: "Everyone",
  MUTUAL_FOLLOW_FRIENDS: "Friends",
  FOLLOWER_OF_CREATOR: "Followers",
  SELF_ONLY: "Only me",
};

export const choiceName = (choice: string | number) => CHOICE_NAMES[choice] ?? String(choice);

/** "2.0 s": as exact as a moment of a video is chosen. */
export const moment = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

const SPOKEN: Record<string, (value: unknown) => string> = {
  cover_ms: (value) => `at ${moment(Number(value))}`,
  photo_cover_index: (value) => `picture ${Number(value) + 1}`,
  user_tags: (value) =>
    readTags(value)
      .map(({ username }) => `@${username}`)
      .join(", "),
};

/** An option's value in words; "" where its title alone says it. */
export function spoken(name: string, value: unknown): string {
  const own = SPOKEN[name];
  if (own) return own(value);
  if (Array.isArray(value)) return value.join(", ");
  return value === true ? "" : choiceName(String(value));
}
