import { Text, Tooltip, UnstyledButton } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import type { Format, Profile } from "@/api/types";
import { ProfileFace } from "@/ui/NetworkGlyph";
import { NETWORK_NAMES, noFormat } from "@/ui/words";
import classes from "@/pages/compose/Compose.module.css";

interface ProfilePickerProps {
  profiles: Profile[];
  format: Format;
  value: string[];
  onChange: (ids: string[]) => void;
}

/** Why a profile cannot carry the post right now; null: it can. */
function obstacle(profile: Profile, format: Format): string | null {
  if (profile.status === "needs_reconnect") return "Needs a reconnect before it can publish.";
  if (!profile.formats.includes(format)) return noFormat(NETWORK_NAMES[profile.network], format);
  return null;
}

export function ProfilePicker({ profiles, format, value, onChange }: ProfilePickerProps) {
  const toggle = (id: string) => onChange(value.includes(id) ? value.filter((other) => other !== id) : [...value, id]);
  return (
    <div className={classes.profiles} role="group" aria-label="Profiles">
      {profiles.map((profile) => {
        const isChosen = value.includes(profile.id);
        const why = obstacle(profile, format);
        return (
          <Tooltip key={profile.id} label={why} disabled={!why}>
            <UnstyledButton
              role="checkbox"
              aria-checked={isChosen}
              aria-label={`${profile.name} on ${NETWORK_NAMES[profile.network]}`}
              className={classes.profile}
              data-dim={why ? true : undefined}
              onClick={() => toggle(profile.id)}
              data-testid="profile-option"
              data-network={profile.network}
            >
              <ProfileFace profile={profile} />
              <div style={{ minWidth: 0 }}>
                <Text size="sm" fw={600} truncate>
                  {profile.name}
                </Text>
                <Text size="xs" className="soft" truncate>
                  {profile.handle ? `@${profile.handle.replace(/^@/, "")}` : NETWORK_NAMES[profile.network]}
                </Text>
              </div>
              <span className={classes.tick}>{isChosen && <IconCheck size={13} stroke={3} aria-hidden />}</span>
            </UnstyledButton>
          </Tooltip>
        );
      })}
    </div>
  );
}
