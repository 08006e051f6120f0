import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Instant } from "./parts.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, period } from "./period.ts";
import { Total } from "./statistic.ts";

const PRESETS = [
  "week_to_date",
  "month_to_date",
  "year_to_date",
  "week",
  "month",
  "year",
] as const;

/** The sums of a period. */
export const PeriodTotal = z.object({
  from: LocalDate.meta({ description: "First local day" }),
  to: LocalDate.meta({ description: "Last local day" }),
  days: z.number().int().meta({
    description: "Days from the first to the last, both included",
    example: 340,
  }),
  total: Total,
}).meta({ id: "PeriodTotal", description: "The sums of a period" });

/** What has changed between two periods. */
export const Change = z.object({
  difference: z.number().meta({
    description: "Current - base, in the unit of the sum",
    example: 12345.6,
  }),
  percent: z.number().nullable().meta({
    description: "The difference in percent of the base",
    example: 12.5,
  }),
  reason: z.literal("base_is_zero").nullable().meta({
    description: "Why `percent` is null: the base is 0",
    example: null,
  }),
}).meta({
  id: "Change",
  description: "What has changed between two periods",
});

/** Two periods side by side. */
export const CompareStatistic = z.object({
  type: z.literal("compare"),
  data: z.object({
    current: PeriodTotal,
    base: PeriodTotal,
    change: z.object({
      count: Change,
      distance: Change,
      moving_time: Change,
      elevation_gain: Change,
    }).meta({
      description:
        "From base to current: activities, metres, seconds, and metres of climbing",
    }),
  }),
  fetched_at: Instant.meta({
    description: "When the last successful sync ended",
  }),
}).meta({ id: "CompareStatistic", description: "Two periods side by side" });

/** Which periods: a usual pair, or two of the caller's. */
export const CompareInput = z.strictObject({
  preset: z.enum(PRESETS).meta({
    description:
      "The athlete's current ISO week, month or year and the one before, whole or both up to the " +
      "same day; `year_to_date` by default, unless four days are given",
    example: "year_to_date",
  }).optional(),
  ...period,
  base_from: LocalDate.optional().meta({
    description: "First local day of what it is compared with",
  }),
  base_to: LocalDate.optional().meta({
    description: "Last local day of that, itself included",
  }),
  ...athleteInput,
}).refine(isInOrder, NOT_IN_ORDER).refine(
  ({ base_from, base_to }) => isInOrder({ from: base_from, to: base_to }),
  { path: ["base_from"], message: "must not be later than `base_to`" },
).refine(
  ({ preset, from, to, base_from, base_to }) => {
    const given = [from, to, base_from, base_to].filter(Boolean).length;
    return given === 0 || given === 4 && preset === undefined;
  },
  {
    path: ["preset"],
    message:
      "stands alone; in its place `from`, `to`, `base_from` and `base_to`, all four",
  },
).default({});
