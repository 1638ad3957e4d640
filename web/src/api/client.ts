import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/http";

/** Only answers that never came (0) or that the server could not give (5xx) are worth asking again. */
function isWorthRetrying(count: number, error: Error): boolean {
  return count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: isWorthRetrying, staleTime: 15_000, refetchOnWindowFocus: true },
    mutations: { retry: isWorthRetrying },
  },
});
