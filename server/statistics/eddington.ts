import type { SportDay } from "../../db/figures.ts";
import { groupBySport } from "./sport_groups.ts";

/** Metres of a kilometre and of an international mile. */
const METRES = { km: 1000, mi: 1609.344 } as const;

/** The number, and how it came about. */
export interface Eddington {
  number: number;
  /** How many further days of at least `number + 1` make it one more. */
  days_to_next: number;
  /** When each number was reached, a local day. */
  history: { number: number; date: string }[];
  /** Each calendar year by itself, oldest first. */
  years: { year: number; number: number; days_to_next: number }[];
}

/** The numbers of one group of sports, in kilometres and in miles. */
export interface SportEddington {
  sport: string;
  km: Eddington;
  mi: Eddington;
}

/**
 * Arthur Eddington's number of each group of sports: the greatest n such that on at least n local
 * days the day's distance, in whole kilometres or miles rounded down, was n or more.
 */
export function listEddington(
  rows: readonly SportDay[],
  { sport }: { sport?: string | undefined } = {},
): SportEddington[] {
  return groupBySport(rows, sport).map(({ sport: name, rows }) => {
    const days = sumDays(rows);
    return {
      sport: name,
      km: readEddington(days, METRES.km),
      mi: readEddington(days, METRES.mi),
    };
  });
}

/** Local day and its metres, oldest first. */
type Day = [date: string, distance: number];

function sumDays(rows: readonly SportDay[]): Day[] {
  const tenths = new Map<string, number>();
  for (const { date, distance } of rows) {
    tenths.set(date, (tenths.get(date) ?? 0) + Math.round(distance * 10));
  }
  return [...tenths].map(([date, sum]) => [date, sum / 10]);
}

function readEddington(days: readonly Day[], unit: number): Eddington {
  const years = new Map<string, Day[]>();
  for (const day of days) {
    const year = day[0].slice(0, 4);
    const known = years.get(year);
    if (known) known.push(day);
    else years.set(year, [day]);
  }
  return {
    ...count(days, unit),
    years: [...years].map(([year, own]) => {
      const { number, days_to_next } = count(own, unit);
      return { year: Number(year), number, days_to_next };
    }),
  };
}

/**
 * Day by day: a day can raise the number by one at most, and does when there are then enough days
 * above it. Those that are just as long as the new number are no longer above it.
 */
function count(
  days: readonly Day[],
  unit: number,
): Omit<Eddington, "years"> {
  const history: Eddington["history"] = [];
  const daysOf = new Map<number, number>();
  let number = 0;
  let above = 0;
  for (const [date, distance] of days) {
    const whole = Math.floor(distance / unit);
    if (whole <= number) continue;
    daysOf.set(whole, (daysOf.get(whole) ?? 0) + 1);
    above++;
    if (above <= number) continue;
    number++;
    above -= daysOf.get(number) ?? 0;
    history.push({ number, date });
  }
  return { number, days_to_next: number + 1 - above, history };
}
