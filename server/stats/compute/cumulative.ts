import type { AmountRow } from "../../../db/activity_metrics.ts";
import { addDays } from "./days.ts";

/** Running sums by year, one for each of `DAYS`; `null` for days in the future. */
export type Cumulative = Record<string, (number | null)[]>;

/** `01-01` to `12-31` with 29 February, so that the days of different years line up. */
export const DAYS: readonly string[] = Array.from(
  { length: 366 },
  (_, index) => addDays("2024-01-01", index).slice(5),
);

/**
 * Computes the running sums of these years, day by day up to today. Without `years` it covers the
 * current year and every earlier year with activities. In a common year 29 February repeats the sum of
 * 28 February.
 */
export function computeCumulative(
  rows: readonly AmountRow[],
  { years, today }: { years?: readonly number[] | undefined; today: string },
): Cumulative {
  // Tenths are whole numbers, so adding them leaves no rounding noise.
  const tenths = new Map<string, number>();
  for (const { date, amount } of rows) {
    tenths.set(date, (tenths.get(date) ?? 0) + Math.round(amount * 10));
  }
  const names = years?.map((year) => String(year).padStart(4, "0")) ??
    new Set(
      [...tenths.keys(), today].map((date) => date.slice(0, 4))
        .filter((year) => year <= today.slice(0, 4)),
    );
  const result: Cumulative = {};
  for (const year of names) {
    let sum = 0;
    result[year] = DAYS.map((day) => {
      const date = `${year}-${day}`;
      if (date > today) return null;
      sum += tenths.get(date) ?? 0;
      return sum / 10;
    });
  }
  return result;
}
