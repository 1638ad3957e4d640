import { NumberInput, Select, Stack, Switch, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import type { ComponentType } from "react";
import type { NetworkInfo, Options, Problem } from "@/api/types";
import type { Draft } from "@/pages/compose/draft";
import { CountryField } from "@/pages/compose/options/CountryField";
import { MomentField } from "@/pages/compose/options/MomentField";
import { PictureField } from "@/pages/compose/options/PictureField";
import { fits, optionError, type FieldProps } from "@/pages/compose/options/fields";
import { UserTags } from "@/pages/compose/options/UserTags";
import { choiceName } from "@/ui/options/names";
import { optionsOf, type OptionSchema } from "@/ui/options/schema";

interface OptionFieldsProps {
  network: NetworkInfo;
  options: Options;
  draft: Draft;
  problems: Problem[];
  onChange: (options: Options) => void;
  /** Names that have a control of their own elsewhere. */
  except?: readonly string[];
}

/** Options that are better pointed at than typed. */
const OWN_CONTROLS: Record<string, ComponentType<FieldProps>> = {
  audience_countries: CountryField,
  cover_ms: MomentField,
  photo_cover_index: PictureField,
  user_tags: UserTags,
};

/** What to say where the server's description tells a program how to write the value. */
const HINTS: Record<string, string> = {
  audience_countries: "People elsewhere do not see the post.",
  cover_ms: "The moment that stands for the video until it plays.",
  photo_cover_index: "The picture that stands for all of them.",
  trial: "How long only people who do not follow the account see it.",
  user_tags: "Usernames of public accounts. On a picture, each one has a place.",
};

const LONG_TEXT = 300;
const DRAFT_OPTIONS: readonly string[] = ["as_draft", "title"];

/** The choices that a network's schema describes: a control each, shown where the post can have it. */
export function OptionFields({ network, options, draft, problems, onChange, except = [] }: OptionFieldsProps) {
  const schemas = optionsOf(network);
  const shown = Object.entries(schemas).filter(
    ([name, schema]) =>
      !except.includes(name) &&
      (options.as_draft !== true || DRAFT_OPTIONS.includes(name)) &&
      (fits(schema, draft) || options[name] !== undefined),
  );
  if (shown.length === 0) {
    return (
      <Text size="sm" className="soft">
        {network.name} has nothing more to choose here.
      </Text>
    );
  }
  const set = (name: string, value: unknown) => {
    const { [name]: _, ...rest } = options;
    const chosen = isEmpty(value) || value === schemas[name]?.default ? rest : { ...rest, [name]: value };
    // A draft takes nothing but its title: the creator chooses the rest in the network's own app.
    onChange(chosen.as_draft === true ? pick(chosen, DRAFT_OPTIONS) : chosen);
  };
  return (
    <Stack gap="sm">
      {shown.map(([name, schema]) => {
        const Control = OWN_CONTROLS[name] ?? PlainField;
        return (
          <Control
            key={name}
            schema={schema}
            label={schema.title}
            description={HINTS[name] ?? schema.description}
            error={optionError(problems, name)}
            value={options[name] ?? schema.default}
            draft={draft}
            onChange={(value) => set(name, value)}
            data-testid={`${network.key}-${name}`}
          />
        );
      })}
    </Stack>
  );
}

/** The control that an option's type asks for. */
function PlainField({ schema, draft: _, value, onChange, ...common }: FieldProps & { schema: OptionSchema }) {
  if (schema.enum) {
    const choices = schema.enum;
    return (
      <Select
        {...common}
        clearable
        data={choices.map((choice) => ({ value: String(choice), label: choiceName(choice) }))}
        value={value === null || value === undefined ? null : String(value)}
        onChange={(chosen) => onChange(choices.find((choice) => String(choice) === chosen))}
      />
    );
  }
  switch (schema.type) {
    case "boolean":
      return (
        <Switch {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      );
    case "integer":
    case "number":
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
    case "array":
      return (
        <TagsInput
          {...common}
          maxTags={schema.maxItems}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={(words) => onChange(words.map((word) => word.trim().replace(/^@/, "")))}
        />
      );
  }
  const text = typeof value === "string" ? value : "";
  const write = (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value);
  if ((schema.maxLength ?? 0) > LONG_TEXT) return <Textarea {...common} autosize value={text} onChange={write} />;
  return <TextInput {...common} type={schema.format === "uri" ? "url" : "text"} value={text} onChange={write} />;
}

const pick = (options: Options, names: readonly string[]): Options =>
  Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
