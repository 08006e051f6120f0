import {
  type ActivityRecord,
  RecordsInput,
  RecordsStatistic,
  type SportRecords as WireSportRecords,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { listActivityMetrics } from "../../../db/activity_metrics.ts";
import { readSnapshot } from "../../../db/driver/snapshot.ts";
import { localDate } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { computeRecords, type SportRecords } from "../compute/records.ts";
import {
  endToday,
  intersectSpans,
  resolvePeriod,
  resolveWindow,
} from "../compute/spans.ts";
import { countVisible } from "../counted.ts";
import { type NamedActivity, nameRecords } from "../named_activity.ts";
import { EXAMPLE_ACTIVITY } from "../examples.ts";
import { createStatisticMeta, toSportKey, toStatistic } from "../statistic.ts";

const HALF_MARATHON = {
  id: 13987654321,
  name: "Half marathon, at last",
  date: "2025-04-06",
};
const EXAMPLE = {
  data: {
    run: {
      longest_distance: toExampleRecord(21241.3, HALF_MARATHON),
      longest_time: toExampleRecord(6543, HALF_MARATHON),
      most_climbing: toExampleRecord(612.4, EXAMPLE_ACTIVITY),
      fastest: [
        {
          min_distance: 5000,
          speed: 3.514,
          activity: EXAMPLE_ACTIVITY,
          reason: null,
        },
        {
          min_distance: 42195,
          speed: null,
          activity: null,
          reason: "too_short",
        },
      ],
      biggest_day: { value: 21241.3, date: "2025-04-06", period: "2025-04-06" },
      biggest_week: { value: 61204.8, date: "2025-03-31", period: "2025-W14" },
      biggest_month: { value: 201377.8, date: "2025-04-01", period: "2025-04" },
      biggest_year: { value: 1482310.4, date: "2025-01-01", period: "2025" },
      from: null,
      to: null,
    },
  },
};

/** The best activities and periods of each sport. */
export const records = syncedAthleteProcedure
  .meta(createStatisticMeta("records", {
    cost: 5,
    summary: "Records",
    description:
      "By sport the longest activity, the one with the most climbing, the fastest over several " +
      "distances, and the biggest day, week, month and year: of all time, of this year, or of " +
      "the last 4, 12, 26 or 52 weeks. Without the API key only activities that " +
      "`PUBLIC_VISIBILITY` lets everyone see make records.",
    example: EXAMPLE,
  }))
  .input(RecordsInput)
  .output(RecordsStatistic)
  .query(async ({ ctx, input }) => {
    const { sport, metric, min_distance: minDistance } = input;
    const today = localDate(ctx.now(), ctx.athlete);
    const span = intersectSpans(
      resolveWindow(input.window, today),
      resolvePeriod(input),
    );
    const counted = input.window === "all" ? span : endToday(span, today);
    const { scope: reader, counts } = countVisible(ctx, input);
    const bySport = await readSnapshot(ctx.sql, async (sql) => {
      const scope = { ...reader, sport, ...counted };
      const activities = await listActivityMetrics(sql, scope);
      const records = computeRecords(activities, {
        sport,
        minDistance,
        metric,
        weekStart: input.week_start,
      });
      return await nameRecords(sql, { ...reader, records });
    });
    const { from = null, to = null } = span;
    const data = Object.fromEntries(
      [...bySport].map(([name, best]) => {
        const reason = Object.values(best).includes(null)
          ? "no_activity" as const
          : null;
        const record = { ...toSportRecords(best), metric, from, to, reason };
        return [toSportKey(name), record];
      }),
    );
    return toStatistic("records", data, { ...ctx, counts });
  });

type WireRecords = z.input<typeof WireSportRecords>;

/** Renders the records of a sport. */
export function toSportRecords(
  best: SportRecords<NamedActivity>,
): Omit<WireRecords, "metric" | "from" | "to" | "reason"> {
  return {
    longest_distance: best.longestDistance,
    longest_time: best.longestTime,
    most_climbing: best.mostClimbing,
    fastest: best.fastest.map(({ minDistance, ...record }) => ({
      min_distance: minDistance,
      ...record,
    })),
    biggest_day: best.biggestDay,
    biggest_week: best.biggestWeek,
    biggest_month: best.biggestMonth,
    biggest_year: best.biggestYear,
  };
}

function toExampleRecord(
  value: number,
  activity: typeof EXAMPLE_ACTIVITY,
): z.input<typeof ActivityRecord> {
  return { value, date: activity.date, activity };
}
