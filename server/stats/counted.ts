import type { ActivityScope } from "../../db/activity_scope.ts";
import { localDate } from "../activities/local_time.ts";
import { visibleTo } from "../auth/access.ts";
import type { ServedAthlete } from "../../db/served_athletes.ts";
import type { Context } from "../context.ts";
import { findWholeMonths, type OpenSpan } from "./compute/spans.ts";

/** `all`: every activity, hidden ones by whole months. `visible`: what the caller may see. */
export type Counts = "all" | "visible";

/** The activities that a statistic counts for the caller, and the name of that choice. */
export interface Counted {
  scope: Pick<
    ActivityScope,
    "athleteId" | "visibility" | "hiddenDays" | "excludeSport" | "commute"
  >;
  counts: Counts;
}

/** The part of a statistic's input that leaves activities out. */
interface Exclusions {
  exclude_sport?: string | undefined;
  commute?: boolean | undefined;
}

type AthleteContext = Context & { athlete: ServedAthlete };

/** Returns what a statistic with figures of days or weeks counts: no hidden activities. */
export function countVisible(
  ctx: AthleteContext,
  { exclude_sport: excludeSport, commute }: Exclusions,
): Counted {
  const visibility = visibleTo(ctx);
  return {
    scope: { athleteId: ctx.athlete.id, visibility, excludeSport, commute },
    counts: visibility === undefined ? "all" : "visible",
  };
}

/**
 * Returns what a sum over local days counts. With `PUBLIC_TOTALS=all` it counts the hidden activities
 * of the calendar months that lie in the span as a whole, the current month among them.
 *
 * Hidden activities count by the month in every sum. So no sum, and no difference between two sums of
 * the same moment, shows less than a month of them.
 */
export function countWholeMonths(
  ctx: AthleteContext,
  exclusions: Exclusions,
  span: OpenSpan = {},
): Counted {
  const visible = countVisible(ctx, exclusions);
  const { visibility } = visible.scope;
  if (visibility === undefined || ctx.config.publicTotals === "visible") {
    return visible;
  }
  const today = localDate(ctx.now(), ctx.athlete);
  const hiddenDays = findWholeMonths(span, today);
  return { scope: { ...visible.scope, hiddenDays }, counts: "all" };
}
