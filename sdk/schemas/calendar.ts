import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Amount, Year } from "./parts.ts";
import { LocalDate, Sport } from "./period.ts";
import { FetchedAt, Total } from "./statistic.ts";
import { TrainingDay } from "./training_load.ts";

/** Which year and sport. */
export const CalendarInput = z.strictObject({
  year: Year.meta({
    description: "Local year; the athlete's current one by default",
    example: 2025,
  }).optional(),
  sport: Sport.optional(),
  ...athleteInput,
}).default({});

/** A day of the year. */
export const CalendarDay = Total.extend({
  date: LocalDate.meta({ description: "Local day", example: "2025-12-06" }),
  load: TrainingDay.shape.load.meta({
    description:
      "Training load of the day's activities in points, as `training-load` has it",
    example: 87,
  }),
  load_source: TrainingDay.shape.source.unwrap().meta({
    description:
      "What the load was taken from: Strava's `suffer_score`, the average `heart_rate`, an " +
      "`estimate` by sport and time, or `mixed` where the day's activities differ",
    example: "suffer_score",
  }),
  level: Amount.min(0).max(4).meta({
    description:
      "Shade of a heat map: 0 no moving time, 1 to 4 by the year's quartiles",
    example: 3,
  }),
}).meta({ id: "CalendarDay", description: "Sums of a local day" });

/** A year by days. */
export const CalendarStatistic = z.object({
  type: z.literal("calendar"),
  data: z.object({
    year: Amount.meta({ description: "Local year", example: 2025 }),
    days: z.array(CalendarDay).meta({
      description: "The days with activities, oldest first",
    }),
    quartiles: z.array(Amount).length(3).nullable().meta({
      description:
        "Of the moving times of days with any, in seconds: above the first is level 2, above the " +
        "last level 4; null where there is no such day",
      example: [1980, 3120, 5400],
    }),
  }),
  fetched_at: FetchedAt,
}).meta({ id: "CalendarStatistic", description: "A year day by day" });
