import { Avatar, Box, Group, Tooltip } from "@mantine/core";
import { IconBrandFacebook, IconBrandInstagram, IconBrandTiktok, type Icon } from "@tabler/icons-react";
import type { NetworkKey, Profile } from "@/api/types";
import { NETWORK_NAMES } from "@/ui/words";
import classes from "@/ui/NetworkGlyph.module.css";

const GLYPHS: Record<NetworkKey, Icon> = {
  facebook: IconBrandFacebook,
  instagram: IconBrandInstagram,
  tiktok: IconBrandTiktok,
};

export function NetworkGlyph({ network, size = 16 }: { network: NetworkKey; size?: number }) {
  const Glyph = GLYPHS[network];
  return <Glyph size={size} stroke={1.8} color={`var(--${network})`} role="img" aria-label={NETWORK_NAMES[network]} />;
}

type Face = Pick<Profile, "network" | "name"> & Partial<Pick<Profile, "avatar_url">>;

/** A profile's picture with the network's glyph at its corner. */
export function ProfileFace({ profile, size = 34 }: { profile: Face; size?: number }) {
  return (
    <Box className={classes.face} w={size} h={size}>
      <Avatar src={profile.avatar_url ?? null} name={profile.name} color="slate" size={size} alt="" />
      <span className={classes.corner}>
        <NetworkGlyph network={profile.network} size={Math.max(11, size * 0.36)} />
      </span>
    </Box>
  );
}

/** The faces of several profiles, overlapping. */
export function ProfileFaces({ profiles, size = 28, max = 5 }: { profiles: Face[]; size?: number; max?: number }) {
  const shown = profiles.slice(0, max);
  return (
    <Group gap={6} wrap="nowrap">
      {shown.map((profile, place) => (
        <Tooltip key={place} label={`${profile.name} on ${NETWORK_NAMES[profile.network]}`}>
          <div>
            <ProfileFace profile={profile} size={size} />
          </div>
        </Tooltip>
      ))}
      {profiles.length > max && <span className="soft">+{profiles.length - max}</span>}
    </Group>
  );
}
