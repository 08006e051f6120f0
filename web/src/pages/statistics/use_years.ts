import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";

/** Returns the years with activities of any sport, the newest first. Empty until they are known. */
export function useYears(): number[] {
  const yearly = useQuery(useApi().stats.yearly.queryOptions({}));
  return Object.keys(yearly.data?.data ?? {}).map(Number)
    .sort((a, b) => b - a);
}

/** Returns the athlete's local day, or until it is known the browser's. */
export function useToday(): string {
  const overview = useQuery(useApi().stats.overview.queryOptions());
  return overview.data?.data.today ?? toLocalDay(new Date());
}

function toLocalDay(now: Date): string {
  const twoDigits = (value: number): string => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${twoDigits(now.getMonth() + 1)}-${
    twoDigits(now.getDate())
  }`;
}
