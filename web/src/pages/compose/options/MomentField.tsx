import { Button, Group, Input, Slider, Stack, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { FieldProps } from "@/pages/compose/options/fields";
import { moment } from "@/ui/options/names";
import classes from "@/pages/compose/options/Options.module.css";

const STEP_MS = 100;

/** A moment of the post's video, in milliseconds, chosen by looking at it. */
export function MomentField({ label, description, error, value, draft, onChange, ...rest }: FieldProps) {
  const player = useRef<HTMLVideoElement>(null);
  const video = draft.media.find(({ asset }) => asset?.kind === "video")?.asset;
  const chosen = typeof value === "number" ? value : null;
  useEffect(() => {
    if (player.current) player.current.currentTime = (chosen ?? 0) / 1000;
  }, [chosen]);
  return (
    <Input.Wrapper label={label} description={description} error={error} data-testid={rest["data-testid"]}>
      <Group wrap="nowrap" gap="md" mt={6}>
        {video && (
          <video
            ref={player}
            className={classes.frame}
            src={video.content_url}
            poster={chosen === null ? video.thumbnail_url : undefined}
            preload="metadata"
            muted
            playsInline
            aria-hidden
          />
        )}
        <Stack gap={6} flex={1}>
          {video?.duration_ms && (
            <Slider
              min={0}
              max={Math.max(0, video.duration_ms - STEP_MS)}
              step={STEP_MS}
              label={moment}
              thumbLabel={`${label}: the moment in the video`}
              value={chosen ?? 0}
              onChange={onChange}
            />
          )}
          <Group justify="space-between" mih={30}>
            <Text size="sm" className="soft numeric" aria-live="polite">
              {chosen === null ? "Not chosen: the network takes its own." : `At ${moment(chosen)}`}
            </Text>
            {chosen !== null && (
              <Button variant="subtle" size="compact-sm" onClick={() => onChange(null)}>
                Choose none
              </Button>
            )}
          </Group>
        </Stack>
      </Group>
    </Input.Wrapper>
  );
}
