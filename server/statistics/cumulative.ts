import type { DayTotal } from "../../db/counted.ts";
import type { TotalRow } from "../../db/stats.ts";
import { addDays } from "./days.ts";
import { addTo, createSums, readSums } from "./sums.ts";

/** Running sums of each year, one for each of `DAYS`; null on days that are yet to come. */
export type Cumulative = Record<string, (number | null)[]>;

/** `01-01` to `12-31`, 29 February among them, so that years lie side by side. */
export const DAYS: readonly string[] = Array.from(
  { length: 366 },
  (_, index) => addDays("2024-01-01", index).slice(5),
);

/**
 * Running sums of these years, day by day up to today, or of the current one and all with
 * activities. In a common year 29 February repeats the day before.
 */
export function readCumulative(
  rows: readonly DayTotal[],
  { metric, years, today }: {
    metric: keyof TotalRow;
    years?: readonly number[] | undefined;
    today: string;
  },
): Cumulative {
  const totals = new Map(rows.map((row) => [row.date, row]));
  const names = years?.map((year) => String(year).padStart(4, "0")) ??
    new Set([...rows.map(({ date }) => date), today].map(yearOf));
  const result: Cumulative = {};
  for (const year of names) {
    const sums = createSums();
    result[year] = DAYS.map((day) => {
      const date = `${year}-${day}`;
      if (date > today) return null;
      const total = totals.get(date);
      if (total) addTo(sums, total);
      return readSums(sums)[metric];
    });
  }
  return result;
}

function yearOf(date: string): string {
  return date.slice(0, 4);
}
