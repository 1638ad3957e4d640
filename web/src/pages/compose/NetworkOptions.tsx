import type { NetworkInfo, Options, Profile } from "@/api/types";
import type { Draft } from "@/pages/compose/draft";
import { OptionFields } from "@/pages/compose/OptionFields";
import { OWN_CONTROLS, TikTokOptions } from "@/pages/compose/TikTokOptions";

export interface NetworkOptionsProps {
  profile: Profile;
  network: NetworkInfo;
  options: Options;
  draft: Draft;
  onChange: (options: Options) => void;
}

/** The choices that only this profile's network has. TikTok fixes how some of its own are asked. */
export function NetworkOptions(props: NetworkOptionsProps) {
  if (props.profile.network !== "tiktok") return <OptionFields {...props} />;
  return (
    <>
      {props.options.as_draft !== true && <TikTokOptions {...props} />}
      <OptionFields {...props} except={OWN_CONTROLS} />
    </>
  );
}
