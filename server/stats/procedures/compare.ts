import { CompareInput, CompareStatistic } from "@paceline/sdk/schemas";
import { getTotal, type TotalRow } from "../../../db/activity_totals.ts";
import { localDate } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import {
  type Change,
  computeChange,
  resolvePreset,
} from "../compute/compare.ts";
import { endToday } from "../compute/spans.ts";
import { countWholeMonths } from "../counted.ts";
import { toRounded, toRoundedOrNull } from "../rounded.ts";
import { EXAMPLE_YTD, toExampleTotal } from "../examples.ts";
import {
  createStatisticMeta,
  toPeriodTotal,
  toStatistic,
} from "../statistic.ts";

const EXAMPLE = {
  data: {
    current: {
      from: "2025-01-01",
      to: "2025-12-06",
      days: 340,
      total: EXAMPLE_YTD.run,
    },
    base: {
      from: "2024-01-01",
      to: "2024-12-06",
      days: 341,
      total: toExampleTotal(125, 1482310.4, 431870, 0),
    },
    change: {
      count: { difference: 18, percent: 14.4 },
      distance: { difference: 0, percent: 0 },
      moving_time: { difference: -10000, percent: -2.315512 },
      elevation_gain: {
        difference: 14211.5,
        percent: null,
        reason: "base_is_zero",
      },
    },
  },
};

/** The sums of two periods, and the change between them. */
export const compare = syncedAthleteProcedure
  .meta(createStatisticMeta("compare", {
    cost: 3,
    summary: "Two periods side by side",
    description:
      "The sums of a period and of an earlier one, with differences and percentages.",
    example: EXAMPLE,
  }))
  .input(CompareInput)
  .output(CompareStatistic)
  .query(async ({ ctx, input }) => {
    const { preset = "year_to_date", sport, from, to } = input;
    const { base_from, base_to } = input;
    const today = localDate(ctx.now(), ctx.athlete);
    const isCustom = from && to && base_from && base_to;
    const { current, base } = isCustom
      ? { current: { from, to }, base: { from: base_from, to: base_to } }
      : resolvePreset(preset, today, { weekStart: input.week_start });
    const counted = isCustom ? current : endToday(current, today);
    const { scope, counts } = countWholeMonths(ctx, input, current);
    const { scope: baseScope } = countWholeMonths(ctx, input, base);
    const [currentTotal, baseTotal] = await Promise.all([
      getTotal(ctx.sql, { ...scope, sport, ...counted }),
      getTotal(ctx.sql, { ...baseScope, sport, ...base }),
    ]);
    const change = (field: keyof TotalRow): Change =>
      toChange(computeChange(currentTotal[field], baseTotal[field]));
    return toStatistic("compare", {
      current: toPeriodTotal(current, currentTotal),
      base: toPeriodTotal(base, baseTotal),
      change: {
        count: change("count"),
        distance: change("distance"),
        moving_time: change("movingTime"),
        elevation_gain: change("elevationGain"),
      },
    }, { ...ctx, counts });
  });

function toChange({ difference, percent, reason }: Change): Change {
  return {
    difference: toRounded(difference),
    percent: toRoundedOrNull(percent),
    reason,
  };
}
