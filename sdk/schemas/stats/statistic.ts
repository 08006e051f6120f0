import * as z from "zod";
import { athleteInput } from "../athlete.ts";
import { RecentActivity } from "../activity.ts";
import { Amount, Instant, Metres, Seconds, Year } from "../parts.ts";
import { Counts } from "./counts.ts";
import {
  exclusions,
  isInOrder,
  NOT_IN_ORDER,
  periodOrYear,
  Sport,
} from "./period.ts";

/** Sums over activities. */
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
  description: "Sums over activities; `counts` says over which",
});

/** The time of the data, next to the data of every statistic. */
export const FetchedAt = Instant.meta({
  description: "When the last successful sync ended",
});

/** The current year by groups of sports. */
export const YtdStatistic = z.object({
  type: z.literal("ytd"),
  data: z.object({ run: Total, ride: Total, swim: Total, other: Total }),
  fetched_at: FetchedAt,
  counts: Counts,
}).meta({
  id: "YtdStatistic",
  description: "The current year by groups of sports",
});

/** Totals by month. */
export const MonthlyStatistic = z.object({
  type: z.literal("monthly"),
  data: z.record(
    z.string().regex(/^\d{4}-\d{2}$/).meta({ example: "2025-12" }),
    Total,
  ).meta({
    description:
      "Totals by month (`2025-12`) for the current month and the 11 before it, newest first",
  }),
  fetched_at: FetchedAt,
  counts: Counts,
}).meta({ id: "MonthlyStatistic", description: "Totals by month" });

/** The newest activities. */
export const RecentActivitiesStatistic = z.object({
  type: z.literal("recent_activities"),
  data: z.array(RecentActivity).meta({
    description: "At most 30 activities, newest first",
  }),
  fetched_at: FetchedAt,
  counts: Counts,
}).meta({
  id: "RecentActivitiesStatistic",
  description: "The newest activities",
});

/** Totals by sport. */
export const TotalsStatistic = z.object({
  type: z.literal("all_time_totals"),
  data: z.record(z.string().meta({ example: "Run" }), Total).meta({
    description:
      "Totals by sport, such as `Run`. If Strava ever names a sport `__proto__`, `constructor` " +
      "or `prototype`, its key gets a trailing `_`: JavaScript objects cannot safely have " +
      "these keys",
  }),
  fetched_at: FetchedAt,
  counts: Counts,
}).meta({ id: "TotalsStatistic", description: "Totals by sport, all time" });

/** Totals by year and sport. */
export const YearlyStatistic = z.object({
  type: z.literal("yearly_stats"),
  data: z.record(
    z.string().regex(/^\d{4}$/).meta({ example: "2025" }),
    z.record(z.string().meta({ example: "Run" }), Total),
  ).meta(
    {
      description:
        "Totals by year and sport. JSON does not preserve the order of numeric keys, so sort them",
    },
  ),
  fetched_at: FetchedAt,
  counts: Counts,
}).meta({ id: "YearlyStatistic", description: "Totals by year and sport" });

/** The kind of sport name to group by, and the filters of totals. */
export const BySportInput = z.strictObject({
  by: z.enum(["type", "sport_type"]).default("type").meta({
    description:
      "Group by Strava's older, coarser `type` or by its newer, finer `sport_type`",
  }),
  ...periodOrYear,
  ...athleteInput,
}).refine(isInOrder, NOT_IN_ORDER).default({ by: "type" });

/** The sport of the months. */
export const MonthlyInput = z.strictObject({
  sport: Sport.optional(),
  ...exclusions,
  ...athleteInput,
}).default({});

/** The year of a statistic. */
export const InYearInput = z.strictObject({
  year: Year.meta({
    description: "Local year. Defaults to the athlete's current year",
    example: 2025,
  }).optional(),
  ...exclusions,
  ...athleteInput,
}).default({});

/** The activities that a statistic without other inputs counts. */
export const ExclusionsInput = z.strictObject({
  ...exclusions,
  ...athleteInput,
}).default({});
