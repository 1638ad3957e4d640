import { useQueries, useQuery } from "@tanstack/react-query";
import { useAccountScope } from "@/api/account";
import { useAction } from "@/api/action";
import { http } from "@/api/http";
import type { Connection, NetworkKey, Page, Profile, ProviderKey, RemoteProfile } from "@/api/types";

export function useConnections(isWanted = true) {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("connections"),
    queryFn: ({ signal }) => http.get<Page<Connection>>(path("/connections"), { query: { limit: 100 }, signal }),
    enabled: isWanted,
  });
}

/** Leaves the page: the network asks the person for consent and sends the browser back to /connections. */
export function useConnect() {
  const { path } = useAccountScope();
  return useAction({
    run: (wanted: { provider: ProviderKey; connection_id?: string }, key) =>
      http.post<{ authorize_url: string }>(path("/connections"), wanted, { key }),
    onDone: ({ authorize_url }) => window.location.assign(authorize_url),
  });
}

export function useDisconnect() {
  const { path } = useAccountScope();
  return useAction({
    run: (id: string) => http.delete(path(`/connections/${id}`)),
    done: "Disconnected. Its profiles can no longer publish.",
  });
}

/** Asks the network live which profiles this connection gives access to. */
export function useRemoteProfiles(connectionId: string, isWanted: boolean) {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("connections", connectionId, "profiles"),
    queryFn: ({ signal }) =>
      http.get<{ items: RemoteProfile[] }>(path(`/connections/${connectionId}/profiles`), { signal }),
    enabled: isWanted,
    staleTime: 60_000,
  });
}

export function useProfiles() {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("profiles"),
    queryFn: ({ signal }) => http.get<Page<Profile>>(path("/profiles"), { query: { limit: 100 }, signal }),
  });
}

export function useBind() {
  const { path } = useAccountScope();
  return useAction({
    run: (wanted: { connection_id: string; network: NetworkKey; remote_id: string }, key) =>
      http.post<Profile>(path("/profiles"), wanted, { key }),
    done: (profile) => `${profile.name} can publish now.`,
  });
}

export function useUnbind() {
  const { path } = useAccountScope();
  return useAction({
    run: (id: string) => http.delete(path(`/profiles/${id}`)),
    done: "The profile no longer publishes.",
  });
}

/** What the profile may choose right now. TikTok wants this asked whenever the post screen is shown. */
function usePublishingQuery<Live>() {
  const { path, key } = useAccountScope();
  return (profileId: string) => ({
    queryKey: key("profiles", profileId, "publishing-options"),
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      http.get<Live>(path(`/profiles/${profileId}/publishing-options`), { signal }),
    staleTime: 30_000,
    refetchOnMount: "always" as const,
  });
}

export const usePublishingOptions = <Live>(profileId: string) => useQuery(usePublishingQuery<Live>()(profileId));

/** The same of several profiles, in their order. */
export const usePublishingOptionsOf = <Live>(profileIds: string[]) =>
  useQueries({ queries: profileIds.map(usePublishingQuery<Live>()) });
