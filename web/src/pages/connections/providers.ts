import type { NetworkKey, ProviderKey } from "@/api/types";

export const PROVIDER_TEXTS: Record<ProviderKey, { networks: NetworkKey[]; text: string }> = {
  meta: { networks: ["facebook", "instagram"], text: "Facebook Pages and Instagram business accounts." },
  tiktok: { networks: ["tiktok"], text: "A TikTok account." },
};
