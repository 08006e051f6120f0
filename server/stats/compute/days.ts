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
  return Date.parse(`${date}T00:00:00Z`) / MS_PER_DAY;
}

/** Returns the date of a day number, `2025-12-06`. */
export function toDate(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

/** Returns the date this many days later; earlier if `days` is negative. */
export function addDays(date: string, days: number): string {
  return toDate(toDayNumber(date) + days);
}

/** Returns the ISO 8601 weekday of a day number: Monday is 1, Sunday is 7. */
export function toWeekday(day: number): number {
  return modulo(day + 3, 7) + 1; // 1 January 1970 was a Thursday
}

/**
 * Returns the ISO 8601 week of a day number. A week starts on Monday and belongs to the year that
 * contains its Thursday.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(toIsoWeek(toDayNumber("2024-12-30")), "2025-W01");
 * assert.equal(toIsoWeek(toDayNumber("2021-01-03")), "2020-W53");
 * ```
 */
export function toIsoWeek(day: number): string {
  const thursday = day - toWeekday(day) + 4;
  const year = toDate(thursday).slice(0, 4);
  const week = Math.floor((thursday - toDayNumber(`${year}-01-01`)) / 7) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}

/** Returns the remainder of a division, never negative. */
function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
