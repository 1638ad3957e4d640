import { IconPlayerPlayFilled } from "@tabler/icons-react";
import type { CalendarEntry } from "@/api/types";
import { NetworkGlyph, ProfileFaces } from "@/ui/NetworkGlyph";
import { StateChip } from "@/ui/StateChip";
import { POST_STATES } from "@/ui/states";
import { Thumbnail } from "@/ui/Thumbnail";
import { useFaces } from "@/ui/useFaces";

interface EntryBodyProps {
  entry: CalendarEntry;
  wall: string;
  isRow: boolean;
}

/** What a post looks like in the calendar. */
export function EntryBody({ entry, wall, isRow }: EntryBodyProps) {
  const faces = useFaces();
  const clock = wall.slice(11, 16);
  const look = POST_STATES[entry.state];
  const networks = [...new Set(entry.profiles.map((profile) => profile.network))];
  const caption = entry.caption || "Without a caption";
  const name = `${clock}, ${look.label}: ${caption}`;
  if (isRow) {
    return (
      <div className="post-row" data-testid="calendar-entry" data-post={entry.post_id} aria-label={name}>
        <strong>{clock}</strong>
        <Thumbnail url={entry.thumbnail_url} size={44} />
        <div className="post-row-text">
          <span className="clamp-1">{caption}</span>
          <StateChip state={entry.state} size="sm" />
        </div>
        <ProfileFaces profiles={faces(entry)} size={26} max={3} />
      </div>
    );
  }
  return (
    <div
      className="post-chip"
      style={{ "--state": `var(--mantine-color-${look.color}-5)` } as React.CSSProperties}
      data-testid="calendar-entry"
      data-post={entry.post_id}
      data-state={entry.state}
      aria-label={name}
      title={name}
    >
      {entry.thumbnail_url && <img src={entry.thumbnail_url} alt="" loading="lazy" draggable={false} />}
      <div className="post-chip-text">
        <span className="post-chip-top">
          <strong>{clock}</strong>
          {networks.map((network) => (
            <NetworkGlyph key={network} network={network} size={13} />
          ))}
          {entry.format === "reel" && <IconPlayerPlayFilled size={9} aria-label="Reel" />}
        </span>
        <span className="post-chip-caption">{caption}</span>
      </div>
    </div>
  );
}
