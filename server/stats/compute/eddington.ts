import type { DistanceRow } from "../../../db/activity_metrics.ts";
import { groupBySport } from "./sport_groups.ts";

/** Metres of a kilometre and of an international mile. */
const METRES = { km: 1000, mi: 1609.344 } as const;

export type Unit = keyof typeof METRES;

/** A number, and how many further days of at least one more make it that. */
export interface EddingtonNumber {
  value: number;
  next: { value: number; days_needed: number };
}

/** The number, how it came about, and what it is made of. */
export interface Eddington extends EddingtonNumber {
  /** When each number was reached, a local day. */
  history: { value: number; date: string }[];
  /** Each calendar year by itself, oldest first. */
  years: (EddingtonNumber & { year: number })[];
  /** Each group of sports by itself. */
  sports: (EddingtonNumber & { sport: string })[];
}

/**
 * Arthur Eddington's number: the greatest n such that on at least n local days the day's distance,
 * in whole kilometres or miles rounded down, was n or more.
 */
export function readEddington(
  rows: readonly DistanceRow[],
  { unit, sport }: { unit: Unit; sport?: string | undefined },
): Eddington {
  const days = sumDays(rows, METRES[unit]);
  const { history, ...number } = count(days);
  return {
    ...number,
    history,
    years: groupByYear(days).map(([year, own]) => ({
      year: Number(year),
      ...toNumber(own),
    })),
    sports: groupBySport(rows, sport).map(({ sport: name, rows }) => ({
      sport: name,
      ...toNumber(sumDays(rows, METRES[unit])),
    })),
  };
}

/** Local day and its distance in whole units, oldest first. */
type Day = [date: string, whole: number];

function sumDays(rows: readonly DistanceRow[], metres: number): Day[] {
  const tenths = new Map<string, number>();
  for (const { date, distance } of rows) {
    tenths.set(date, (tenths.get(date) ?? 0) + Math.round(distance * 10));
  }
  return [...tenths].map((
    [date, sum],
  ) => [date, Math.floor(sum / 10 / metres)]);
}

function groupByYear(days: readonly Day[]): [year: string, days: Day[]][] {
  const years = new Map<string, Day[]>();
  for (const day of days) {
    const year = day[0].slice(0, 4);
    const known = years.get(year);
    if (known) known.push(day);
    else years.set(year, [day]);
  }
  return [...years];
}

function toNumber(days: readonly Day[]): EddingtonNumber {
  const { value, next } = count(days);
  return { value, next };
}

/**
 * Day by day: a day can raise the number by one at most, and does when there are then enough days
 * above it. Those that are just as long as the new number are no longer above it.
 */
function count(
  days: readonly Day[],
): EddingtonNumber & Pick<Eddington, "history"> {
  const history: Eddington["history"] = [];
  const daysOf = new Map<number, number>();
  let value = 0;
  let above = 0;
  for (const [date, whole] of days) {
    if (whole <= value) continue;
    daysOf.set(whole, (daysOf.get(whole) ?? 0) + 1);
    above++;
    if (above <= value) continue;
    value++;
    above -= daysOf.get(value) ?? 0;
    history.push({ value, date });
  }
  const next = { value: value + 1, days_needed: value + 1 - above };
  return { value, next, history };
}
