import { Badge, Tooltip } from "@mantine/core";
import type { Delivery, PostState } from "@/api/types";
import { POST_STATES, deliveryLook } from "@/ui/states";

interface ChipProps {
  look: { label: string; color: string; meaning: string };
  name: string;
  size?: "xs" | "sm" | "md" | "lg";
}

function Chip({ look, name, size = "md" }: ChipProps) {
  return (
    <Tooltip label={look.meaning}>
      <Badge
        color={look.color}
        size={size}
        data-testid="state-chip"
        data-state={name}
        style={{ flex: "none", maxWidth: "100%" }}
        leftSection={
          <span
            className={name === "publishing" ? "breathing" : undefined}
            style={{ display: "block", width: 7, height: 7, borderRadius: 9, background: "currentColor" }}
          />
        }
      >
        {look.label}
      </Badge>
    </Tooltip>
  );
}

export function StateChip({ state, size }: { state: PostState; size?: ChipProps["size"] }) {
  return <Chip look={POST_STATES[state]} name={state} {...(size ? { size } : {})} />;
}

export function DeliveryChip({ delivery }: { delivery: Delivery }) {
  return <Chip look={deliveryLook(delivery)} name={delivery.state} />;
}
