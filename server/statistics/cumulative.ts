import type { DayTotal } from "../../db/counted.ts";
import type { TotalRow } from "../../db/stats.ts";
import { addDays } from "./days.ts";
import { addTo, createSums, readSums } from "./sums.ts";

/** The sums of a year up to each of the 366 days of `DAYS`; null on days that are yet to come. */
export interface CumulativeYear {
  year: number;
  count: (number | null)[];
  distance: (number | null)[];
  moving_time: (number | null)[];
  elevation_gain: (number | null)[];
}

/** `01-01` to `12-31`, 29 February among them, so that years lie side by side. */
export const DAYS: readonly string[] = Array.from(
  { length: 366 },
  (_, index) => addDays("2024-01-01", index).slice(5),
);

/**
 * Running sums of each of these years, day by day. In a common year 29 February repeats the day
 * before. A year ends with today, or with its last activity should that be later.
 */
export function listCumulative(
  rows: readonly DayTotal[],
  { years, today }: { years: readonly number[]; today: string },
): CumulativeYear[] {
  const totals = new Map(rows.map((row) => [row.date, row]));
  const newest = rows.at(-1)?.date ?? "";
  const end = newest > today ? newest : today;
  return years.map((year) => readYear(totals, { year, end }));
}

function readYear(
  totals: ReadonlyMap<string, TotalRow>,
  { year, end }: { year: number; end: string },
): CumulativeYear {
  const sums = createSums();
  const result: CumulativeYear = {
    year,
    count: [],
    distance: [],
    moving_time: [],
    elevation_gain: [],
  };
  for (const day of DAYS) {
    const date = `${String(year).padStart(4, "0")}-${day}`;
    const total = totals.get(date);
    if (total) addTo(sums, total);
    const sum = date <= end ? readSums(sums) : undefined;
    result.count.push(sum?.count ?? null);
    result.distance.push(sum?.distance ?? null);
    result.moving_time.push(sum?.moving_time ?? null);
    result.elevation_gain.push(sum?.elevation_gain ?? null);
  }
  return result;
}
