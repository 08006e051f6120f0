import { addDays, toDay, weekdayOf } from "./days.ts";

/** Local days from a first to a last, both included. */
export interface Span {
  from: string;
  to: string;
}

/** Local days whose ends, both included, may be open. */
export interface OpenSpan {
  from?: string | undefined;
  to?: string | undefined;
}

/** How many days a span has. */
export function countDays({ from, to }: Span): number {
  return toDay(to) - toDay(from) + 1;
}

/** The ISO week, the month or the year that has this day, whole. */
export function spanOf(length: "week" | "month" | "year", date: string): Span {
  if (length === "week") {
    const from = addDays(date, 1 - weekdayOf(toDay(date)));
    return { from, to: addDays(from, 6) };
  }
  const year = date.slice(0, 4);
  if (length === "year") return { from: `${year}-01-01`, to: `${year}-12-31` };
  return { from: `${date.slice(0, 7)}-01`, to: lastOfMonth(date) };
}

/** The days that are in both; none are where it ends before it begins. */
export function intersect(one: OpenSpan, other: OpenSpan): OpenSpan {
  const later = (one.from ?? "") > (other.from ?? "") ? one : other;
  const isEarlier = other.to === undefined ||
    one.to !== undefined && one.to < other.to;
  return { from: later.from, to: isEarlier ? one.to : other.to };
}

/** A window of records: the current year, so many weeks of seven days up to today, or all time. */
export function windowOf(
  name: "all" | "year" | `${number}w`,
  today: string,
): OpenSpan {
  if (name === "all") return {};
  if (name === "year") return spanOf("year", today);
  return { from: addDays(today, 1 - 7 * parseInt(name)), to: today };
}

/**
 * The same day so many months earlier; the last day of that month where it has no such day.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(subtractMonths("2024-02-29", 12), "2023-02-28");
 * assert.equal(subtractMonths("2025-01-31", 2), "2024-11-30");
 * ```
 */
export function subtractMonths(date: string, months: number): string {
  const day = date.slice(8);
  const count = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 -
    months;
  const year = String(Math.floor(count / 12)).padStart(4, "0");
  const month = String(count % 12 + 1).padStart(2, "0");
  const last = lastOfMonth(`${year}-${month}-01`);
  return day > last.slice(8) ? last : `${year}-${month}-${day}`;
}

function lastOfMonth(date: string): string {
  const month = date.slice(0, 7);
  // No month has fewer than 28 days, none more than 31.
  const days = [31, 30, 29, 28].map((day) => `${month}-${day}`);
  return days.find((day) => addDays(day, 0) === day)!;
}
