import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Instant } from "./parts.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, period } from "./period.ts";

const METRICS = ["distance", "moving_time", "elevation_gain", "count"] as const;

const Value = z.number();

/** How a goal stands. */
export const GoalStatistic = z.object({
  type: z.literal("goal"),
  data: z.object({
    metric: z.enum(METRICS).meta({
      description: "What is counted",
      example: "distance",
    }),
    unit: z.enum(["metres", "seconds", "activities"]).meta({
      description: "Unit of every value here",
      example: "metres",
    }),
    target: Value.meta({ description: "As asked for", example: 1000000 }),
    from: LocalDate.meta({
      description: "First local day of the period",
      example: "2025-01-01",
    }),
    to: LocalDate.meta({
      description: "Last local day of the period",
      example: "2025-12-31",
    }),
    done: Value.meta({
      description: "Of all activities in the period, private ones included",
      example: 912340.5,
    }),
    expected: Value.meta({
      description:
        "What there should be by the end of the athlete's today, all days alike; 0 before the " +
        "period, the target after it",
      example: 931506.849315,
    }),
    difference: Value.meta({
      description: "`done` - `expected`: above 0 ahead, below 0 behind",
      example: -19166.349315,
    }),
    projection: Value.nullable().meta({
      description: "`done` at the period's end, if it goes on as it went",
      example: 979424.360294,
    }),
    projection_reason: z.literal("not_begun").nullable().meta({
      description: "Why `projection` is null: the period has not begun",
      example: null,
    }),
    needed_per_day: Value.nullable().meta({
      description:
        "What each day that is left, today among them, must bring; 0 once the target is reached",
      example: 3371.519231,
    }),
    needed_per_day_reason: z.literal("period_over").nullable().meta({
      description: "Why `needed_per_day` is null: the period is over",
      example: null,
    }),
  }),
  fetched_at: Instant.meta({
    description: "When the last successful sync ended",
  }),
}).meta({ id: "GoalStatistic", description: "How a goal stands" });

/** Which goal: a target, of what, and when. */
export const GoalInput = z.strictObject({
  metric: z.enum(METRICS).meta({
    description: "What is counted",
    example: "distance",
  }),
  target: z.number().positive().max(1e12).meta({
    description:
      "How much, above 0: metres of `distance` and `elevation_gain`, seconds of `moving_time`, " +
      "activities of `count`",
    example: 1000000,
  }),
  period: z.enum(["week", "month", "year"]).meta({
    description:
      "The athlete's current ISO week, month or year; or give `from` and `to`",
    example: "year",
  }).optional(),
  ...period,
  ...athleteInput,
}).refine(isInOrder, NOT_IN_ORDER).refine(
  ({ period, from, to }) =>
    period === undefined
      ? from !== undefined && to !== undefined
      : from === undefined && to === undefined,
  {
    path: ["period"],
    message: "must be given, or both `from` and `to` in its place",
  },
);
