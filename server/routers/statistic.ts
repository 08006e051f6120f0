import { z } from "zod";
import type { TotalRow } from "../../db/stats.ts";
import type { SyncedAthlete } from "../trpc.ts";
import { RecentActivity } from "./activity.ts";

const Total = z.object({
  count: z.number().int().meta({
    description: "Number of activities",
    example: 12,
  }),
  distance: z.number().meta({ description: "Metres", example: 123456.7 }),
  moving_time: z.number().int().meta({
    description: "Seconds",
    example: 43210,
  }),
  elevation_gain: z.number().meta({ description: "Metres", example: 1234.5 }),
}).meta({
  id: "Total",
  description: "Sums over activities, private ones included",
});

const fetchedAt = z.date().meta({
  description: "When the last successful sync ended",
  format: "date-time",
  example: "2025-12-06T09:00:04Z",
});

export const Ytd = z.object({
  type: z.literal("ytd"),
  data: z.object({ run: Total, ride: Total }),
  fetched_at: fetchedAt,
}).meta({ id: "YtdStatistic", description: "Runs and rides of this year" });

export const Monthly = z.object({
  type: z.literal("monthly"),
  data: z.record(z.string().regex(/^\d{4}-\d{2}$/), Total).meta({
    description:
      "By month, `2025-12`, newest first: the last 12 with the current one",
  }),
  fetched_at: fetchedAt,
}).meta({ id: "MonthlyStatistic", description: "All sports by month" });

export const Recent = z.object({
  type: z.literal("recent_activities"),
  data: z.array(RecentActivity).meta({
    description: "Newest first, at most 30",
  }),
  fetched_at: fetchedAt,
}).meta({
  id: "RecentActivitiesStatistic",
  description: "The newest activities",
});

export const Totals = z.object({
  type: z.literal("all_time_totals"),
  data: z.record(z.string(), Total).meta({
    description: "By sport, such as `Run`",
  }),
  fetched_at: fetchedAt,
}).meta({ id: "TotalsStatistic", description: "All time by sport" });

export const Yearly = z.object({
  type: z.literal("yearly_stats"),
  data: z.record(z.string().regex(/^\d{4}$/), z.record(z.string(), Total)).meta(
    {
      description:
        "By year and sport. JSON objects cannot keep an order of keys that are numbers: sort them.",
    },
  ),
  fetched_at: fetchedAt,
}).meta({ id: "YearlyStatistic", description: "Every year by sport" });

export const BySport = z.strictObject({
  by: z.enum(["type", "sport_type"]).default("type").meta({
    description:
      "Name sports by Strava's older `type` or by its newer, finer `sport_type`",
  }),
}).default({ by: "type" });

export const InYear = z.strictObject({
  year: z.number().int().min(1900).max(2200).meta({
    description: "Local year; the athlete's current one by default",
    example: 2025,
  }).optional(),
}).default({});

/** Data in the envelope that every statistic has. */
export function toStatistic<Type extends string, Data>(
  type: Type,
  data: Data,
  athlete: SyncedAthlete,
): { type: Type; data: Data; fetched_at: Date } {
  return { type, data, fetched_at: athlete.lastSuccessAt };
}

/** The wire form of sums. */
export function toTotal(
  { count, distance, moving_time, elevation_gain }: TotalRow,
): TotalRow {
  return { count, distance, moving_time, elevation_gain };
}
