import { Text } from "@mantine/core";
import type { NetworkInfo, Options, Problem, Profile } from "@/api/types";
import type { Draft } from "@/pages/compose/draft";
import { OptionFields } from "@/pages/compose/options/OptionFields";
import { TikTokOptions } from "@/pages/compose/TikTokOptions";
import { noFormat } from "@/ui/words";

export interface NetworkOptionsProps {
  profile: Profile;
  network: NetworkInfo;
  options: Options;
  draft: Draft;
  problems: Problem[];
  onChange: (options: Options) => void;
}

/** The choices that only this profile's network has. TikTok fixes how some of its own are asked. */
export function NetworkOptions(props: NetworkOptionsProps) {
  const { network, draft } = props;
  if (!network.formats[draft.format]) {
    return (
      <Text size="sm" className="soft">
        {network.missing_formats[draft.format] ?? noFormat(network.name, draft.format)}
      </Text>
    );
  }
  return network.key === "tiktok" ? <TikTokOptions {...props} /> : <OptionFields {...props} />;
}
