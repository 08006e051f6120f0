import * as z from "zod";
import { athleteInput } from "../athlete.ts";
import { Counts } from "./counts.ts";
import {
  isInOrder,
  LocalDate,
  NOT_IN_ORDER,
  periodOrYear,
  weeks,
} from "./period.ts";
import { FetchedAt } from "./statistic.ts";

const METRICS = ["distance", "moving_time", "elevation_gain"] as const;

/** The filters, the metric and the distance of records. */
export const RecordsInput = z.strictObject({
  window: z.enum(["all", "year", "4w", "12w", "26w", "52w"]).default("all")
    .meta({
      description:
        "All time, the athlete's current local year, or the last 4, 12, 26 or 52 weeks of seven " +
        "days, ending today",
    }),
  metric: z.enum(METRICS).default("distance").meta({
    description:
      "Value that decides the biggest day, week, month and year: `distance` in metres, " +
      "`moving_time` in seconds, or `elevation_gain` in metres",
  }),
  min_distance: z.number().positive().max(10_000_000).meta({
    description:
      "Minimum distance in metres for the fastest activity. Defaults to several distances, " +
      "each with its own record",
    example: 10000,
  }).optional(),
  ...periodOrYear,
  ...weeks,
  ...athleteInput,
}).refine(isInOrder, NOT_IN_ORDER)
  .default({ window: "all", metric: "distance", week_start: "monday" });

/** An activity as statistics name it. */
export const NamedActivity = z.object({
  id: z.number().int().meta({
    description: "Strava's activity id",
    example: 16543210987,
  }),
  name: z.string().meta({
    description: "Name that the athlete gave the activity",
    example: "Morning Run",
  }),
  date: LocalDate.meta({
    description: "Local day of the start",
    example: "2025-12-06",
  }),
}).meta({ id: "NamedActivity", description: "An activity and its day" });

/** The record of a single activity. */
export const ActivityRecord = z.object({
  value: z.number().meta({
    description: "Metres or seconds",
    example: 21097.5,
  }),
  date: LocalDate.meta({
    description: "Local day of the activity",
    example: "2025-12-06",
  }),
  activity: NamedActivity,
}).meta({
  id: "ActivityRecord",
  description: "The best among the activities that the caller can see",
});

/** The fastest activity over a minimum distance. */
export const SpeedRecord = z.object({
  min_distance: z.number().meta({
    description: "Minimum distance in metres",
    example: 5000,
  }),
  speed: z.number().nullable().meta({
    description: "Metres per second of moving time. Null if there is no record",
    example: 3.514,
  }),
  activity: NamedActivity.nullable(),
  reason: z.enum(["no_activity", "too_short"]).nullable().meta({
    description:
      "Why there is no record. `no_activity`: none that the caller can see has a distance and " +
      "a time. `too_short`: all of them are too short",
    example: "too_short",
  }),
}).meta({
  id: "SpeedRecord",
  description: "The fastest average speed over a minimum distance",
});

/** The greatest sum of a day, week, month or year. */
export const PeriodRecord = z.object({
  value: z.number().meta({
    description: "Sum of `metric`, in metres or seconds",
    example: 84120.5,
  }),
  date: LocalDate.meta({
    description: "First local day of the period",
    example: "2025-12-01",
  }),
  period: z.string().meta({
    description:
      "Local day (`2025-12-06`), week (`2025-W49`), month (`2025-12`) or year (`2025`)",
    example: "2025-W49",
  }),
}).meta({
  id: "PeriodRecord",
  description: "The greatest sum of the activities that the caller can see",
});

/** The records of one sport. */
export const SportRecords = z.object({
  longest_distance: ActivityRecord.nullable(),
  longest_time: ActivityRecord.nullable(),
  most_climbing: ActivityRecord.nullable(),
  fastest: z.array(SpeedRecord).meta({
    description: "Records by minimum distance, shortest first",
  }),
  biggest_day: PeriodRecord.nullable(),
  biggest_week: PeriodRecord.nullable(),
  biggest_month: PeriodRecord.nullable(),
  biggest_year: PeriodRecord.nullable(),
  metric: z.enum(METRICS).meta({
    description: "The requested metric of the biggest periods",
    example: "distance",
  }),
  from: LocalDate.nullable().meta({
    description: "First local day. Null if there is no bound",
    example: "2025-11-09",
  }),
  to: LocalDate.nullable().meta({
    description: "Last local day, inclusive. Null if there is no bound",
    example: "2025-12-06",
  }),
  reason: z.literal("no_activity").nullable().meta({
    description:
      "Why records are null: no activity in these days that the caller can see has the value",
    example: null,
  }),
}).meta({
  id: "SportRecords",
  description:
    "The records of one sport. On a tie the earlier activity keeps the record",
});

/** The records by sport. */
export const RecordsStatistic = z.object({
  type: z.literal("records"),
  data: z.record(z.string().meta({ example: "run" }), SportRecords).meta({
    description:
      "Records by sport: `run`, `ride`, `swim`, and every other sport in these days under its " +
      "own name. With `sport`, only that sport",
  }),
  fetched_at: FetchedAt,
  counts: Counts,
}).meta({ id: "RecordsStatistic", description: "The records by sport" });
