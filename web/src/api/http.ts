import type { Problem } from "@/api/types";

const API = "/api/v1";

interface ProblemDocument {
  type?: string;
  title?: string;
  detail?: string;
  field?: string | null;
  problems?: Problem[];
}

/** What the server refused, with its own sentence as `message`. `status` 0: no answer arrived at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly slug: string;
  readonly problems: Problem[];

  constructor(status: number, document: ProblemDocument) {
    super(document.detail ?? document.title ?? "Something went wrong on the server. Please try again.");
    this.name = "ApiError";
    this.status = status;
    this.slug = document.type?.split(":").pop() ?? "unknown";
    this.problems = document.problems ?? [];
  }
}

export const unreachable = () =>
  new ApiError(0, { detail: "Postline cannot be reached. Check your connection and try again." });

/** The sentence to show for anything that was thrown. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong. Please try again.";
}

/** A random UUID; also where `crypto.randomUUID` is missing (plain HTTP on a local network). */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A second key that always belongs to the first: for an action of two requests. */
export const siblingKey = (key: string): string =>
  key.slice(0, -1) + ((parseInt(key.slice(-1), 16) + 1) % 16).toString(16);

type Query = Record<string, string | number | null | undefined>;

export function apiUrl(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return `${API}${path}${text ? `?${text}` : ""}`;
}

interface Extras {
  query?: Query;
  /** The Idempotency-Key: one per user action, the same when it is tried again. */
  key?: string;
  /** The version the change is based on. */
  ifMatch?: number;
  signal?: AbortSignal;
}

export const GUARD_HEADER = { "X-Postline-Request": "ui" };

async function call<T>(method: string, path: string, body: unknown, extras: Extras): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") Object.assign(headers, GUARD_HEADER);
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (extras.key) headers["Idempotency-Key"] = extras.key;
  if (extras.ifMatch !== undefined) headers["If-Match"] = `"${extras.ifMatch}"`;
  let response: Response;
  try {
    response = await fetch(apiUrl(path, extras.query), {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: extras.signal ?? null,
      credentials: "same-origin",
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, parse(text) as ProblemDocument);
  return (text ? JSON.parse(text) : undefined) as T;
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}

export const http = {
  get: <T>(path: string, extras: Extras = {}) => call<T>("GET", path, undefined, extras),
  post: <T>(path: string, body: unknown = undefined, extras: Extras = {}) => call<T>("POST", path, body, extras),
  patch: <T>(path: string, body: unknown, extras: Extras = {}) => call<T>("PATCH", path, body, extras),
  delete: (path: string) => call<void>("DELETE", path, undefined, {}),
};
