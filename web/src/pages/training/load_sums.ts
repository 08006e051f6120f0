import type { TrainingDay } from "@paceline/sdk";
import { addDays, toWeekday } from "../../format/days.ts";

/** The load of a week or month. */
export interface LoadSum {
  /** First day of the week or month. */
  start: string;
  load: number;
}

/** The ways in which a day's load is known. */
export const SOURCES = [
  "suffer_score",
  "heart_rate",
  "mixed",
  "estimate",
] as const;

/** From this number of weeks on, months are shown. */
const MAX_WEEKS = 56;
/** Days over which the fitness is compared. */
const RAMP_DAYS = 7;

/** Adds the load by week, or by month if there are more than about a year of weeks. */
export function sumLoad(
  days: readonly Pick<TrainingDay, "date" | "load">[],
  weekStart: "monday" | "sunday",
): { length: "week" | "month"; sums: LoadSum[] } {
  const length = days.length / 7 > MAX_WEEKS ? "month" : "week";
  const sums = new Map<string, number>();
  for (const { date, load } of days) {
    const start = length === "month"
      ? `${date.slice(0, 7)}-01`
      : addDays(date, -toWeekday(date, weekStart));
    sums.set(start, (sums.get(start) ?? 0) + load);
  }
  return {
    length,
    sums: [...sums].map(([start, load]) => ({ start, load })),
  };
}

/** Returns the share of each source in the load of the days, without those that have no part. */
export function toSourceShares(
  days: readonly Pick<TrainingDay, "load" | "source">[],
): { source: (typeof SOURCES)[number]; load: number; share: number }[] {
  const all = days.reduce((sum, { load }) => sum + load, 0);
  return SOURCES.map((source) => {
    const load = days.filter((day) => day.source === source)
      .reduce((sum, day) => sum + day.load, 0);
    return { source, load, share: all > 0 ? load / all : 0 };
  }).filter(({ load }) => load > 0);
}

/** Returns the change of the fitness over the last week. Undefined if fewer days are known. */
export function toRamp(
  days: readonly Pick<TrainingDay, "ctl">[],
): number | undefined {
  const last = days.at(-1);
  const before = days.at(-1 - RAMP_DAYS);
  return last && before ? last.ctl - before.ctl : undefined;
}

/**
 * Returns the places at which a value differs from the one before. A place with fewer than `space`
 * places up to the next one is left out.
 */
export function findFirsts(
  values: readonly string[],
  space: number,
): Set<number> {
  const firsts = values.flatMap((value, index) =>
    value === values[index - 1] ? [] : [index]
  );
  return new Set(
    firsts.filter((place, index) =>
      (firsts[index + 1] ?? Infinity) - place >= space
    ),
  );
}
