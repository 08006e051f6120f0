import { type Metric, METRICS } from "../../format/metric.ts";
import { type Preset, PRESETS } from "./compare/periods.ts";

/** Windows of the records. */
export const WINDOWS = ["all", "year", "4w", "12w", "26w", "52w"] as const;

/** The choices of the statistics, as the page's address holds them. All sections share them. */
export interface StatisticsSearch {
  sport?: string;
  metric?: Metric;
  year?: number;
  /** Years side by side, such as `2024,2025`. */
  years?: string | number;
  window?: (typeof WINDOWS)[number];
  by?: "day" | "week";
  unit?: "km" | "mi";
  preset?: Preset;
  from?: string;
  to?: string;
  base_from?: string;
  base_to?: string;
}

/** Changed choices. An undefined one is left out of the address. */
export type StatisticsChanges = {
  [Name in keyof StatisticsSearch]?: StatisticsSearch[Name] | undefined;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Years that the statistics of several years accept. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;
/** Years that a chart can show side by side. */
const MAX_YEARS = 20;

/** Reads the page's address. Anyone can write it, so that unknown and wrong values are dropped. */
export function parseStatisticsSearch(
  search: Record<string, unknown>,
): StatisticsSearch {
  const { sport, year, years } = search;
  const found: StatisticsChanges = {
    sport: typeof sport === "string" && /^\w{1,60}$/.test(sport)
      ? sport
      : undefined,
    metric: oneOf(METRICS, search["metric"]),
    year: isYear(year) ? year : undefined,
    years: toYears(years).length > 0 ? years as string | number : undefined,
    window: oneOf(WINDOWS, search["window"]),
    by: oneOf(["day", "week"], search["by"]),
    unit: oneOf(["km", "mi"], search["unit"]),
    preset: oneOf(PRESETS, search["preset"]),
    from: toDay(search["from"]),
    to: toDay(search["to"]),
    base_from: toDay(search["base_from"]),
    base_to: toDay(search["base_to"]),
  };
  return dropUndefined(found);
}

/** Returns the years that an address lists, each once, the newest first. */
export function toYears(years: unknown): number[] {
  const found = String(years ?? "").split(",").map(Number).filter(isYear);
  return [...new Set(found)].sort((a, b) => b - a).slice(0, MAX_YEARS);
}

/** Returns years as the address holds them: one is a number, so that it needs no quotes. */
export function fromYears(years: readonly number[]): string | number {
  return years.length === 1 ? years[0]! : years.join(",");
}

/** Returns the chosen sum, distance unless another one is chosen. */
export function toMetric({ metric }: StatisticsSearch): Metric {
  return metric ?? "distance";
}

/** Leaves out what is undefined, so that the address stays short. */
export function dropUndefined(changes: StatisticsChanges): StatisticsSearch {
  return Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  );
}

function oneOf<Value extends string>(
  values: readonly Value[],
  value: unknown,
): Value | undefined {
  return values.find((each) => each === value);
}

function isYear(year: unknown): year is number {
  return Number.isInteger(year) && Number(year) >= FIRST_YEAR &&
    Number(year) <= LAST_YEAR;
}

function toDay(value: unknown): string | undefined {
  return typeof value === "string" && DAY.test(value) &&
      !Number.isNaN(Date.parse(`${value}T00:00:00Z`))
    ? value
    : undefined;
}
