import type { Options } from "@/api/types";

/** TikTok's content sharing guidelines (https://developers.tiktok.com/docs/en/content-sharing-guidelines) fix these words. */
export const DISCLOSURE_NEEDED = "You need to indicate if your content promotes yourself, a third party, or both.";
export const BRANDED_NOT_PRIVATE = "Branded content visibility cannot be set to private.";

export const PRIVACY_NAMES: Record<string, string> = {
  PUBLIC_TO_EVERYONE: "Everyone",
  MUTUAL_FOLLOW_FRIENDS: "Friends",
  FOLLOWER_OF_CREATOR: "Followers",
  SELF_ONLY: "Only me",
};

/** Everything is off until a person turns it on, and privacy has no default. */
export interface TikTokChoice {
  privacy_level: string | null;
  allow_comment: boolean;
  allow_duet: boolean;
  allow_stitch: boolean;
  discloses_commercial: boolean;
  your_brand: boolean;
  branded_content: boolean;
  is_aigc: boolean;
}

export const readChoice = (options: Options): TikTokChoice => ({
  privacy_level: typeof options.privacy_level === "string" ? options.privacy_level : null,
  allow_comment: options.allow_comment === true,
  allow_duet: options.allow_duet === true,
  allow_stitch: options.allow_stitch === true,
  discloses_commercial: options.discloses_commercial === true,
  your_brand: options.your_brand === true,
  branded_content: options.branded_content === true,
  is_aigc: options.is_aigc === true,
});

/** The options with these choices; what is not chosen here stays as it was. */
export function writeChoice(before: Options, { privacy_level, ...choice }: TikTokChoice): Options {
  return {
    ...before,
    ...(privacy_level ? { privacy_level } : {}),
    ...choice,
    your_brand: choice.discloses_commercial && choice.your_brand,
    branded_content: choice.discloses_commercial && choice.branded_content,
  };
}

/** The disclosure is on, and nothing is said about what is promoted. */
export const isDisclosureMissing = (options: Options): boolean => {
  const { discloses_commercial, your_brand, branded_content } = readChoice(options);
  return discloses_commercial && !your_brand && !branded_content;
};

export interface Declaration {
  text: string;
  /** The words in `text` that lead somewhere, and where. */
  links: Record<string, string>;
}

/** What the creator may choose at this moment, as the server tells it. */
export interface TikTokLive {
  nickname: string;
  privacy_options: string[];
  comment_disabled: boolean;
  duet_disabled: boolean;
  stitch_disabled: boolean;
  video_max_s: number | null;
  declaration: Declaration;
  branded_declaration: Declaration;
  notice: string;
}
