import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useAction } from "@/api/action";
import { ApiError, http } from "@/api/http";
import type { Session } from "@/api/types";

const KEY = ["session"];

/** The signed-in person; null: nobody is. */
export function useSessionQuery() {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      try {
        return await http.get<Session>("/session", { signal });
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useAction({
    run: (credentials: { email: string; password: string }) => http.post<Session>("/session", credentials),
    onDone: (session) => client.setQueryData(KEY, session),
    onRefused: () => undefined,
  });
}

export function useSignOut() {
  const client = useQueryClient();
  return useAction({
    run: () => http.delete("/session"),
    onDone: () => {
      client.clear();
      client.setQueryData(KEY, null);
    },
  });
}

export const sessionKey = KEY;
