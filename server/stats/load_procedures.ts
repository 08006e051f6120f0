import {
  CompareInput,
  CompareStatistic,
  GoalInput,
  GoalStatistic,
  TrainingLoadInput,
  TrainingLoadStatistic,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { getTotal } from "../../db/activity_scope.ts";
import type { TotalRow } from "../../db/stats.ts";
import { localDate } from "../activities/local_time.ts";
import { type Change, spansOf, toChange } from "./compute/compare.ts";
import { toGoal } from "./compute/goal.ts";
import { toRounded, toRoundedOrNull } from "./compute/rounded.ts";
import { spanOf } from "./compute/spans.ts";
import {
  FORMULA,
  listTrainingDays,
  toEstimatedShare,
  type TrainingDay,
} from "./compute/training_load.ts";
import { syncedAthleteProcedure } from "../trpc.ts";
import { listLoads } from "./day_loads.ts";
import { toPeriodTotal, toStatistic } from "./statistic.ts";
import { COMPARE_EXAMPLE } from "./examples.ts";

/** Statistics of how much, against what was meant or was before. */
export const loadProcedures = {
  /** Training load day by day. */
  trainingLoad: syncedAthleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/stats/training-load",
        tags: ["stats"],
        protect: false,
        summary: "Training load day by day",
        description:
          "Load, fitness (CTL), fatigue (ATL), form (TSB), ACWR, monotony and strain of every day " +
          "to the athlete's today. `from` and `to` choose the days that are shown; all are computed " +
          "from the first activity. The formulas are in docs/statistics.md.",
      },
    })
    .input(TrainingLoadInput)
    .output(TrainingLoadStatistic)
    .query(async ({ ctx, input: { sport, from, to } }) => {
      const { loads } = await listLoads(ctx, {
        athleteId: ctx.athlete.id,
        sport,
      });
      const today = localDate(ctx.now(), ctx.athlete);
      const days = listTrainingDays(loads, { today })
        .filter(({ date }) => !(from && date < from) && !(to && date > to));
      const share = toEstimatedShare(days);
      return toStatistic("training_load", {
        formula: FORMULA,
        estimated_share: toRoundedOrNull(share),
        estimated_share_reason: share === null ? "no_load" as const : null,
        days: days.map(toTrainingDay),
      }, ctx.athlete);
    }),

  /** How a goal stands. */
  goal: syncedAthleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/stats/goal",
        tags: ["stats"],
        protect: false,
        summary: "How a goal stands",
        description:
          "What is done of a target in the athlete's current week, month or year or in any other " +
          "period, what should be by now, where it leads, and what each day that is left must bring.",
      },
    })
    .input(GoalInput)
    .output(GoalStatistic)
    .query(async ({ ctx, input }) => {
      const { metric, target, sport, from, to } = input;
      const today = localDate(ctx.now(), ctx.athlete);
      // The input is refused unless it has a period, or else both its ends.
      const period = input.period
        ? spanOf(input.period, today)
        : { from: from!, to: to! };
      const athleteId = ctx.athlete.id;
      const total = await getTotal(ctx.sql, { athleteId, sport, ...period });
      const done = total[metric];
      const goal = toGoal({ target, done, period, today });
      return toStatistic("goal", {
        metric,
        unit: UNITS[metric],
        target,
        ...period,
        done,
        ...goal,
        expected: toRounded(goal.expected),
        difference: toRounded(goal.difference),
        projection: toRoundedOrNull(goal.projection),
        needed_per_day: toRoundedOrNull(goal.needed_per_day),
      }, ctx.athlete);
    }),

  /** Two periods side by side. */
  compare: syncedAthleteProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/strava/stats/compare",
        tags: ["stats"],
        protect: false,
        summary: "Two periods side by side",
        description:
          "The sums of a period and of one before it, with differences and percentages.",
      },
      example: COMPARE_EXAMPLE,
    })
    .input(CompareInput)
    .output(CompareStatistic)
    .query(async ({ ctx, input }) => {
      const { preset = "year_to_date", sport, from, to } = input;
      const { base_from, base_to } = input;
      const { current, base } = from && to && base_from && base_to
        ? { current: { from, to }, base: { from: base_from, to: base_to } }
        : spansOf(preset, localDate(ctx.now(), ctx.athlete));
      const athleteId = ctx.athlete.id;
      const [now, before] = await Promise.all([
        getTotal(ctx.sql, { athleteId, sport, ...current }),
        getTotal(ctx.sql, { athleteId, sport, ...base }),
      ]);
      const change = (metric: keyof TotalRow): Change =>
        toWireChange(now[metric], before[metric]);
      return toStatistic("compare", {
        current: toPeriodTotal(current, now),
        base: toPeriodTotal(base, before),
        change: {
          count: change("count"),
          distance: change("distance"),
          moving_time: change("moving_time"),
          elevation_gain: change("elevation_gain"),
        },
      }, ctx.athlete);
    }),
};

const UNITS = {
  distance: "metres",
  moving_time: "seconds",
  elevation_gain: "metres",
  count: "activities",
} as const;

function toWireChange(current: number, base: number): Change {
  const { difference, percent, reason } = toChange(current, base);
  return {
    difference: toRounded(difference),
    percent: toRoundedOrNull(percent),
    reason,
  };
}

/** The wire form of a day of the training load. */
export function toTrainingDay(
  { date, load, source, ctl, atl, tsb, acwr, monotony, strain }: TrainingDay,
): z.input<typeof TrainingLoadStatistic>["data"]["days"][number] {
  return {
    date,
    load: toRounded(load),
    source,
    ctl: toRounded(ctl),
    atl: toRounded(atl),
    tsb: toRounded(tsb),
    acwr: toRoundedOrNull(acwr.value),
    acwr_reason: acwr.reason,
    monotony: toRoundedOrNull(monotony.value),
    monotony_reason: monotony.reason,
    strain: toRoundedOrNull(strain),
  };
}
