import {
  BySportInput,
  type Total,
  YearlyStatistic,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { listYearTotals } from "../../../db/activity_totals.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { resolvePeriod } from "../compute/spans.ts";
import { countWholeMonths } from "../counted.ts";
import { EXAMPLE_YTD } from "../examples.ts";
import {
  createStatisticMeta,
  toSportKey,
  toStatistic,
  toTotal,
} from "../statistic.ts";

/** Totals of each sport in each local year. */
export const yearly = syncedAthleteProcedure
  .meta(createStatisticMeta("yearly", {
    summary: "Year by year, by sport",
    description:
      "Totals of each sport in each local year that has activities. A year at the edge of a " +
      "period counts with the days inside it.",
    example: { data: { "2025": { Run: EXAMPLE_YTD.run } } },
  }))
  .input(BySportInput)
  .output(YearlyStatistic)
  .query(async ({ ctx, input }) => {
    const span = resolvePeriod(input);
    const { scope, counts } = countWholeMonths(ctx, input, span);
    const rows = await listYearTotals(ctx.sql, {
      ...scope,
      sport: input.sport,
      ...span,
      by: input.by,
    });
    const data: Record<string, Record<string, z.input<typeof Total>>> = {};
    for (const row of rows) {
      const year = String(row.year).padStart(4, "0");
      (data[year] ??= {})[toSportKey(row.sport)] = toTotal(row);
    }
    return toStatistic("yearly_stats", data, { ...ctx, counts });
  });
