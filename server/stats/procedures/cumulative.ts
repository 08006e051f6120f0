import { CumulativeInput, CumulativeStatistic } from "@paceline/sdk/schemas";
import { listAmounts } from "../../../db/activity_metrics.ts";
import { localDate, localYear } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { computeCumulative, DAYS } from "../compute/cumulative.ts";
import { findSpan } from "../compute/spans.ts";
import { countVisible } from "../counted.ts";
import { createStatisticMeta, toStatistic } from "../statistic.ts";

const EXAMPLE = {
  data: {
    days: ["01-01", "01-02", "01-03"],
    years: { "2025": [0, 10234.5, null] },
  },
};

/** Running sums of each year, day by day. */
export const cumulative = syncedAthleteProcedure
  .meta(createStatisticMeta("cumulative", {
    cost: 3,
    summary: "Year against year",
    description:
      "Sums of one measure from 1 January up to each day, one list per year.",
    example: EXAMPLE,
  }))
  .input(CumulativeInput)
  .output(CumulativeStatistic)
  .query(async ({ ctx, input: { metric, sport, ...input } }) => {
    const years = parseYears(input, localYear(ctx.now(), ctx.athlete));
    const { scope, counts } = countVisible(ctx, input);
    const rows = await listAmounts(ctx.sql, {
      ...scope,
      metric,
      sport,
      ...years && {
        from: findSpan("year", `${years[0]!}-01-01`).from,
        to: findSpan("year", `${years.at(-1)!}-01-01`).to,
      },
    });
    const today = localDate(ctx.now(), ctx.athlete);
    const sums = computeCumulative(rows, { years, today });
    const data = { metric, days: [...DAYS], years: sums };
    return toStatistic("cumulative", data, { ...ctx, counts });
  });

/** Parses the requested years into a list without duplicates, oldest first; `undefined` means all. */
function parseYears(
  { years, year_list }: {
    years?: number | undefined;
    year_list?: string | undefined;
  },
  currentYear: number,
): number[] | undefined {
  if (years !== undefined) {
    return Array.from({ length: years }, (_, index) => currentYear - index)
      .reverse();
  }
  const list = new Set(year_list?.split(",").map(Number));
  return list.size > 0 ? [...list].sort((a, b) => a - b) : undefined;
}
