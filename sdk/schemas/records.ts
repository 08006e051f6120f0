import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, period } from "./period.ts";
import { FetchedAt } from "./statistic.ts";

const METRICS = ["distance", "moving_time", "elevation_gain"] as const;

/** Whose records, of when, and what is far and big. */
export const RecordsInput = z.strictObject({
  window: z.enum(["all", "year", "4w", "12w", "26w", "52w"]).default("all")
    .meta({
      description:
        "Of all time, of the athlete's current local year, or of so many weeks of seven days that " +
        "end today",
    }),
  metric: z.enum(METRICS).default("distance").meta({
    description:
      "What makes a day, week, month or year big: metres of distance, seconds of moving time, or " +
      "metres of climbing",
  }),
  min_distance: z.number().positive().max(10_000_000).meta({
    description:
      "How far an activity must go for its average speed to count, in metres; by default several " +
      "distances, each by itself",
    example: 10000,
  }).optional(),
  ...period,
  ...athleteInput,
}).refine(isInOrder, NOT_IN_ORDER)
  .default({ window: "all", metric: "distance" });

/** An activity as a statistic names it. */
export const NamedActivity = z.object({
  id: z.number().int().meta({
    description: "Strava's id",
    example: 16543210987,
  }),
  name: z.string().meta({
    description: "As the athlete wrote it",
    example: "Morning Run",
  }),
  date: LocalDate.meta({
    description: "Local day of the start",
    example: "2025-12-06",
  }),
}).meta({ id: "NamedActivity", description: "An activity and its day" });

/** A best of one activity. */
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
  description: "The best of the activities that the caller may see",
});

/** The fastest over a distance. */
export const SpeedRecord = z.object({
  min_distance: z.number().meta({
    description: "How far it had to go, in metres",
    example: 5000,
  }),
  speed: z.number().nullable().meta({
    description: "Metres per second of moving time; null where there is none",
    example: 3.514,
  }),
  activity: NamedActivity.nullable(),
  reason: z.enum(["no_activity", "too_short"]).nullable().meta({
    description:
      "Why there is none: `no_activity` that the caller may see has a distance and a time, or all " +
      "are `too_short`",
    example: "too_short",
  }),
}).meta({
  id: "SpeedRecord",
  description: "The fastest average over at least a distance",
});

/** The best of the sums of a period. */
export const PeriodRecord = z.object({
  value: z.number().meta({
    description: "The sum of `metric`: metres or seconds",
    example: 84120.5,
  }),
  date: LocalDate.meta({
    description: "Its first local day",
    example: "2025-12-01",
  }),
  period: z.string().meta({
    description:
      "The local day `2025-12-06`, ISO week `2025-W49`, month `2025-12` or year `2025`",
    example: "2025-W49",
  }),
}).meta({
  id: "PeriodRecord",
  description: "The greatest sum of the activities that the caller may see",
});

/** The records of a group of sports. */
export const SportRecords = z.object({
  longest_distance: ActivityRecord.nullable(),
  longest_time: ActivityRecord.nullable(),
  most_climbing: ActivityRecord.nullable(),
  fastest: z.array(SpeedRecord).meta({ description: "The shortest first" }),
  biggest_day: PeriodRecord.nullable(),
  biggest_week: PeriodRecord.nullable(),
  biggest_month: PeriodRecord.nullable(),
  biggest_year: PeriodRecord.nullable(),
  metric: z.enum(METRICS).meta({
    description: "What the biggest periods are big in, as asked for",
    example: "distance",
  }),
  from: LocalDate.nullable().meta({
    description: "First local day; null where there is no bound",
    example: "2025-11-09",
  }),
  to: LocalDate.nullable().meta({
    description: "Last local day, itself included; null where there is none",
    example: "2025-12-06",
  }),
  reason: z.literal("no_activity").nullable().meta({
    description:
      "Why records are null: no activity of these days that the caller may see has any of it",
    example: null,
  }),
}).meta({
  id: "SportRecords",
  description:
    "The records of a group of sports; the first to reach one holds it",
});

/** The best of everything. */
export const RecordsStatistic = z.object({
  type: z.literal("records"),
  data: z.record(z.string().meta({ example: "run" }), SportRecords).meta({
    description:
      "By group: `run`, `ride`, `swim`, and every other sport of these days under its own name; or " +
      "only the sport asked for",
  }),
  fetched_at: FetchedAt,
}).meta({ id: "RecordsStatistic", description: "The best by sport" });
