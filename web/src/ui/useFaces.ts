import { useCallback, useMemo } from "react";
import { useProfiles } from "@/api/connections";
import type { CalendarEntry } from "@/api/types";

/** The calendar names profiles only; this adds their pictures. */
export function useFaces() {
  const profiles = useProfiles().data?.items;
  const pictures = useMemo(() => new Map(profiles?.map(({ id, avatar_url }) => [id, avatar_url])), [profiles]);
  return useCallback(
    (entry: CalendarEntry) =>
      entry.profiles.map((profile) => ({ ...profile, avatar_url: pictures.get(profile.id) ?? null })),
    [pictures],
  );
}
