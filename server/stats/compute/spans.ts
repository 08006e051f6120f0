import {
  addDays,
  toDate,
  toDayNumber,
  toFirstDay,
  toWeekNumber,
  type WeekOptions,
} from "./days.ts";

/** A range of local days, both ends included. */
export interface Span {
  from: string;
  to: string;
}

/** A range of local days, both ends included; a missing end is open. */
export interface OpenSpan {
  from?: string | undefined;
  to?: string | undefined;
}

/** The first day that can be stored. */
const FIRST_DATE = "0001-01-01";

/** Counts the days of a span. */
export function countDays({ from, to }: Span): number {
  return toDayNumber(to) - toDayNumber(from) + 1;
}

/** Finds the whole week, month or year that contains this day. */
export function findSpan(
  length: "week" | "month" | "year",
  date: string,
  options: WeekOptions = {},
): Span {
  if (length === "week") {
    return findWeek(toWeekNumber(toDayNumber(date), options), options);
  }
  const year = date.slice(0, 4);
  if (length === "year") return { from: `${year}-01-01`, to: `${year}-12-31` };
  return { from: `${date.slice(0, 7)}-01`, to: findLastDayOfMonth(date) };
}

/** Finds the days of a numbered week. The first week with a day in the year 1 has no day before. */
export function findWeek(week: number, options: WeekOptions = {}): Span {
  const first = toFirstDay(week, options);
  const from = toDate(first);
  return {
    from: from < FIRST_DATE ? FIRST_DATE : from,
    to: toDate(first + 6),
  };
}

/** Returns the days in both spans. The result ends before it begins if they do not overlap. */
export function intersectSpans(one: OpenSpan, other: OpenSpan): OpenSpan {
  const later = (one.from ?? "") > (other.from ?? "") ? one : other;
  const isEarlier = other.to === undefined ||
    one.to !== undefined && one.to < other.to;
  return { from: later.from, to: isEarlier ? one.to : other.to };
}

/** Resolves a period and a year, if they are given, to the days in both. */
export function resolvePeriod(
  { year, ...period }: OpenSpan & { year?: number | undefined },
): OpenSpan {
  return intersectSpans(
    period,
    year === undefined ? {} : findSpan("year", `${year}-01-01`),
  );
}

/**
 * Ends a span today if today lies in it. Later days have not happened, so an activity that a wrong
 * clock dated after today does not count in the current week, month or year.
 */
export function endToday<Days extends OpenSpan>(
  span: Days,
  today: string,
): Days | Days & { to: string } {
  const { from = "", to } = span;
  const isCurrent = from <= today && (to === undefined || to > today);
  return isCurrent ? { ...span, to: today } : span;
}

/**
 * Finds the calendar months that lie in the span as a whole and have begun. They are returned as one
 * span, which is open at the start if the span is; `undefined` if there are none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const span = { from: "2025-01-15", to: "2025-12-30" };
 * assert.deepEqual(
 *   findWholeMonths(span, "2026-03-01"),
 *   { from: "2025-02-01", to: "2025-11-30" },
 * );
 * assert.deepEqual(findWholeMonths({}, "2025-02-03"), {
 *   from: undefined,
 *   to: "2025-02-28",
 * });
 * assert.equal(findWholeMonths(span, "2025-01-31"), undefined);
 * ```
 */
export function findWholeMonths(
  { from, to }: OpenSpan,
  today: string,
): { from?: string | undefined; to: string } | undefined {
  const last = findLastDayOfMonth(today);
  const end = to === undefined || to >= last
    ? last
    : findPreviousMonthEnd(addDays(to, 1));
  // The first year that can be stored is 1.
  if (end < "0001-01-31" || from !== undefined && from > end) return undefined;
  if (from === undefined || from.endsWith("-01")) return { from, to: end };
  const start = addDays(findLastDayOfMonth(from), 1);
  return start <= end ? { from: start, to: end } : undefined;
}

function findPreviousMonthEnd(date: string): string {
  return addDays(`${date.slice(0, 7)}-01`, -1);
}

/** Resolves a window: all time, the current year, or a number of 7-day weeks up to today. */
export function resolveWindow(
  name: "all" | "year" | `${number}w`,
  today: string,
): OpenSpan {
  if (name === "all") return {};
  if (name === "year") return findSpan("year", today);
  return { from: addDays(today, 1 - 7 * parseInt(name)), to: today };
}

/**
 * Returns the same day this many months earlier, or the last day of that month if it is shorter.
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
  return Temporal.PlainDate.from(date).subtract({ months }).toString();
}

function findLastDayOfMonth(date: string): string {
  // No month has more than 31 days. Temporal lowers the day to the month's last.
  return Temporal.PlainDate.from(date).with({ day: 31 }).toString();
}
