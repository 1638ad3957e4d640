import type { Delivery, DeliveryState, NetworkKey, Post, PostState } from "@/api/types";

interface StateLook {
  label: string;
  color: string;
  /** What it means, for a tooltip. */
  meaning: string;
}

export const POST_STATES: Record<PostState, StateLook> = {
  draft: { label: "Draft", color: "slate", meaning: "Only a draft. Nothing happens until it is scheduled." },
  awaiting_approval: { label: "Awaiting approval", color: "honey", meaning: "An administrator must approve it." },
  rejected: { label: "Changes asked for", color: "clay", meaning: "A reviewer sent it back with a note." },
  approved: { label: "Approved", color: "pine", meaning: "Approved, and waiting for a time." },
  scheduled: { label: "Scheduled", color: "sky", meaning: "Goes out by itself at its time." },
  publishing: { label: "Going out", color: "iris", meaning: "It is being published right now." },
  published: { label: "Live", color: "leaf", meaning: "Live on every profile." },
  partly_published: { label: "Partly live", color: "honey", meaning: "Live on some profiles, not on others." },
  failed: { label: "Failed", color: "red", meaning: "It did not go live. Nothing more is tried by itself." },
  unconfirmed: {
    label: "May be live – please check",
    color: "clay",
    meaning: "The network's answer was lost. It is never sent again blindly.",
  },
  blocked: { label: "Needs reconnect", color: "plum", meaning: "The profile must be reconnected first." },
  cancelled: { label: "Cancelled", color: "slate", meaning: "Withdrawn before it went out." },
};

const DELIVERY_STATES: Record<DeliveryState, StateLook> = {
  held: { label: "Waiting", color: "slate", meaning: "Waits for an approval or a time." },
  scheduled: POST_STATES.scheduled,
  publishing: POST_STATES.publishing,
  unconfirmed: POST_STATES.unconfirmed,
  published: { label: "Live", color: "leaf", meaning: "Live on this profile." },
  failed: { label: "Failed", color: "red", meaning: "Not live on this profile." },
  blocked: POST_STATES.blocked,
  cancelled: POST_STATES.cancelled,
};

/** A retry is a scheduled delivery that has already been begun. */
export function deliveryLook(delivery: Delivery): StateLook {
  if (delivery.state === "scheduled" && delivery.first_call_at !== null) {
    return { label: "Trying again", color: "iris", meaning: "A temporary error. It is tried again by itself." };
  }
  return DELIVERY_STATES[delivery.state];
}

export const CAN_EDIT: readonly PostState[] = ["draft", "rejected", "approved", "awaiting_approval", "scheduled"];

const SOON_MS = 90_000;

export function isDeliveryMoving(delivery: Delivery): boolean {
  if (delivery.state === "publishing" || delivery.state === "unconfirmed") return true;
  const next = delivery.next_act_at ?? delivery.due_at;
  return delivery.state === "scheduled" && next !== null && Date.parse(next) - Date.now() < SOON_MS;
}

const NETWORK_ORDER: readonly NetworkKey[] = ["facebook", "instagram", "tiktok"];

/** Always in the same order, by network and name. */
export const inOrder = (deliveries: readonly Delivery[]): Delivery[] =>
  deliveries.toSorted(
    ({ profile: a }, { profile: b }) =>
      NETWORK_ORDER.indexOf(a.network) - NETWORK_ORDER.indexOf(b.network) || a.name.localeCompare(b.name),
  );

export const isMoving = (post: Post): boolean => post.deliveries.some(isDeliveryMoving);
