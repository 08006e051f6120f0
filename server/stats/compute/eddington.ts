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
  { sport, ...options }: EddingtonOptions & { sport?: string | undefined },
): Eddington {
  const { all, bySport } = sumDaysBySport(rows, { sport, ...options });
  const days = toWholeDays(all, options);
  const { history, ...number } = countDays(days);
  return {
    ...number,
    history,
    years: groupByYear(days, options.by ?? "day").map(([year, daysOfYear]) => ({
      year: Number(year),
      ...computeNumber(daysOfYear),
    })),
    sports: sortBySport(bySport).map(([name, sums]) => ({
      sport: name,
      ...computeNumber(toWholeDays(sums, options)),
    })),
  };
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

/** A local day, or the first day of a week, and its sum in whole units. */
type Day = [date: string, whole: number];

/** Sums of days or weeks, in the order in which they began. */
class DaySums {
  /** Tenths of a metre by the first day. */
  readonly tenths: Map<string, number> = new Map();
  #start = "";
  #sum = 0;

  /** Adds an amount. Amounts of one day mostly follow each other, so the map is only used for the last. */
  add(start: string, amount: number): void {
    if (start !== this.#start) {
      this.#start = start;
      this.#sum = this.tenths.get(start) ?? 0;
    }
    this.#sum += amount;
    this.tenths.set(start, this.#sum);
  }
}

/** Sums the rows of each day or week, the oldest first, of all sports and of each group of them. */
function sumDaysBySport(
  rows: readonly EddingtonRow[],
  { sport, metric = "distance", ...options }: EddingtonOptions & {
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

/** Converts sums to whole units, rounded down. */
function toWholeDays(
  { tenths }: DaySums,
  { unit }: Pick<EddingtonOptions, "unit">,
): Day[] {
  const days: Day[] = [];
  for (const [date, sum] of tenths) {
    days.push([date, Math.floor(sum / 10 / METRES[unit])]);
  }
  return days;
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
  { value, ...options }: EddingtonOptions & { value: number },
): NextDay[] {
  const { all } = sumDaysBySport(rows, options);
  const days = new Map<string, NextDay>();
  for (const [date, amount] of toWholeDays(all, options)) {
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
  days: readonly Day[],
  by: EddingtonPeriod,
): [year: string, days: Day[]][] {
  return [
    ...Map.groupBy(
      days,
      ([date]) => (by === "day" ? date : addDays(date, 3)).slice(0, 4),
    ),
  ];
}

function computeNumber(days: readonly Day[]): EddingtonNumber {
  const { value, next } = countDays(days);
  return { value, next };
}

/**
 * Computes the number day by day. A day raises the number by one at most: it does when enough days
 * are longer than the number. Days as long as the new number then no longer count as longer.
 */
function countDays(
  days: readonly Day[],
): EddingtonNumber & Pick<Eddington, "history"> {
  const history: Eddington["history"] = [];
  const countByDistance = new Map<number, number>();
  let value = 0;
  let longerDays = 0;
  for (const [date, whole] of days) {
    if (whole <= value) continue;
    countByDistance.set(whole, (countByDistance.get(whole) ?? 0) + 1);
    longerDays++;
    if (longerDays <= value) continue;
    value++;
    longerDays -= countByDistance.get(value) ?? 0;
    history.push({ value, date });
  }
  const next = { value: value + 1, daysNeeded: value + 1 - longerDays };
  return { value, next, history };
}
