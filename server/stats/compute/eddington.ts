import { addDays, type WeekOptions } from "./days.ts";
import { findSpan } from "./spans.ts";
import { findGroup, sortBySport, toSportName } from "./sport_groups.ts";

/** Metres in a kilometre, an international mile, a metre and an international foot. */
const METRES = { km: 1000, mi: 1609.344, m: 1, ft: 0.3048 } as const;

export type Unit = keyof typeof METRES;

/** An Eddington number, and the further days or weeks needed to reach the next one. */
export interface EddingtonNumber {
  value: number;
  next: { value: number; daysNeeded: number };
}

/** An Eddington number with its history, and the numbers of each year and sport. */
export interface Eddington extends EddingtonNumber {
  /** The local day on which each number was reached, or the first day of that week. */
  history: { value: number; date: string }[];
  /** The number of each calendar year alone, oldest first. */
  years: (EddingtonNumber & { year: number })[];
  /** The number of each group of sports alone. */
  sports: (EddingtonNumber & { sport: string })[];
}

/**
 * Computes Arthur Eddington's number: the greatest n such that the distance of at least n local
 * days, in whole kilometres or miles rounded down, was n or more. It can also count the climbing, in
 * metres or feet, and weeks instead of days.
 */
export function computeEddington(
  rows: readonly EddingtonRow[],
  { sport, unit, ...options }: EddingtonOptions & {
    sport?: string | undefined;
  },
): Eddington {
  const { all, bySport } = sumDays(rows, { sport, ...options });
  const years = groupByYear(all, options.by ?? "day");
  return {
    ...countDays(all, unit),
    years: [...years].map(([year, days]) => ({
      year: Number(year),
      ...computeNumber(days, unit),
    })),
    sports: computeSports(bySport, unit),
  };
}

/** Computes the numbers of several units, without their history. */
export function computeEddingtonNow<Name extends Unit>(
  rows: readonly EddingtonRow[],
  units: readonly Name[],
): Record<Name, EddingtonNumber & Pick<Eddington, "sports">> {
  const { all, bySport } = sumDays(rows, {});
  return Object.fromEntries(
    units.map((unit) => [
      unit,
      { ...computeNumber(all, unit), sports: computeSports(bySport, unit) },
    ]),
  ) as Record<Name, EddingtonNumber & Pick<Eddington, "sports">>;
}

function computeSports(
  bySport: ReadonlyMap<string, DaySums>,
  unit: Unit,
): Eddington["sports"] {
  return sortBySport(bySport).map(([sport, days]) => ({
    sport,
    ...computeNumber(days, unit),
  }));
}

/** An activity's part of its day: metres. */
export interface EddingtonRow {
  /** Local day, `2025-12-06`. */
  date: string;
  sportType: string;
  distance: number;
  elevationGain?: number;
}

/** The way to count: by local days and distance unless given otherwise. */
export interface EddingtonOptions extends WeekOptions {
  unit: Unit;
  metric?: EddingtonMetric;
  by?: EddingtonPeriod;
}

export type EddingtonMetric = "distance" | "elevation_gain";
export type EddingtonPeriod = "day" | "week";

/** Sums of local days or weeks, in the order in which they first occur. */
class DaySums {
  /** The day, or the first day of the week. */
  readonly starts: string[] = [];
  /** Tenths of a metre. */
  readonly tenths: number[] = [];

  add(start: string, amount: number): void {
    const last = this.starts.length - 1;
    if (start === this.starts[last]) this.tenths[last]! += amount;
    else this.#addElsewhere(start, amount);
  }

  #addElsewhere(start: string, amount: number): void {
    const isLater = start > (this.starts.at(-1) ?? "");
    const index = isLater ? -1 : this.starts.indexOf(start);
    if (index >= 0) {
      this.tenths[index]! += amount;
      return;
    }
    this.starts.push(start);
    this.tenths.push(amount);
  }
}

