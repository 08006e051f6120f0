import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { RecentActivity } from "./activity.ts";
import { Amount, Instant, Metres, Seconds, Year } from "./parts.ts";

/** Sums over activities, private ones included. */
export const Total = z.object({
  count: Amount.meta({
    description: "Number of activities",
    example: 12,
  }),
  distance: Metres.meta({ example: 123456.7 }),
  moving_time: Seconds.meta({ example: 43210 }),
  elevation_gain: Metres.meta({ example: 1234.5 }),
}).meta({
  id: "Total",
  description: "Sums over activities, private ones included",
});

/** Beside the data of every statistic. */
export const FetchedAt = Instant.meta({
  description: "When the last successful sync ended",
});

/** Runs and rides of this year. */
export const YtdStatistic = z.object({
  type: z.literal("ytd"),
  data: z.object({ run: Total, ride: Total }),
  fetched_at: FetchedAt,
}).meta({ id: "YtdStatistic", description: "Runs and rides of this year" });

/** All sports by month. */
export const MonthlyStatistic = z.object({
  type: z.literal("monthly"),
  data: z.record(
    z.string().regex(/^\d{4}-\d{2}$/).meta({ example: "2025-12" }),
    Total,
  ).meta({
    description:
      "By month, `2025-12`, newest first: the last 12 with the current one",
  }),
  fetched_at: FetchedAt,
}).meta({ id: "MonthlyStatistic", description: "All sports by month" });

/** The newest activities. */
export const RecentActivitiesStatistic = z.object({
  type: z.literal("recent_activities"),
  data: z.array(RecentActivity).meta({
    description: "Newest first, at most 30",
  }),
  fetched_at: FetchedAt,
}).meta({
  id: "RecentActivitiesStatistic",
  description: "The newest activities",
});

/** All time by sport. */
export const TotalsStatistic = z.object({
  type: z.literal("all_time_totals"),
  data: z.record(z.string().meta({ example: "Run" }), Total).meta({
    description:
      "By sport, such as `Run`. Should Strava ever call one `__proto__`, `constructor` or " +
      "`prototype`, which JavaScript's objects cannot safely have for keys, `_` is added.",
  }),
  fetched_at: FetchedAt,
}).meta({ id: "TotalsStatistic", description: "All time by sport" });

/** Every year by sport. */
export const YearlyStatistic = z.object({
  type: z.literal("yearly_stats"),
  data: z.record(
    z.string().regex(/^\d{4}$/).meta({ example: "2025" }),
    z.record(z.string().meta({ example: "Run" }), Total),
  ).meta(
    {
      description:
        "By year and sport. JSON objects cannot keep an order of keys that are numbers: sort them.",
    },
  ),
  fetched_at: FetchedAt,
}).meta({ id: "YearlyStatistic", description: "Every year by sport" });

/** By which name of a sport to group. */
export const BySportInput = z.strictObject({
  by: z.enum(["type", "sport_type"]).default("type").meta({
    description:
      "Name sports by Strava's older `type` or by its newer, finer `sport_type`",
  }),
  ...athleteInput,
}).default({ by: "type" });

/** Of which year. */
export const InYearInput = z.strictObject({
  year: Year.meta({
    description: "Local year; the athlete's current one by default",
    example: 2025,
  }).optional(),
  ...athleteInput,
}).default({});
