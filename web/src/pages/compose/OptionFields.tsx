import { NumberInput, Select, Stack, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import type { Format, NetworkInfo, Options } from "@/api/types";
import type { Draft } from "@/pages/compose/draft";
import { UserTags } from "@/pages/compose/UserTags";

/** One property of a network's options schema, as the server describes it. */
interface OptionSchema {
  title?: string;
  description?: string;
  default?: unknown;
  type?: "string" | "boolean" | "integer" | "number" | "array";
  format?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  maxLength?: number;
  anyOf?: OptionSchema[];
  items?: { type?: string; $ref?: string };
  /** Which posts have this choice; absent: all. */
  "x-formats"?: Format[];
  "x-media"?: "image" | "video" | "none";
}

interface OptionFieldsProps {
  network: NetworkInfo;
  options: Options;
  draft: Draft;
  onChange: (options: Options) => void;
  /** Names that have a control of their own elsewhere. */
  except?: readonly string[];
}

const LONG_TEXT = 300;
const DRAFT_OPTIONS: readonly string[] = ["as_draft", "title"];

/** The choices that a network's schema describes: a control each, shown where the post can have it. */
export function OptionFields({ network, options, draft, onChange, except = [] }: OptionFieldsProps) {
  const properties = (network.options_schema.properties ?? {}) as Record<string, OptionSchema>;
  const shown = Object.entries(properties).filter(
    ([name, schema]) =>
      !except.includes(name) &&
      (options.as_draft !== true || DRAFT_OPTIONS.includes(name)) &&
      (fits(schema, draft) || options[name] !== undefined),
  );
  if (shown.length === 0) return null;
  const set = (name: string, value: unknown) => {
    const { [name]: _, ...rest } = options;
    const chosen = isEmpty(value) || value === properties[name]?.default ? rest : { ...rest, [name]: value };
    // A draft takes nothing but its title: the creator chooses the rest in the network's own app.
    onChange(chosen.as_draft === true ? pick(chosen, DRAFT_OPTIONS) : chosen);
  };
  return (
    <Stack gap="sm" mt="sm">
      {shown.map(([name, schema]) => (
        <OptionField
          key={name}
          testId={`${network.key}-${name}`}
          schema={{ ...schema, ...schema.anyOf?.find(({ type }) => type !== undefined && (type as string) !== "null") }}
          value={options[name] ?? schema.default}
          startsWithVideo={draft.media[0]?.asset?.kind === "video"}
          onChange={(value) => set(name, value)}
        />
      ))}
    </Stack>
  );
}

interface OptionFieldProps {
  testId: string;
  schema: OptionSchema;
  value: unknown;
  startsWithVideo: boolean;
  onChange: (value: unknown) => void;
}

function OptionField({ testId, schema, value, startsWithVideo, onChange }: OptionFieldProps) {
  const common = { label: schema.title, description: schema.description, "data-testid": testId };
  if (schema.type === "boolean") {
    return <Switch {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
  }
  if (schema.type === "integer" || schema.type === "number") {
    return (
      <NumberInput
        {...common}
        min={schema.minimum}
        max={schema.maximum}
        allowDecimal={schema.type === "number"}
        value={typeof value === "number" ? value : ""}
        onChange={(number) => onChange(number === "" ? null : Number(number))}
      />
    );
  }
  if (schema.type === "array" && schema.items?.$ref) {
    return <UserTags {...common} value={value} hasPlace={!startsWithVideo} onChange={onChange} />;
  }
  if (schema.type === "array") {
    return (
      <TagsInput
        {...common}
        maxTags={schema.maxItems}
        value={Array.isArray(value) ? value.map(String) : []}
        onChange={(words) => onChange(words.map((word) => word.trim().replace(/^@/, "")))}
      />
    );
  }
  if (schema.enum) {
    return (
      <Select
        {...common}
        clearable
        data={schema.enum}
        value={typeof value === "string" ? value : null}
        onChange={onChange}
      />
    );
  }
  const text = typeof value === "string" ? value : "";
  const write = (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value);
  if ((schema.maxLength ?? 0) > LONG_TEXT) return <Textarea {...common} autosize value={text} onChange={write} />;
  return <TextInput {...common} type={schema.format === "uri" ? "url" : "text"} value={text} onChange={write} />;
}

function fits(schema: OptionSchema, draft: Draft): boolean {
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

const pick = (options: Options, names: readonly string[]): Options =>
  Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
