import * as z from "zod";
import { athleteInput } from "../athlete.ts";
import { Instant } from "../parts.ts";
import { Counts } from "./counts.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, period, weeks } from "./period.ts";
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
    description: "Number of days, including the first and the last",
    example: 340,
  }),
  total: Total,
}).meta({ id: "PeriodTotal", description: "The sums of a period" });

/** The difference between two periods. */
export const Change = z.object({
  difference: z.number().meta({
    description: "Current minus base, in the unit of the sum",
    example: 12345.6,
  }),
  percent: z.number().nullable().meta({
    description: "Difference in percent of the base",
    example: 12.5,
  }),
  reason: z.literal("base_is_zero").nullable().meta({
    description: "Why `percent` is null: the base is 0",
    example: null,
  }),
}).meta({
  id: "Change",
  description: "The difference between two periods",
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
        "Differences from base to current: number of activities, metres, seconds, and metres of " +
        "climbing",
    }),
  }),
  fetched_at: Instant.meta({
    description: "When the last successful sync ended",
  }),
  counts: Counts,
}).meta({ id: "CompareStatistic", description: "Two periods side by side" });

/** The periods to compare: a preset, or two periods by their first and last days. */
export const CompareInput = z.strictObject({
  preset: z.enum(PRESETS).meta({
    description:
      "Compares the athlete's current week, month or year with the previous one: as a " +
      "whole, or both up to the same day (`*_to_date`). Defaults to `year_to_date`, unless all " +
      "four days are given",
    example: "year_to_date",
  }).optional(),
  ...period,
  base_from: LocalDate.meta({
    description: "First local day of the base period",
  }).optional(),
  base_to: LocalDate.meta({
    description: "Last local day of the base period, inclusive",
  }).optional(),
  ...weeks,
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
      "cannot be combined with days: give `preset`, or all of `from`, `to`, `base_from` and `base_to`",
  },
).default({ week_start: "monday" });
