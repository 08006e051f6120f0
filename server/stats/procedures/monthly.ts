import { MonthlyInput, MonthlyStatistic } from "@paceline/sdk/schemas";
import { listMonthTotals } from "../../../db/activity_totals.ts";
import { localDate, localMonth } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { countWholeMonths } from "../counted.ts";
import { createStatisticMeta, toStatistic, toTotal } from "../statistic.ts";

/** Totals in each of the last 12 local months. */
export const monthly = syncedAthleteProcedure
  .meta(createStatisticMeta("monthly", {
    summary: "The last 12 months",
    description:
      "Totals of all sports, or of one, in each of the last 12 local calendar months including the current " +
      "one, newest first. Months without activities have zeros.",
  }))
  .input(MonthlyInput)
  .output(MonthlyStatistic)
  .query(async ({ ctx, input }) => {
    const { scope, counts } = countWholeMonths(ctx, input);
    const rows = await listMonthTotals(ctx.sql, {
      ...scope,
      sport: input.sport,
      month: localMonth(ctx.now(), ctx.athlete),
      to: localDate(ctx.now(), ctx.athlete),
    });
    const data = Object.fromEntries(
      rows.map((row) => [row.month, toTotal(row)]),
    );
    return toStatistic("monthly", data, { ...ctx, counts });
  });
