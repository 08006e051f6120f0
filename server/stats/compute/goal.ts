import { toDay } from "./days.ts";
import { countDays, type Span } from "./spans.ts";

/** How a goal stands, in the unit of its target. */
export interface Goal {
  expected: number;
  difference: number;
  projection: number | null;
  projection_reason: "not_begun" | null;
  needed_per_day: number | null;
  needed_per_day_reason: "period_over" | null;
}

/**
 * How a goal stands at the end of today, all days alike, with `n` days in the period and `e` of
 * them begun, today included:
 *
 * - expected: `target * e / n`; difference: `done - expected`, ahead above 0.
 * - projection: `done * n / e`; null before the period begins.
 * - needed per day: `(target - done) / left`, where the days left have today among them, which is
 *   not over; 0 once the goal is reached, null after the period.
 */
export function toGoal(
  { target, done, period, today }: {
    target: number;
    done: number;
    period: Span;
    today: string;
  },
): Goal {
  const days = countDays(period);
  const sinceStart = toDay(today) - toDay(period.from) + 1;
  const begun = Math.min(Math.max(sinceStart, 0), days);
  const left = Math.min(Math.max(days - sinceStart + 1, 0), days);
  const expected = target * begun / days;
  return {
    expected,
    difference: done - expected,
    projection: begun === 0 ? null : done * days / begun,
    projection_reason: begun === 0 ? "not_begun" : null,
    needed_per_day: left === 0 ? null : Math.max(target - done, 0) / left,
    needed_per_day_reason: left === 0 ? "period_over" : null,
  };
}
