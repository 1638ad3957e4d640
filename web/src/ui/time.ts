/** Times. A wall-clock time is "2026-11-25T09:00:00" without a zone; an instant ends in "Z". */

const NAIVE: Intl.DateTimeFormatOptions = { timeZone: "UTC" };
const asUtc = (wall: string) => new Date(`${wall.replace(" ", "T").replace(/Z$/, "").slice(0, 19)}Z`);

const DAY: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };
const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export const wallDay = (wall: string) => new Intl.DateTimeFormat("en-GB", { ...DAY, ...NAIVE }).format(asUtc(wall));
export const wallClock = (wall: string) => new Intl.DateTimeFormat("en-GB", { ...CLOCK, ...NAIVE }).format(asUtc(wall));
export const wallMoment = (wall: string) => `${wallDay(wall)}, ${wallClock(wall)}`;

export const longDay = (day: string) =>
  new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", ...NAIVE }).format(
    asUtc(`${day}T00:00:00`),
  );

export const monthName = (day: string) =>
  new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", ...NAIVE }).format(asUtc(`${day}T00:00:00`));

/** "23–29 Nov 2026"; both days included. */
export const daySpan = (from: string, to: string) =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", ...NAIVE }).formatRange(
    asUtc(`${from}T00:00:00`),
    asUtc(`${to}T00:00:00`),
  );

/** The wall-clock time of an instant in a zone, "2026-11-25T09:00:00". */
export function wallOf(instant: Date | string, zone: string): string {
  const date = typeof instant === "string" ? new Date(instant) : instant;
  const text = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  }).format(date);
  return text.replace(" ", "T");
}

export const today = (zone: string) => wallOf(new Date(), zone).slice(0, 10);

export const instantMoment = (instant: string, zone: string) => wallMoment(wallOf(instant, zone));

export function addDays(day: string, days: number): string {
  const date = asUtc(`${day}T00:00:00`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** "Today", "Tomorrow" or the day itself. */
export function relativeDay(wall: string, zone: string): string {
  const day = wall.slice(0, 10);
  const now = today(zone);
  if (day === now) return "Today";
  if (day === addDays(now, 1)) return "Tomorrow";
  if (day === addDays(now, -1)) return "Yesterday";
  return wallDay(wall);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** "in 3 hours", "2 days ago". */
export function fromNow(instant: string): string {
  const distance = Date.parse(instant) - Date.now();
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(distance) >= size) return words.format(Math.round(distance / size), unit);
  }
  return distance > 0 ? "in a moment" : "just now";
}

/** "UTC+1" for a zone at a moment. */
export function zoneOffset(zone: string, at: Date = new Date()): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(at);
  return (parts.find((part) => part.type === "timeZoneName")?.value ?? "UTC").replace("GMT", "UTC");
}

export const zoneName = (zone: string) => zone.split("/").pop()?.replaceAll("_", " ") ?? zone;

/** "420 ms", "3.2 s", "2 min 5 s". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The instant of a wall-clock time in a zone (in a skipped or repeated hour: one of the possible ones). */
export function instantOf(wall: string, zone: string): Date {
  const wanted = asUtc(wall).getTime();
  let guess = wanted;
  for (let turn = 0; turn < 2; turn += 1) guess += wanted - asUtc(wallOf(new Date(guess), zone)).getTime();
  return new Date(guess);
}

export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
