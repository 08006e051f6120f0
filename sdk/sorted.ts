import type { Total } from "./contract.gen.ts";

/** Totals of a month. */
export interface MonthTotal extends Total {
  /** The month, such as `2025-12`. */
  month: string;
}

/** Totals of a year. */
export interface YearTotals {
  /** The year, such as 2025. */
  year: number;
  /** Totals by sport. */
  sports: Record<string, Total>;
}

/** Returns the months of `stats.monthly` as a list, newest first. */
export function sortedMonths(data: Record<string, Total>): MonthTotal[] {
  return Object.entries(data)
    .map(([month, total]) => ({ month, ...total }))
    .sort((a, b) => a.month < b.month ? 1 : -1);
}

/**
 * Returns the years of `stats.yearly` as a list, newest first. JavaScript objects keep numeric
 * keys in ascending order, whatever the server sends.
 */
export function sortedYears(
  data: Record<string, Record<string, Total>>,
): YearTotals[] {
  return Object.entries(data)
    .map(([year, sports]) => ({ year: Number(year), sports }))
    .sort((a, b) => b.year - a.year);
}
