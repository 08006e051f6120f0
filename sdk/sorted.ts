import type { Total } from "./contract.gen.ts";

/** Sums of a month. */
export interface MonthTotal extends Total {
  /** Such as `2025-12`. */
  month: string;
}

/** Sums of a year. */
export interface YearTotals {
  /** Such as 2025. */
  year: number;
  /** By sport. */
  sports: Record<string, Total>;
}

/** The months of `stats.monthly` as a list, newest first. */
export function sortedMonths(data: Record<string, Total>): MonthTotal[] {
  return Object.entries(data)
    .map(([month, total]) => ({ month, ...total }))
    .sort((a, b) => a.month < b.month ? 1 : -1);
}

/**
 * The years of `stats.yearly` as a list, newest first: a JavaScript object has keys that are numbers
 * in rising order, whatever the server sends.
 */
export function sortedYears(
  data: Record<string, Record<string, Total>>,
): YearTotals[] {
  return Object.entries(data)
    .map(([year, sports]) => ({ year: Number(year), sports }))
    .sort((a, b) => b.year - a.year);
}
