import type { Format, MetricKey, NetworkKey, Role } from "@/api/types";

export const NETWORK_NAMES: Record<NetworkKey, string> = {
  facebook: "Facebook",
  instagram: "Instagram",
  tiktok: "TikTok",
};

export const FORMAT_NAMES: Record<Format, string> = { feed: "Feed post", reel: "Reel", story: "Story" };

export const noFormat = (network: string, format: Format) => `${network} has no ${FORMAT_NAMES[format].toLowerCase()}.`;

export const METRIC_NAMES: Record<MetricKey, string> = {
  views: "Views",
  reach: "Reach",
  likes: "Likes",
  comments: "Comments",
  shares: "Shares",
  saves: "Saves",
  clicks: "Clicks",
  watch_time_ms: "Watch time",
};

export const ROLE_NAMES: Record<Role, string> = {
  administrator: "Administrator",
  editor: "Editor",
  viewer: "Viewer",
};

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const plain = new Intl.NumberFormat("en");

/** Unknown is a dash, never a zero. */
export const count = (value: number | null | undefined) =>
  value === null || value === undefined ? "–" : value < 10_000 ? plain.format(value) : compact.format(value);

export const plural = (number: number, one: string, many = `${one}s`) =>
  `${plain.format(number)} ${number === 1 ? one : many}`;

export function fileSize(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