/** Sums the rows of each day or week of all sports, and of each group of sports. */
function sumDays(
  rows: readonly EddingtonRow[],
  { sport, metric = "distance", ...options }: Omit<EddingtonOptions, "unit"> & {
    sport?: string | undefined;
  },
): { all: DaySums; bySport: Map<string, DaySums> } {
  const requested = sport && toSportName(sport);
  const all = new DaySums();
  const bySport = new Map<string, DaySums>();
  const toStart = createStarts(options);
  for (const row of rows) {
    const start = toStart(row.date);
    const metres = metric === "distance" ? row.distance : row.elevationGain;
    const amount = Math.round((metres ?? 0) * 10);
    const group = requested ?? findGroup(row.sportType);
    let sums = bySport.get(group);
    if (!sums) bySport.set(group, sums = new DaySums());
    sums.add(start, amount);
    all.add(start, amount);
  }
  return { all, bySport };
}

/** Converts a sum to whole units, rounded down. */
function toWhole(tenths: number, unit: Unit): number {
  return Math.floor(tenths / 10 / METRES[unit]);
}

/** Creates a function that finds the first day of the period that contains a day. */
function createStarts(
  { by = "day", weekStart }: Pick<EddingtonOptions, "by" | "weekStart">,
): (date: string) => string {
  if (by === "day") return (date) => date;
  const starts = new Map<string, string>();
  return (date) => {
    let start = starts.get(date);
    if (start === undefined) {
      start = findSpan("week", date, { weekStart }).from;
      starts.set(date, start);
    }
    return start;
  };
}

/** A day or week that counts for the next number. */
export interface NextDay {
  /** The local day, or the first day of the week. */
  date: string;
  /** The sum in whole units. */
  amount: number;
  /** Ids of its activities. */
  activityIds: number[];
}

/** Lists the days or weeks whose sum reaches `value`, the greatest sum first, then the oldest. */
export function listNextDays(
  rows: readonly (EddingtonRow & { id: number })[],
  { value, unit, ...options }: EddingtonOptions & { value: number },
): NextDay[] {
  const { all } = sumDays(rows, options);
  const days = new Map<string, NextDay>();
  for (const [index, date] of all.starts.entries()) {
    const amount = toWhole(all.tenths[index]!, unit);
    if (amount >= value) days.set(date, { date, amount, activityIds: [] });
  }
  const toStart = createStarts(options);
  for (const { date, id } of rows) {
    days.get(toStart(date))?.activityIds.push(id);
  }
  return [...days.values()].sort((a, b) => b.amount - a.amount);
}

/** Groups by calendar year. A week belongs to the year of its fourth day. */
function groupByYear(
  { starts, tenths }: DaySums,
  by: EddingtonPeriod,
): Map<string, DaySums> {
  const years = new Map<string, DaySums>();
  for (const [index, start] of starts.entries()) {
    const year = (by === "day" ? start : addDays(start, 3)).slice(0, 4);
    let days = years.get(year);
    if (!days) years.set(year, days = new DaySums());
    days.add(start, tenths[index]!);
  }
  return years;
}

function computeNumber(days: DaySums, unit: Unit): EddingtonNumber {
  const { value, next } = countDays(days, unit);
  return { value, next };
}

/**
 * Computes the number day by day. A day raises the number by one at most: it does when enough days
 * are longer than the number. Days as long as the new number then no longer count as longer.
 */
function countDays(
  { starts, tenths }: DaySums,
  unit: Unit,
): EddingtonNumber & Pick<Eddington, "history"> {
  const history: Eddington["history"] = [];
  const countByDistance = new Map<number, number>();
  let value = 0;
  let longerDays = 0;
  for (let index = 0; index < starts.length; index++) {
    const whole = toWhole(tenths[index]!, unit);
    if (whole <= value) continue;
    countByDistance.set(whole, (countByDistance.get(whole) ?? 0) + 1);
    longerDays++;
    if (longerDays <= value) continue;
    value++;
    longerDays -= countByDistance.get(value) ?? 0;
    history.push({ value, date: starts[index]! });
  }
  const next = { value: value + 1, daysNeeded: value + 1 - longerDays };
  return { value, next, history };
}
