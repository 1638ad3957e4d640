import { MultiSelect } from "@mantine/core";
import { useMemo } from "react";
import type { FieldProps } from "@/pages/compose/options/fields";

const LETTERS = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
const CODES = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
/** Codes that have a name and are no country: unions, and those kept for tests and for "unknown". */
const NO_COUNTRY = ["EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"];

/** Every country that the browser knows by name; the code of a former one leads to another code, and is left out. */
function allCountries(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  return CODES.filter((code) => !NO_COUNTRY.includes(code) && new Intl.Locale(`und-${code}`).region === code)
    .flatMap((code) => {
      const name = names.of(code);
      return name ? [{ value: code, label: `${name} (${code})` }] : [];
    })
    .sort((one, other) => one.label.localeCompare(other.label, "en"));
}

/** Countries by their names, kept as two-letter codes. */
export function CountryField({ label, description, error, value, onChange, ...rest }: FieldProps) {
  const countries = useMemo(allCountries, []);
  return (
    <MultiSelect
      label={label}
      description={description}
      error={error}
      data={countries}
      searchable
      hidePickedOptions
      nothingFoundMessage="No country is called that."
      value={Array.isArray(value) ? value.map(String) : []}
      onChange={onChange}
      data-testid={rest["data-testid"]}
    />
  );
}
