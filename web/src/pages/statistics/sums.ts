import type { CumulativeStatistic } from "@paceline/sdk";
import { addDays, toWeekday } from "../../format/days.ts";

/** The sum of a local day. */
export interface DaySum {
  date: string;
  value: number;
}

/** The sum of a week. */
export interface WeekSum {
  /** First day of the week. */
  start: string;
  value: number;
}

/** Sums are in tenths at most: this much is the error of adding them. */
const NOISE = 1e-6;

/** Returns the sum of each day up to today from the running sums of the years, the oldest day first. */
export function toDaySums(
  { days, years }: Pick<CumulativeStatistic["data"], "days" | "years">,
): DaySum[] {
  return Object.keys(years).map(Number).sort((a, b) => a - b).flatMap(
    (year) => {
      const sums: DaySum[] = [];
      let before = 0;
      for (const [index, day] of days.entries()) {
        const sum = years[year]?.[index];
        if (sum == null) break;
        // In a common year this day repeats the one before.
        if (day === "02-29" && !isLeap(year)) continue;
        const value = sum - before;
        sums.push({
          date: `${year}-${day}`,
          value: Math.abs(value) < NOISE ? 0 : value,
        });
        before = sum;
      }
      return sums;
    },
  );
}

/** Returns the sums of months, such as `2026-11`, in which there are days. */
export function sumByMonth(days: readonly DaySum[]): Map<string, number> {
  const months = new Map<string, number>();
  for (const { date, value } of days) {
    const month = date.slice(0, 7);
    months.set(month, (months.get(month) ?? 0) + value);
  }
  return months;
}

/**
 * Returns the sums of the weeks of a year that have begun. A week belongs to the year that has most of
 * its days, as the server counts.
 */
export function sumByWeek(
  days: readonly DaySum[],
  { year, weekStart }: { year: number; weekStart: "monday" | "sunday" },
): WeekSum[] {
  const weeks = new Map<string, number>();
  for (const { date, value } of days) {
    const start = addDays(date, -toWeekday(date, weekStart));
    // The fourth day decides.
    if (Number(addDays(start, 3).slice(0, 4)) !== year) continue;
    weeks.set(start, (weeks.get(start) ?? 0) + value);
  }
  return [...weeks].map(([start, value]) => ({ start, value }));
}

/** Returns shades from 0 to 4: none, and the quarters up to the greatest value. */
export function toLevel(value: number, most: number): number {
  return value <= 0 || most <= 0 ? 0 : Math.min(4, Math.ceil(value / most * 4));
}

function isLeap(year: number): boolean {
  return new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
}
