import { StreaksInput, StreaksStatistic } from "@paceline/sdk/schemas";
import { listDates } from "../../../db/activity_metrics.ts";
import { localDate } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { computeStreaks } from "../compute/streaks.ts";
import { resolvePeriod } from "../compute/spans.ts";
import { countVisible } from "../counted.ts";
import { createStatisticMeta, toStatistic } from "../statistic.ts";

/** Streaks in the examples of this statistic and of the overview. */
export const EXAMPLE_STREAKS = {
  day: {
    longest: { length: 9, start: "2025-07-01", end: "2025-07-09" },
    current: { length: 2, start: "2025-12-05", end: "2025-12-06" },
  },
  week: {
    longest: { length: 31, start: "2025-05-05", end: "2025-12-07" },
    current: { length: 31, start: "2025-05-05", end: "2025-12-07" },
  },
  month: {
    longest: { length: 10, start: "2025-03-01", end: "2025-12-31" },
    current: { length: 10, start: "2025-03-01", end: "2025-12-31" },
  },
};

/** Consecutive days, weeks and months with an activity. */
export const streaks = syncedAthleteProcedure
  .meta(createStatisticMeta("streaks", {
    cost: 3,
    summary: "Streaks",
    description:
      "The longest and the current streak of local days, weeks and months with an activity in each.",
    example: { data: EXAMPLE_STREAKS },
  }))
  .input(StreaksInput)
  .output(StreaksStatistic)
  .query(async ({ ctx, input }) => {
    const { scope, counts } = countVisible(ctx, input);
    const dates = await listDates(ctx.sql, {
      ...scope,
      sport: input.sport,
      ...resolvePeriod(input),
    });
    const today = localDate(ctx.now(), ctx.athlete);
    const data = computeStreaks(dates, { today, weekStart: input.week_start });
    return toStatistic("streaks", data, { ...ctx, counts });
  });
