import type { Format, NetworkInfo } from "@/api/types";

/** One property of a network's options schema, as the server describes it. */
export interface OptionSchema {
  title?: string;
  description?: string;
  default?: unknown;
  type?: "string" | "boolean" | "integer" | "number" | "array" | "null";
  format?: string;
  enum?: (string | number)[];
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  maxLength?: number;
  anyOf?: OptionSchema[];
  $ref?: string;
  /** Which posts have this choice; absent: all. */
  "x-formats"?: Format[];
  "x-media"?: "image" | "video" | "none";
}

type Schemas = Record<string, OptionSchema>;

/** A network's options by name, with what they refer to in place. */
export function optionsOf({ options_schema }: NetworkInfo): Schemas {
  const definitions = (options_schema.$defs ?? {}) as Schemas;
  const properties = (options_schema.properties ?? {}) as Schemas;
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, resolved(schema, definitions)]));
}

/** What stands beside a reference or an "or null" (title, description, default) wins over what stands within. */
function resolved(schema: OptionSchema, definitions: Schemas): OptionSchema {
  const inner = schema.$ref
    ? definitions[schema.$ref.split("/").at(-1) ?? ""]
    : schema.anyOf?.find(({ type }) => type !== "null");
  return inner ? { ...resolved(inner, definitions), ...schema } : schema;
}
