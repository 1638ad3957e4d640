import type { MetricKey, ReportRow } from "@/api/types";
import { METRIC_NAMES } from "@/ui/words";

const METRICS = [
  "views",
  "reach",
  "likes",
  "comments",
  "shares",
  "saves",
  "clicks",
] as const satisfies readonly MetricKey[];

export type ColumnKey = "published_at" | "lateness_ms" | (typeof METRICS)[number];

export const COLUMNS: { key: ColumnKey; label: string }[] = [
  { key: "published_at", label: "Live" },
  ...METRICS.map((key) => ({ key, label: METRIC_NAMES[key] })),
  { key: "lateness_ms", label: "Late by" },
];

export function columnValue(row: ReportRow, key: ColumnKey): string | number | null {
  if (key === "published_at") return row.published_at;
  return key === "lateness_ms" ? row.lateness_ms : (row.metrics[key] ?? null);
}
