import type { DistanceRow } from "../../../db/activity_metrics.ts";
import { groupBySport } from "./sport_groups.ts";

/** Metres in a kilometre and in an international mile. */
const METRES = { km: 1000, mi: 1609.344 } as const;

export type Unit = keyof typeof METRES;

/** An Eddington number, and the further days needed to reach the next one. */
export interface EddingtonNumber {
  value: number;
  next: { value: number; daysNeeded: number };
}

/** An Eddington number with its history, and the numbers of each year and sport. */
export interface Eddington extends EddingtonNumber {
  /** The local day on which each number was reached. */
  history: { value: number; date: string }[];
  /** The number of each calendar year alone, oldest first. */
  years: (EddingtonNumber & { year: number })[];
  /** The number of each group of sports alone. */
  sports: (EddingtonNumber & { sport: string })[];
}

/**
 * Computes Arthur Eddington's number: the greatest n such that the distance of at least n local
 * days, in whole kilometres or miles rounded down, was n or more.
 */
export function computeEddington(
  rows: readonly DistanceRow[],
  { unit, sport }: { unit: Unit; sport?: string | undefined },
): Eddington {
  const days = sumDays(rows, METRES[unit]);
  const { history, ...number } = countDays(days);
  return {
    ...number,
    history,
    years: groupByYear(days).map(([year, daysOfYear]) => ({
      year: Number(year),
      ...computeNumber(daysOfYear),
    })),
    sports: groupBySport(rows, sport).map(({ sport: name, rows }) => ({
      sport: name,
      ...computeNumber(sumDays(rows, METRES[unit])),
    })),
  };
}

/** A local day and its distance in whole units. */
type Day = [date: string, whole: number];

/** Sums the distances of each day, oldest day first. */
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
  return [...Map.groupBy(days, ([date]) => date.slice(0, 4))];
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
