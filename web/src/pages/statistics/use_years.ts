import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import { useFormat } from "../../format/use_format.ts";

/** Returns the years with activities of any sport, the newest first. Empty until they are known. */
export function useYears(): number[] {
  const yearly = useQuery(useApi().stats.yearly.queryOptions({}));
  return Object.keys(yearly.data?.data ?? {}).map(Number)
    .sort((a, b) => b - a);
}

/** Returns the athlete's local day, or until it is known the browser's. */
export function useToday(): string {
  const { weekStart } = useFormat();
  // The same request as the overview's, so that mostly the cache answers.
  const overview = useQuery(
    useApi().stats.overview.queryOptions({ week_start: weekStart }),
  );
  return overview.data?.data.today ?? toLocalDay(new Date());
}

function toLocalDay(now: Date): string {
  const twoDigits = (value: number): string => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${twoDigits(now.getMonth() + 1)}-${
    twoDigits(now.getDate())
  }`;
}
