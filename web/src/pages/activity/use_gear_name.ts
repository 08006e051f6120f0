import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";

/** Returns the name of a gear: its id if it has no name. Undefined while it loads, and for none. */
export function useGearName(id: string | null): string | undefined {
  const gear = useQuery({
    ...useApi().stats.gear.queryOptions(),
    staleTime: 600_000,
    enabled: id !== null,
  });
  if (id === null || !gear.data) return undefined;
  return gear.data.data.find((each) => each.id === id)?.name ?? id;
}
