import type { DayLoad } from "./load.ts";
import { toRounded } from "./rounded.ts";
import type { DayTotal } from "./sums.ts";

/** A local day with activities. */
export interface CalendarDay extends DayTotal {
  load: number;
  load_source: DayLoad["source"];
  /** Shade of a heat map: 0 no moving time, 1 to 4 by the year's quartiles of it. */
  level: number;
}

/** A year's days, and the moving times in seconds that divide its levels. */
export interface CalendarYear {
  year: number;
  days: CalendarDay[];
  /** Null where no day has moving time. */
  quartiles: [number, number, number] | null;
}

/**
 * The days of a local year that have activities. The quartiles are the nearest-rank ones of the
 * days with moving time: of n in order the ceil(n / 4)th, and so on. A day's level is one more than
 * how many of them it exceeds. The
 * loads are those of the same days.
 */
export function readCalendar(
  totals: readonly DayTotal[],
  { year, loads }: { year: number; loads: readonly DayLoad[] },
): CalendarYear {
  const byDate = new Map(loads.map((day) => [day.date, day]));
  const quartiles = findQuartiles(totals.map((day) => day.moving_time));
  const days = totals.map((total) => {
    const { load, source } = byDate.get(total.date)!;
    const level = toLevel(total.moving_time, quartiles);
    return { ...total, load: toRounded(load), load_source: source, level };
  });
  return { year, days, quartiles };
}

function findQuartiles(
  times: readonly number[],
): [number, number, number] | null {
  const sorted = times.filter((time) => time > 0).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const at = (part: number): number =>
    sorted[Math.ceil(sorted.length * part) - 1]!;
  return [at(0.25), at(0.5), at(0.75)];
}

function toLevel(
  time: number,
  quartiles: readonly number[] | null,
): number {
  if (time <= 0 || !quartiles) return 0;
  return 1 + quartiles.filter((quartile) => time > quartile).length;
}
