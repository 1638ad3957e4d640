import { Text } from "@mantine/core";
import { useNetworks } from "@/api/account";
import type { NetworkKey, Options } from "@/api/types";
import { spoken } from "@/ui/options/names";
import { optionsOf } from "@/ui/options/schema";

interface OptionSummaryProps {
  network: NetworkKey;
  options: Options;
}

/** What was chosen for one profile beyond its text and media: who approves a post approves this too. */
export function OptionSummary({ network, options }: OptionSummaryProps) {
  const info = useNetworks().data?.networks.find(({ key }) => key === network);
  const schemas = info ? optionsOf(info) : {};
  const chosen = Object.entries(options).filter(
    ([name, value]) => value !== null && value !== false && value !== schemas[name]?.default,
  );
  if (chosen.length === 0) return null;
  return (
    <div data-testid="chosen-options">
      {chosen.map(([name, value]) => {
        const words = spoken(name, value);
        return (
          <Text key={name} size="sm" style={{ overflowWrap: "anywhere" }}>
            <span className="soft">{schemas[name]?.title ?? name}</span>
            {words && `: ${words}`}
          </Text>
        );
      })}
    </div>
  );
}
