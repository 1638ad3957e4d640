import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useAccountScope } from "@/api/account";
import { useAction } from "@/api/action";
import { http } from "@/api/http";
import type {
  Asset,
  Calendar,
  DeliveryDetail,
  DeliveryState,
  Page,
  Post,
  PostChange,
  PostIn,
  PostState,
  Problem,
  Report,
} from "@/api/types";
import { isMoving } from "@/ui/states";

const WATCH_MS = 2_500;

export function usePosts(state: PostState | "", q: string) {
  const { path, key } = useAccountScope();
  return useInfiniteQuery({
    queryKey: key("posts", "list", state, q),
    queryFn: ({ signal, pageParam }) =>
      http.get<Page<Post>>(path("/posts"), { query: { state, q, cursor: pageParam, limit: 30 }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

/** The newest few posts in one state, for the overview. */
export function usePostsIn(state: PostState, limit = 10) {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("posts", "in", state, limit),
    queryFn: ({ signal }) => http.get<Page<Post>>(path("/posts"), { query: { state, limit }, signal }),
    refetchInterval: 30_000,
  });
}

/** Looks again every few seconds while something is going out, or is about to. */
export function usePost(id: string | undefined) {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("posts", id),
    queryFn: ({ signal }) => http.get<Post>(path(`/posts/${id}`), { signal }),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? WATCH_MS : false),
  });
}

export function useDelivery(id: string, isMovingNow: boolean, isWanted: boolean) {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("deliveries", id),
    queryFn: ({ signal }) => http.get<DeliveryDetail>(path(`/deliveries/${id}`), { signal }),
    enabled: isWanted,
    refetchInterval: isMovingNow ? WATCH_MS : false,
  });
}

export function useApprovals(isWanted = true) {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("approvals"),
    queryFn: ({ signal }) => http.get<Page<Post>>(path("/approvals"), { query: { limit: 100 }, signal }),
    enabled: isWanted,
    refetchInterval: 30_000,
  });
}

/** `from` and `to` are days in the account's zone, `to` exclusive. */
export function useCalendar(from: string, to: string) {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("calendar", from, to),
    queryFn: ({ signal }) => http.get<Calendar>(path("/calendar"), { query: { from, to }, signal }),
    placeholderData: keepPreviousData,
    enabled: from !== "",
    refetchInterval: 30_000,
  });
}

export function useReport(from: string, to: string) {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("report", from, to),
    queryFn: ({ signal }) => http.get<Report>(path("/reports/posts"), { query: { from, to }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function usePreflight(post: PostIn, isWanted: boolean) {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("preflight", post),
    queryFn: ({ signal }) => http.post<{ problems: Problem[] }>(path("/posts/preflight"), post, { signal }),
    enabled: isWanted,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
  });
}

export function useAssets(isWanted: boolean) {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("assets"),
    queryFn: ({ signal }) => http.get<Page<Asset>>(path("/assets"), { query: { limit: 60 }, signal }),
    enabled: isWanted,
  });
}

/** The requests that a post understands; each answers with the post as it is afterwards. */
export function usePostRequests() {
  const { path } = useAccountScope();
  const act = (id: string, verb: string, body: unknown, key: string) =>
    http.post<Post>(path(`/posts/${id}/${verb}`), body, { key });
  return {
    create: (post: PostIn, key: string) => http.post<Post>(path("/posts"), post, { key }),
    change: (id: string, version: number, change: PostChange) =>
      http.patch<Post>(path(`/posts/${id}`), change, { ifMatch: version }),
    schedule: (id: string, when: { local_time?: string; time_zone?: string; now?: true }, key: string) =>
      act(id, "schedule", when, key),
    act,
    remove: (id: string) => http.delete(path(`/posts/${id}`)),
  };
}

type PostVerb = "submit" | "approve" | "reject" | "withdraw" | "unschedule" | "cancel" | "duplicate";

export function usePostAction(verb: PostVerb, done: string, onDone?: (post: Post) => void) {
  const { act } = usePostRequests();
  return useAction({
    run: ({ id, note }: { id: string; note?: string }, key) => act(id, verb, note ? { note } : {}, key),
    done,
    ...(onDone ? { onDone } : {}),
  });
}

/** `isQuiet`: the caller shows the refusal itself. */
export function useSchedulePost(done: string, { onDone, isQuiet }: { onDone?: () => void; isQuiet?: boolean } = {}) {
  const { schedule } = usePostRequests();
  return useAction({
    run: ({ id, ...when }: { id: string; local_time?: string; time_zone?: string; now?: true }, key) =>
      schedule(id, when, key),
    done,
    ...(onDone ? { onDone } : {}),
    ...(isQuiet ? { onRefused: () => undefined } : {}),
  });
}

export function useRemovePost(onDone: () => void) {
  const { remove } = usePostRequests();
  return useAction({ run: (id: string) => remove(id), done: "The draft is gone.", onDone });
}

export function useRetry() {
  const { path } = useAccountScope();
  return useAction({
    run: (id: string, key) => http.post<DeliveryDetail>(path(`/deliveries/${id}/retry`), {}, { key }),
    done: "Trying again.",
  });
}

const SETTLED: Partial<Record<DeliveryState, string>> = { published: "Marked as live.", cancelled: "Given up." };

export function useResolve() {
  const { path } = useAccountScope();
  return useAction({
    run: ({ id, ...answer }: { id: string; is_live: boolean; permalink?: string; then?: "send" | "cancel" }, key) =>
      http.post<DeliveryDetail>(path(`/deliveries/${id}/resolve`), answer, { key }),
    done: ({ state }) => SETTLED[state] ?? "It will be sent again.",
  });
}
