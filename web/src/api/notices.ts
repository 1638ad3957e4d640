import { useQuery } from "@tanstack/react-query";
import { useAccountScope } from "@/api/account";
import { useAction } from "@/api/action";
import { http } from "@/api/http";
import type { Notice, Page } from "@/api/types";

/** What an administrator was told and has not marked as read. */
export function useNotices(isWanted: boolean) {
  const { path, key } = useAccountScope();
  return useQuery({
    queryKey: key("notices"),
    queryFn: ({ signal }) => http.get<Page<Notice>>(path("/notices"), { query: { limit: 20 }, signal }),
    enabled: isWanted,
    refetchInterval: 30_000,
  });
}

export function useReadNotice() {
  const { path } = useAccountScope();
  return useAction({ run: (id: string, key) => http.post<void>(path(`/notices/${id}/read`), {}, { key }) });
}
