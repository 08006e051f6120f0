import * as z from "zod";
import { athleteInput } from "../athlete.ts";
import { Amount, Year } from "../parts.ts";
import { Counts } from "./counts.ts";
import { exclusions, LocalDate, Sport } from "./period.ts";
import { FetchedAt, Total } from "./statistic.ts";
import { TrainingDay } from "./training_load.ts";

/** The year and the sport of a calendar. */
export const CalendarInput = z.strictObject({
  year: Year.meta({
    description: "Local year. Defaults to the athlete's current year",
    example: 2025,
  }).optional(),
  sport: Sport.optional(),
  ...exclusions,
  ...athleteInput,
}).default({});

/** A day of the calendar. */
export const CalendarDay = Total.extend({
  date: LocalDate.meta({ description: "Local day", example: "2025-12-06" }),
  load: TrainingDay.shape.load.meta({
    description:
      "Training load of the day's activities in points, as in `training-load`",
    example: 87,
  }),
  load_source: TrainingDay.shape.source.unwrap().meta({
    description:
      "Source of the load: Strava's `suffer_score`, the average `heart_rate`, an `estimate` by " +
      "sport and time, or `mixed` if the day's activities differ",
    example: "suffer_score",
  }),
  level: Amount.min(0).max(4).meta({
    description:
      "Shade for a heat map. 0: no moving time. 1 to 4: quartile of moving time in the year",
    example: 3,
  }),
}).meta({ id: "CalendarDay", description: "Sums of a local day" });

/** A year day by day. */
export const CalendarStatistic = z.object({
  type: z.literal("calendar"),
  data: z.object({
    year: Amount.meta({ description: "Local year", example: 2025 }),
    days: z.array(CalendarDay).meta({
      description: "Days with activities, oldest first",
    }),
    quartiles: z.array(Amount).length(3).nullable().meta({
      description:
        "Quartiles of the daily moving time in seconds, over the days that have any. Above the " +
        "first is level 2, above the last is level 4. Null if there is no such day",
      example: [1980, 3120, 5400],
    }),
  }),
  fetched_at: FetchedAt,
  counts: Counts,
}).meta({ id: "CalendarStatistic", description: "A year day by day" });
