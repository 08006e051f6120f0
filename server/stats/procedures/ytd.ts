import { ExclusionsInput, YtdStatistic } from "@paceline/sdk/schemas";
import { getGroupTotals } from "../../../db/activity_totals.ts";
import { localDate } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { findSpan } from "../compute/spans.ts";
import { countWholeMonths } from "../counted.ts";
import { EXAMPLE_YTD } from "../examples.ts";
import { createStatisticMeta, toStatistic, toTotal } from "../statistic.ts";

/** Totals of each group of sports in the athlete's current local year. */
export const ytd = syncedAthleteProcedure
  .meta(createStatisticMeta("ytd", {
    summary: "This year so far",
    description:
      "Totals of runs, rides, swims and all other sports in the athlete's current local year.",
    example: { data: EXAMPLE_YTD },
  }))
  .input(ExclusionsInput)
  .output(YtdStatistic)
  .query(async ({ ctx, input }) => {
    const today = localDate(ctx.now(), ctx.athlete);
    const { scope, counts } = countWholeMonths(ctx, input);
    const { run, ride, swim, other } = await getGroupTotals(ctx.sql, {
      ...scope,
      ...findSpan("year", today),
      to: today,
    });
    const data = {
      run: toTotal(run),
      ride: toTotal(ride),
      swim: toTotal(swim),
      other: toTotal(other),
    };
    return toStatistic("ytd", data, { ...ctx, counts });
  });
