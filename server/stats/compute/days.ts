const MS_PER_DAY = 86_400_000;

/**
 * Returns the number of days from 1 January 1970 to a local day. Neighbouring days always differ by
 * 1, because days of a wall clock have no zone and no daylight saving time.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(toDayNumber("2024-03-01") - toDayNumber("2024-02-28"), 2);
 * ```
 */
export function toDayNumber(date: string): number {
  const year = toNumber(date, 0, 4);
  const month = toNumber(date, 5, 7);
  // Years from March to February, so that the leap day is the last one.
  const shifted = month > 2 ? year : year - 1;
  const daysOfMonths = Math.floor(
    (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5,
  );
  return shifted * 365 + Math.floor(shifted / 4) - Math.floor(shifted / 100) +
    Math.floor(shifted / 400) + daysOfMonths + toNumber(date, 8, 10) - 719_469;
}

/** Reads digits. A history has thousands of dates, and `Date.parse` takes ten times as long. */
function toNumber(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    value = value * 10 + text.charCodeAt(at) - 48;
  }
  return value;
}

/** Returns the date of a day number, `2025-12-06`. */
export function toDate(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

/** Returns the date this many days later; earlier if `days` is negative. */
export function addDays(date: string, days: number): string {
  return toDate(toDayNumber(date) + days);
}

/** The weekday that begins a week. ISO 8601, and everything here by default, says Monday. */
export type WeekStart = "monday" | "sunday";

/** The way to divide days into weeks. */
export interface WeekOptions {
  weekStart?: WeekStart | undefined;
}

/** The day numbers of two first days of a week: 1 January 1970 was a Thursday. */
const FIRST_DAYS: Readonly<Record<WeekStart, number>> = {
  monday: -3,
  sunday: -4,
};

/** Returns the ISO 8601 weekday of a day number: Monday is 1, Sunday is 7. */
export function toWeekday(day: number): number {
  return modulo(day - FIRST_DAYS.monday, 7) + 1;
}

/** Returns the number of the week that contains a day number. Neighbouring weeks differ by 1. */
export function toWeekNumber(
  day: number,
  { weekStart = "monday" }: WeekOptions = {},
): number {
  return Math.floor((day - FIRST_DAYS[weekStart]) / 7);
}

/** Returns the day number of the first day of a week. */
export function toFirstDay(
  week: number,
  { weekStart = "monday" }: WeekOptions = {},
): number {
  return week * 7 + FIRST_DAYS[weekStart];
}

/**
 * Returns the name of the week that contains a day number. A week belongs to the year that contains
 * most of its days, which its fourth day decides. From Monday this is the week of ISO 8601.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(toWeekName(toDayNumber("2024-12-30")), "2025-W01");
 * assert.equal(toWeekName(toDayNumber("2021-01-03")), "2020-W53");
 * const weekStart = "sunday";
 * assert.equal(toWeekName(toDayNumber("2021-01-03"), { weekStart }), "2021-W01");
 * ```
 */
export function toWeekName(day: number, options: WeekOptions = {}): string {
  const middle = toFirstDay(toWeekNumber(day, options), options) + 3;
  const year = toDate(middle).slice(0, 4);
  const week = Math.floor((middle - toDayNumber(`${year}-01-01`)) / 7) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}

/** Returns the remainder of a division, never negative. */
function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
