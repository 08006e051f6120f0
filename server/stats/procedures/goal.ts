import { GoalInput, GoalStatistic } from "@paceline/sdk/schemas";
import { getTotal } from "../../../db/activity_totals.ts";
import { localDate } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { computeGoal } from "../compute/goal.ts";
import { findSpan, intersectSpans } from "../compute/spans.ts";
import { getAmount } from "../compute/sums.ts";
import { countWholeMonths } from "../counted.ts";
import { toRounded, toRoundedOrNull } from "../rounded.ts";
import { createStatisticMeta, toStatistic } from "../statistic.ts";

const UNITS = {
  distance: "metres",
  moving_time: "seconds",
  elevation_gain: "metres",
  count: "activities",
} as const;

/** The progress towards a goal. */
export const goal = syncedAthleteProcedure
  .meta(createStatisticMeta("goal", {
    cost: 3,
    summary: "Progress towards a goal",
    description:
      "The part of a target that is done in the athlete's current week, month or year, or in any " +
      "other period; the amount expected by now; the projection for the end of the period; and the " +
      "amount that each remaining day needs.",
  }))
  .input(GoalInput)
  .output(GoalStatistic)
  .query(async ({ ctx, input }) => {
    const { metric, target, sport, from, to } = input;
    const today = localDate(ctx.now(), ctx.athlete);
    // The input schema requires either a period or both ends.
    const period = input.period
      ? findSpan(input.period, today, { weekStart: input.week_start })
      : { from: from!, to: to! };
    const past = intersectSpans(period, { to: today });
    const { scope, counts } = countWholeMonths(ctx, input, period);
    const total = await getTotal(ctx.sql, { ...scope, sport, ...past });
    const done = getAmount(total, metric);
    const progress = computeGoal({ target, done, period, today });
    return toStatistic("goal", {
      metric,
      unit: UNITS[metric],
      target,
      ...period,
      done,
      expected: toRounded(progress.expected),
      difference: toRounded(progress.difference),
      projection: toRoundedOrNull(progress.projection),
      projection_reason: progress.projectionReason,
      needed_per_day: toRoundedOrNull(progress.neededPerDay),
      needed_per_day_reason: progress.neededPerDayReason,
    }, { ...ctx, counts });
  });
