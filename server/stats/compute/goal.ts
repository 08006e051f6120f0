import { toDayNumber } from "./days.ts";
import { countDays, type Span } from "./spans.ts";

/** The progress towards a goal, in the unit of its target. */
export interface Goal {
  expected: number;
  difference: number;
  projection: number | null;
  projectionReason: "not_begun" | null;
  neededPerDay: number | null;
  neededPerDayReason: "period_over" | null;
}

/**
 * Computes the progress at the end of today, with every day weighted the same. The period has `n`
 * days, `e` of which have begun, including today:
 *
 * - expected: `target * e / n`; difference: `done - expected`, positive when ahead.
 * - projection: `done * n / e`; `null` before the period begins.
 * - needed per day: `(target - done) / left`, where the days left include today, because it is not
 *   over; 0 once the goal is reached, `null` after the period.
 */
export function computeGoal(
  { target, done, period, today }: {
    target: number;
    done: number;
    period: Span;
    today: string;
  },
): Goal {
  const days = countDays(period);
  const sinceStart = toDayNumber(today) - toDayNumber(period.from) + 1;
  const begun = Math.min(Math.max(sinceStart, 0), days);
  const left = Math.min(Math.max(days - sinceStart + 1, 0), days);
  const expected = target * begun / days;
  return {
    expected,
    difference: done - expected,
    projection: begun === 0 ? null : done * days / begun,
    projectionReason: begun === 0 ? "not_begun" : null,
    neededPerDay: left === 0 ? null : Math.max(target - done, 0) / left,
    neededPerDayReason: left === 0 ? "period_over" : null,
  };
}
