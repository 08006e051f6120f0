import type { CumulativeStatistic } from "@paceline/sdk";

/** Returns the place of the athlete's today: the last day of the newest year that has a value. */
export function findToday(
  { years, days }: Pick<CumulativeStatistic["data"], "years" | "days">,
): number {
  const newest = Math.max(...Object.keys(years).map(Number));
  const last = years[newest]?.findLastIndex((value) => value !== null) ?? -1;
  return last < 0 ? days.length - 1 : last;
}
