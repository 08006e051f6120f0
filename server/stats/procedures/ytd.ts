import { AthleteInput, YtdStatistic } from "@paceline/sdk/schemas";
import { getGroupTotals } from "../../../db/activity_totals.ts";
import { localDate } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { findSpan } from "../compute/spans.ts";
import { countWholeMonths } from "../counted.ts";
import { EXAMPLE_YTD } from "../examples.ts";
import { createStatisticMeta, toStatistic, toTotal } from "../statistic.ts";

/** Totals of runs and rides in the athlete's current local year. */
export const ytd = syncedAthleteProcedure
  .meta(createStatisticMeta("ytd", {
    summary: "This year so far",
    description:
      "Totals of runs and rides in the athlete's current local year.",
    example: { data: EXAMPLE_YTD },
  }))
  .input(AthleteInput)
  .output(YtdStatistic)
  .query(async ({ ctx }) => {
    const today = localDate(ctx.now(), ctx.athlete);
    const { scope, counts } = countWholeMonths(ctx);
    const { run, ride } = await getGroupTotals(ctx.sql, {
      ...scope,
      ...findSpan("year", today),
      to: today,
      groups: ["run", "ride"],
    });
    const data = { run: toTotal(run), ride: toTotal(ride) };
    return toStatistic("ytd", data, { ...ctx, counts });
  });
