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

/** The order of a sorted list: `desc` is newest first, `asc` oldest first. */
export interface SortedOptions {
  /** Default: `desc`. */
  order?: "asc" | "desc";
}

/** Returns the months of `stats.monthly` as a list, newest first by default. */
export function sortedMonths(
  data: Record<string, Total>,
  { order = "desc" }: SortedOptions = {},
): MonthTotal[] {
  const months = Object.entries(data)
    .map(([month, total]) => ({ month, ...total }))
    .sort((a, b) => a.month < b.month ? -1 : 1);
  return order === "asc" ? months : months.reverse();
}

/**
 * Returns the years of `stats.yearly` as a list, newest first by default. JavaScript objects keep numeric
 * keys in ascending order, whatever the server sends.
 */
export function sortedYears(
  data: Record<string, Record<string, Total>>,
  { order = "desc" }: SortedOptions = {},
): YearTotals[] {
  const years = Object.entries(data)
    .map(([year, sports]) => ({ year: Number(year), sports }))
    .sort((a, b) => a.year - b.year);
  return order === "asc" ? years : years.reverse();
}
