import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { http } from "@/api/http";
import { sessionKey } from "@/api/session";
import type { Account, AccountChange, AuditEvent, Member, Networks, NewToken, Page, Role, Token } from "@/api/types";
import { useAccountId } from "@/app/account";

/** The path of everything that belongs to the account, and the cache key's beginning. */
export function useAccountScope() {
  const id = useAccountId();
  return { path: (rest = "") => `/accounts/${id}${rest}`, key: (...rest: unknown[]) => ["account", id, ...rest] };
}

export function useNetworks() {
  return useQuery({
    queryKey: ["networks"],
    queryFn: ({ signal }) => http.get<Networks>("/networks", { signal }),
    staleTime: Infinity,
  });
}

export function useChangeAccount(done: string) {
  const { path } = useAccountScope();
  const client = useQueryClient();
  return useAction({
    run: (change: AccountChange) => http.patch<Account>(path(), change),
    done,
    onDone: () => void client.invalidateQueries({ queryKey: sessionKey }),
  });
}

export function useMembers() {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("members"),
    queryFn: ({ signal }) => http.get<Page<Member>>(path("/members"), { signal }),
  });
}

export function useTokens() {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("tokens"),
    queryFn: ({ signal }) => http.get<Page<Token>>(path("/tokens"), { signal }),
  });
}

export function useCreateToken() {
  const { path } = useAccountScope();
  return useAction({
    run: (wanted: { name: string; role: Role }, key) => http.post<NewToken>(path("/tokens"), wanted, { key }),
  });
}

export function useRevokeToken() {
  const { path } = useAccountScope();
  return useAction({
    run: (id: string) => http.delete(path(`/tokens/${id}`)),
    done: "The token no longer works.",
  });
}

export const eventsPage = (path: string, cursor: string | null, signal: AbortSignal) =>
  http.get<Page<AuditEvent>>(path, { query: { cursor, limit: 50 }, signal });
