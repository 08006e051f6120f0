import type { DayTotal } from "../../db/counted.ts";
import type { TotalRow } from "../../db/stats.ts";
import { type DayLoad, getDayLoad } from "./day_load.ts";
import { addDays } from "./days.ts";

/** A local day of the year; days without activities are there with zeros. */
export interface CalendarDay extends TotalRow, DayLoad {
  date: string;
  /** Shade of a heat map: 0 nothing, 1 to 4 by the year's quartiles of moving time. */
  level: number;
}

/** A year's days, and the moving times in seconds that divide its levels. */
export interface CalendarYear {
  year: number;
  /** Null where no day has moving time. */
  quartiles: [number, number, number] | null;
  days: CalendarDay[];
}

const NOTHING: TotalRow = {
  count: 0,
  distance: 0,
  moving_time: 0,
  elevation_gain: 0,
};

/**
 * Every day of a local year from the days that have activities. The quartiles are the nearest-rank
 * ones of the days with moving time: of n in order the ceil(n / 4)th, and so on. A day's level is one
 * more than how many of them it exceeds.
 */
export function readCalendar(
  rows: readonly DayTotal[],
  { year }: { year: number },
): CalendarYear {
  const totals = new Map(rows.map((row) => [row.date, row]));
  const quartiles = findQuartiles(rows.map((row) => row.moving_time));
  const days: CalendarDay[] = [];
  const name = String(year).padStart(4, "0");
  let date = `${name}-01-01`;
  for (; date.startsWith(name); date = addDays(date, 1)) {
    const { count, distance, moving_time, elevation_gain } = totals.get(date) ??
      NOTHING;
    days.push({
      date,
      count,
      distance,
      moving_time,
      elevation_gain,
      ...getDayLoad(),
      level: toLevel(moving_time, quartiles),
    });
  }
  return { year, quartiles, days };
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
