import * as z from "zod";
import { Amount, Year } from "./parts.ts";
import { LocalDate, Sport } from "./period.ts";
import { FetchedAt, Total } from "./statistic.ts";

/** Which year and sport. */
export const CalendarInput = z.strictObject({
  year: Year.meta({
    description: "Local year; the athlete's current one by default",
    example: 2025,
  }).optional(),
  sport: Sport.optional(),
}).default({});

/** A day of the year. */
export const CalendarDay = Total.extend({
  date: LocalDate.meta({ description: "Local day", example: "2025-12-06" }),
  load: z.number().nullable().meta({
    description: "Training load; null where it is not known",
    example: null,
  }),
  load_reason: z.literal("not_available").nullable().meta({
    description: "Why there is no load",
    example: "not_available",
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
    quartiles: z.array(Amount).length(3).nullable().meta({
      description:
        "Of the moving times of days with any, in seconds: above the first is level 2, above the " +
        "last level 4; null where there is no such day",
      example: [1980, 3120, 5400],
    }),
    days: z.array(CalendarDay).meta({
      description: "Every day of the year, 1 January first",
    }),
  }),
  fetched_at: FetchedAt,
}).meta({ id: "CalendarStatistic", description: "A year day by day" });
