import {
  DistributionInput,
  DistributionStatistic,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { listTimedMetrics } from "../../../db/activity_metrics.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import {
  computeDistribution,
  type Distribution,
} from "../compute/distribution.ts";
import { resolvePeriod } from "../compute/spans.ts";
import { countVisible } from "../counted.ts";
import { toExampleTotal } from "../examples.ts";
import { createStatisticMeta, toStatistic, toTotal } from "../statistic.ts";

const EXAMPLE = {
  data: {
    weekdays: [{ weekday: 6, ...toExampleTotal(31, 482310.4, 121870, 4211.5) }],
    hours: [{ hour: 8, ...toExampleTotal(29, 441201.1, 112044, 4011.5) }],
    unknown_hour: toExampleTotal(2, 41109.3, 9826, 200),
    sports: [{
      sport: "run",
      ...toExampleTotal(31, 482310.4, 121870, 4211.5),
      band_width: 5000,
      bands: [
        {
          from: 10000,
          to: 15000,
          ...toExampleTotal(27, 321107.2, 84120, 3104.5),
        },
        { from: 20000, to: 25000, ...toExampleTotal(4, 161203.2, 37750, 1107) },
      ],
    }],
  },
};

/** Sums by weekday, hour, sport and distance. */
export const distribution = syncedAthleteProcedure
  .meta(createStatisticMeta("distribution", {
    cost: 3,
    summary: "By weekday, hour, sport and distance",
    description:
      "Sums by weekday, by hour of the local start, by sport and by distance band.",
    example: EXAMPLE,
  }))
  .input(DistributionInput)
  .output(DistributionStatistic)
  .query(async ({ ctx, input: { band_width: bandWidth, ...input } }) => {
    const { scope, counts } = countVisible(ctx, input);
    const activities = await listTimedMetrics(ctx.sql, {
      ...scope,
      sport: input.sport,
      ...resolvePeriod(input),
    });
    const { sport, week_start: weekStart } = input;
    const sums = computeDistribution(activities, {
      sport,
      bandWidth,
      weekStart,
    });
    return toStatistic("distribution", toDistribution(sums), {
      ...ctx,
      counts,
    });
  });

/** Renders a distribution. */
export function toDistribution(
  { weekdays, hours, unknownHour, sports }: Distribution,
): z.input<typeof DistributionStatistic>["data"] {
  return {
    weekdays: weekdays.map(({ weekday, ...total }) => ({
      weekday,
      ...toTotal(total),
    })),
    hours: hours.map(({ hour, ...total }) => ({ hour, ...toTotal(total) })),
    unknown_hour: toTotal(unknownHour),
    sports: sports.map(({ sport, bandWidth, bands, ...total }) => ({
      sport,
      ...toTotal(total),
      band_width: bandWidth,
      bands: bands.map(({ from, to, ...total }) => ({
        from,
        to,
        ...toTotal(total),
      })),
    })),
  };
}
