import { Text } from "@mantine/core";
import { useRef, type CSSProperties, type KeyboardEvent, type PointerEvent } from "react";
import type { Asset } from "@/api/types";
import { MIDDLE, type UserTag } from "@/ui/options/tags";
import classes from "@/pages/compose/options/Options.module.css";

interface TagBoardProps {
  asset: Asset;
  tags: UserTag[];
  onMove: (tag: UserTag) => void;
  onRemove: (username: string) => void;
}

const SMALL = 0.01;
const LARGE = 0.1;
/** From here on a name stands above its point. */
const LOW = 0.8;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const within = (share: number) => Math.round(Math.min(1, Math.max(0, share)) * 1000) / 1000;
const percent = (share: number) => `${Math.round(share * 100)} %`;

/** A picture with its people on it. They are dragged to their place, or moved by the arrow keys. */
export function TagBoard({ asset, tags, onMove, onRemove }: TagBoardProps) {
  const picture = useRef<HTMLDivElement>(null);
  const drag = (event: PointerEvent<HTMLButtonElement>, tag: UserTag) => {
    const box = picture.current?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    onMove({
      ...tag,
      x: within((event.clientX - box.left) / box.width),
      y: within((event.clientY - box.top) / box.height),
    });
  };
  const press = (event: KeyboardEvent, tag: UserTag) => {
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = event.shiftKey ? LARGE : SMALL;
      onMove({
        ...tag,
        x: within((tag.x ?? MIDDLE) + arrow[0] * step),
        y: within((tag.y ?? MIDDLE) + arrow[1] * step),
      });
    } else if (event.key === "Delete" || event.key === "Backspace") onRemove(tag.username);
    else return;
    event.preventDefault();
  };
  return (
    <div>
      <div ref={picture} className={classes.board} data-testid="tag-board">
        <img src={asset.content_url} alt="" draggable={false} />
        {tags.map((tag) => {
          const [x, y] = [tag.x ?? MIDDLE, tag.y ?? MIDDLE];
          return (
            <button
              key={tag.username}
              type="button"
              className={classes.pin}
              style={{ left: `${x * 100}%`, top: `${y * 100}%`, "--across": x } as CSSProperties}
              data-low={y > LOW || undefined}
              aria-label={`@${tag.username}: ${percent(x)} across, ${percent(y)} down`}
              aria-description="Arrow keys move it, Delete removes it."
              onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
              onPointerMove={(event) => drag(event, tag)}
              onKeyDown={(event) => press(event, tag)}
              data-testid="tag-pin"
            >
              <span>@{tag.username}</span>
            </button>
          );
        })}
      </div>
      <Text size="xs" className="soft" mt={4}>
        Drag a name to its person, or move it with the arrow keys.
      </Text>
    </div>
  );
}
