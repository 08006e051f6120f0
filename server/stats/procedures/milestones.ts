import {
  type Milestones,
  MilestonesInput,
  MilestonesStatistic,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { listActivityMetrics } from "../../../db/activity_metrics.ts";
import { readSnapshot } from "../../../db/driver/snapshot.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { computeMilestones, type LadderName } from "../compute/milestones.ts";
import { resolvePeriod } from "../compute/spans.ts";
import { countVisible } from "../counted.ts";
import { nameMilestones } from "../named_activity.ts";
import { EXAMPLE_ACTIVITY } from "../examples.ts";
import { createStatisticMeta, toStatistic } from "../statistic.ts";

const EXAMPLE = {
  data: {
    distance_km: toExampleMilestones(1000, 1482.3, [2000, 517.7]),
    distance_mi: toExampleMilestones(500, 921, [1000, 79]),
    moving_time_hours: toExampleMilestones(100, 117.1, [200, 82.9]),
    elevation_gain_m: toExampleMilestones(10000, 14211.5, [20000, 5788.5]),
    count: toExampleMilestones(100, 143, [200, 57]),
  },
};

/** Round numbers that the sums of activities crossed. */
export const milestones = syncedAthleteProcedure
  .meta(createStatisticMeta("milestones", {
    cost: 3,
    summary: "Milestones",
    description:
      "When the sums of all activities that the caller may see crossed round numbers of " +
      "kilometres, miles, hours, metres of climbing and activities, and with which activity.",
    example: EXAMPLE,
  }))
  .input(MilestonesInput)
  .output(MilestonesStatistic)
  .query(async ({ ctx, input }) => {
    const { scope: reader, counts } = countVisible(ctx, input);
    const milestones = await readSnapshot(ctx.sql, async (sql) => {
      const { sport } = input;
      const scope = { ...reader, sport, ...resolvePeriod(input) };
      const activities = await listActivityMetrics(sql, scope);
      const milestones = computeMilestones(activities);
      return await nameMilestones(sql, { ...reader, milestones });
    });
    return toStatistic("milestones", toLadders(milestones), {
      ...ctx,
      counts,
    });
  });

/** Renders one value for each ladder. */
export function toLadders<Value>(
  { distanceKm, distanceMi, movingTimeHours, elevationGainM, count }: Record<
    LadderName,
    Value
  >,
): {
  distance_km: Value;
  distance_mi: Value;
  moving_time_hours: Value;
  elevation_gain_m: Value;
  count: Value;
} {
  return {
    distance_km: distanceKm,
    distance_mi: distanceMi,
    moving_time_hours: movingTimeHours,
    elevation_gain_m: elevationGainM,
    count,
  };
}

function toExampleMilestones(
  value: number,
  total: number,
  [next, remaining]: [number, number],
): z.input<typeof Milestones> {
  const { date } = EXAMPLE_ACTIVITY;
  return {
    total,
    reached: [{ value, date, activity: EXAMPLE_ACTIVITY }],
    next: { value: next, remaining },
  };
}
