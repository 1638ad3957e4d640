import { useQuery } from "@tanstack/react-query";
import { useAccountScope } from "@/api/account";
import { useConnections } from "@/api/connections";
import { http } from "@/api/http";
import { useApprovals } from "@/api/posts";
import type { Page, Post, PostState } from "@/api/types";
import { useAccount, useRights } from "@/app/account";

const ALARMS: readonly PostState[] = ["unconfirmed", "failed", "blocked", "partly_published"];
const NOTHING: Post[] = [];

/** Posts that went wrong and wait for a person, newest first. */
export function useAlarms() {
  const { path, key } = useAccountScope();
  const { is_enabled } = useAccount();
  return useQuery({
    queryKey: key("posts", "alarms"),
    queryFn: async ({ signal }) => {
      const pages = await Promise.all(
        ALARMS.map((state) => http.get<Page<Post>>(path("/posts"), { query: { state, limit: 10 }, signal })),
      );
      return pages.flatMap((page) => page.items);
    },
    enabled: is_enabled,
    refetchInterval: 30_000,
  });
}

/** The counts beside the navigation. */
export function useAttention() {
  const { is_enabled } = useAccount();
  const { isAdministrator } = useRights();
  const alarms = useAlarms();
  const approvals = useApprovals(is_enabled);
  const connections = useConnections(is_enabled && isAdministrator);
  return {
    alarms: alarms.data ?? NOTHING,
    attention: alarms.data?.length ?? 0,
    approvals: approvals.data?.items.length ?? 0,
    connections: connections.data?.items.filter((connection) => connection.status === "needs_reconnect").length ?? 0,
  };
}
