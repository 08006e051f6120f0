import type { DayLoad } from "./load.ts";
import type { DayTotal } from "./sums.ts";

/** A local day with activities. */
export interface CalendarDay extends DayTotal {
  load: number;
  loadSource: DayLoad["source"];
  /** Shade of a heat map: 0 for no moving time, 1 to 4 by the year's quartiles of moving time. */
  level: number;
}

/** The days of a year, and the quartiles that divide their levels. */
export interface CalendarYear {
  year: number;
  days: CalendarDay[];
  /** Moving times in seconds; `null` if no day has moving time. */
  quartiles: [number, number, number] | null;
}

/**
 * Computes the days of a local year that have activities. `loads` are the loads of the same days.
 *
 * Quartiles are nearest-rank quartiles of the days with moving time: of n days in ascending order
 * the ceil(n / 4)th, the ceil(n / 2)th and the ceil(3n / 4)th. A day's level is one more than the
 * number of quartiles that it exceeds.
 */
export function computeCalendar(
  totals: readonly DayTotal[],
  { year, loads }: { year: number; loads: readonly DayLoad[] },
): CalendarYear {
  const byDate = new Map(loads.map((day) => [day.date, day]));
  const quartiles = computeQuartiles(totals.map((day) => day.movingTime));
  const days = totals.map((total) => {
    const { load, source } = byDate.get(total.date)!;
    const level = computeLevel(total.movingTime, quartiles);
    return { ...total, load, loadSource: source, level };
  });
  return { year, days, quartiles };
}

function computeQuartiles(
  times: readonly number[],
): [number, number, number] | null {
  const sorted = times.filter((time) => time > 0).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const pick = (part: number): number =>
    sorted[Math.ceil(sorted.length * part) - 1]!;
  return [pick(0.25), pick(0.5), pick(0.75)];
}

function computeLevel(
  time: number,
  quartiles: readonly number[] | null,
): number {
  if (time <= 0 || !quartiles) return 0;
  return 1 + quartiles.filter((quartile) => time > quartile).length;
}
