import type { Report } from "@/api/types";
import { COLUMNS, columnValue } from "@/pages/reports/columns";

/** A cell that a spreadsheet takes as text: quoted, and never as a formula. */
function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

function reportCsv({ rows }: Report): string {
  const header = ["caption", "network", "profile", "type", "link", ...COLUMNS.map(({ key }) => key)];
  const lines = rows.map((row) => [
    row.caption,
    row.network,
    row.profile_name,
    row.format,
    row.permalink,
    ...COLUMNS.map(({ key }) => columnValue(row, key)),
  ]);
  return [header, ...lines].map((line) => line.map(cell).join(",")).join("\r\n");
}

/** Saves the report's rows as a file. The mark at the beginning makes spreadsheets read UTF-8. */
export function downloadCsv(report: Report, [from, to]: [string, string]): void {
  const url = URL.createObjectURL(new Blob([`\uFEFF${reportCsv(report)}`], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `postline-${from}-to-${to}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
