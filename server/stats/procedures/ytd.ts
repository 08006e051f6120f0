import { AthleteInput, YtdStatistic } from "@paceline/sdk/schemas";
import { getYearTotals } from "../../../db/activity_totals.ts";
import { localDate, localYear } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
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
    const { run, ride } = await getYearTotals(ctx.sql, {
      athleteId: ctx.athlete.id,
      year: localYear(ctx.now(), ctx.athlete),
      to: localDate(ctx.now(), ctx.athlete),
      groups: ["run", "ride"],
    });
    const data = { run: toTotal(run), ride: toTotal(ride) };
    return toStatistic("ytd", data, ctx.athlete);
  });
