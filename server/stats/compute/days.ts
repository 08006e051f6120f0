const MS_PER_DAY = 86_400_000;

/**
 * A local day as a number, days since 1 January 1970: neighbours differ by 1 on every calendar, since
 * a wall clock's days have no zone and no daylight saving.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(toDay("2024-03-01") - toDay("2024-02-28"), 2);
 * ```
 */
export function toDay(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / MS_PER_DAY;
}

/** The date of a day's number, `2025-12-06`. */
export function toDate(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

/** The date so many days later, or earlier. */
export function addDays(date: string, days: number): string {
  return toDate(toDay(date) + days);
}

/** The day of the week after ISO 8601: Monday 1, Sunday 7. */
export function weekdayOf(day: number): number {
  return mod(day + 3, 7) + 1; // 1 January 1970 was a Thursday
}

/**
 * The week after ISO 8601: it begins on Monday and belongs to the year that has its Thursday.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(toIsoWeek(toDay("2024-12-30")), "2025-W01");
 * assert.equal(toIsoWeek(toDay("2021-01-03")), "2020-W53");
 * ```
 */
export function toIsoWeek(day: number): string {
  const thursday = day - weekdayOf(day) + 4;
  const year = toDate(thursday).slice(0, 4);
  const week = Math.floor((thursday - toDay(`${year}-01-01`)) / 7) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}

/** What is left of a division, never negative. */
function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
