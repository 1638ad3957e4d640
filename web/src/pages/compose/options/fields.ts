import type { Problem } from "@/api/types";
import type { Draft } from "@/pages/compose/draft";
import type { OptionSchema } from "@/ui/options/schema";

/** What every control of an option gets. */
export interface FieldProps {
  label: string | undefined;
  description: string | undefined;
  error: string | undefined;
  value: unknown;
  draft: Draft;
  onChange: (value: unknown) => void;
  "data-testid": string;
}

/** Whether a post like this one can have the choice. */
export function fits(schema: OptionSchema, draft: Draft): boolean {
  if (schema["x-formats"] && !schema["x-formats"].includes(draft.format)) return false;
  switch (schema["x-media"]) {
    case "none":
      return draft.media.length === 0;
    case undefined:
      return true;
    default:
      return draft.media.some(({ asset }) => asset?.kind === schema["x-media"]);
  }
}

/** What is wrong with one option, in the server's words. */
export const optionError = (problems: Problem[], name: string): string | undefined =>
  problems.find(({ field, severity }) => severity === "error" && field.split("/")[2] === name)?.message;
