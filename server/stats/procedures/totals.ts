import { BySportInput, TotalsStatistic } from "@paceline/sdk/schemas";
import { listSportTotals } from "../../../db/activity_totals.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { resolvePeriod } from "../compute/spans.ts";
import { countWholeMonths } from "../counted.ts";
import {
  createStatisticMeta,
  toSportKey,
  toStatistic,
  toTotal,
} from "../statistic.ts";

/** Totals of each sport. */
export const totals = syncedAthleteProcedure
  .meta(createStatisticMeta("totals", {
    summary: "All time, by sport",
    description:
      "Totals of each sport over the whole history, or over a year or period, the most frequent " +
      "sport first.",
  }))
  .input(BySportInput)
  .output(TotalsStatistic)
  .query(async ({ ctx, input }) => {
    const span = resolvePeriod(input);
    const { scope, counts } = countWholeMonths(ctx, input, span);
    const rows = await listSportTotals(ctx.sql, {
      ...scope,
      sport: input.sport,
      ...span,
      by: input.by,
    });
    const data = Object.fromEntries(
      rows.map((row) => [toSportKey(row.sport), toTotal(row)]),
    );
    return toStatistic("all_time_totals", data, { ...ctx, counts });
  });
