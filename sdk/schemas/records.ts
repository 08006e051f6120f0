import * as z from "zod";
import { LocalDate, Sport } from "./period.ts";
import { FetchedAt } from "./statistic.ts";

/** Whose records, and how far is far enough. */
export const RecordsInput = z.strictObject({
  sport: Sport.optional(),
  min_distance: z.number().positive().max(10_000_000).meta({
    description:
      "How far an activity must go for its average speed to count, in metres; by default 5000, " +
      "of rides 20000, of swims 400",
    example: 10000,
  }).optional(),
}).default({});

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
  value: z.number().nullable().meta({
    description:
      "Metres, seconds, or of `fastest` metres per second; null where there is none",
    example: 21097.5,
  }),
  activity: NamedActivity.nullable(),
  reason: z.enum(["no_activity", "too_short"]).nullable().meta({
    description:
      "Why there is none: `no_activity` that the caller may see has any of it; all are " +
      "`too_short` for `min_distance`",
    example: "too_short",
  }),
}).meta({
  id: "ActivityRecord",
  description: "The best of the activities that the caller may see",
});

/** The best of the sums of a period. */
export const PeriodRecord = z.object({
  value: z.number().nullable().meta({
    description: "Metres or seconds; null where nothing was",
    example: 84120.5,
  }),
  period: z.string().nullable().meta({
    description:
      "The local day `2025-12-06`, ISO week `2025-W49`, month `2025-12` or year `2025`",
    example: "2025-W49",
  }),
  reason: z.literal("no_activity").nullable().meta({
    description: "Why there is none: no activity has any of it",
    example: "no_activity",
  }),
}).meta({
  id: "PeriodRecord",
  description: "The greatest sum; activities of every visibility count",
});

/** The biggest period by each measure. */
export const PeriodRecords = z.object({
  distance: PeriodRecord,
  moving_time: PeriodRecord,
  elevation_gain: PeriodRecord,
}).meta({
  id: "PeriodRecords",
  description: "The biggest period by metres, by seconds, by metres of climb",
});

/** All records of a window. */
export const RecordSet = z.object({
  from: LocalDate.nullable().meta({
    description: "First local day; null where there is no bound",
    example: "2025-11-09",
  }),
  to: LocalDate.nullable().meta({
    description: "Last local day, itself included; null where there is none",
    example: "2025-12-06",
  }),
  longest_distance: ActivityRecord,
  longest_time: ActivityRecord,
  most_climbing: ActivityRecord,
  fastest: ActivityRecord,
  biggest_day: PeriodRecords,
  biggest_week: PeriodRecords,
  biggest_month: PeriodRecords,
  biggest_year: PeriodRecords,
}).meta({
  id: "RecordSet",
  description: "The records of a window; the first to reach one holds it",
});

/** The records of a group of sports. */
export const SportRecords = z.object({
  sport: z.string().meta({
    description:
      "`run`, `ride`, `swim`, another sport's own name, or the sport asked for",
    example: "run",
  }),
  min_distance: z.number().meta({
    description: "What `fastest` had to reach, in metres",
    example: 5000,
  }),
  all_time: RecordSet,
  this_year: RecordSet,
  last_4_weeks: RecordSet,
  last_12_weeks: RecordSet,
  last_26_weeks: RecordSet,
  last_52_weeks: RecordSet,
}).meta({
  id: "SportRecords",
  description:
    "Of all time, of this local year, and of the last weeks up to today",
});

/** The best of everything. */
export const RecordsStatistic = z.object({
  type: z.literal("records"),
  data: z.array(SportRecords).meta({
    description: "Run, ride, swim, then other sports by name",
  }),
  fetched_at: FetchedAt,
}).meta({ id: "RecordsStatistic", description: "The best by sport" });
