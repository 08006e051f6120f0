import * as z from "zod";
import { athleteInput } from "../athlete.ts";
import { Instant } from "../parts.ts";
import { Counts } from "./counts.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, period, weeks } from "./period.ts";

const METRICS = ["distance", "moving_time", "elevation_gain", "count"] as const;

const Value = z.number();

/** The progress of a goal. */
export const GoalStatistic = z.object({
  type: z.literal("goal"),
  data: z.object({
    metric: z.enum(METRICS).meta({
      description: "Value that counts",
      example: "distance",
    }),
    unit: z.enum(["metres", "seconds", "activities"]).meta({
      description: "Unit of all values in this response",
      example: "metres",
    }),
    target: Value.meta({
      description: "The requested target",
      example: 1000000,
    }),
    from: LocalDate.meta({
      description: "First local day of the period",
      example: "2025-01-01",
    }),
    to: LocalDate.meta({
      description: "Last local day of the period",
      example: "2025-12-31",
    }),
    done: Value.meta({
      description:
        "Sum of the activities in the period; `counts` says of which",
      example: 912340.5,
    }),
    expected: Value.meta({
      description:
        "Where an even pace would be at the end of the athlete's current day. 0 before the " +
        "period, the target after it",
      example: 931506.849315,
    }),
    difference: Value.meta({
      description:
        "`done` minus `expected`: positive is ahead, negative is behind",
      example: -19166.349315,
    }),
    projection: Value.nullable().meta({
      description: "`done` at the end of the period at the current pace",
      example: 979424.360294,
    }),
    projection_reason: z.literal("not_begun").nullable().meta({
      description: "Why `projection` is null: the period has not started",
      example: null,
    }),
    needed_per_day: Value.nullable().meta({
      description:
        "Amount per remaining day, including today, that reaches the target. 0 once the " +
        "target is reached",
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
  counts: Counts,
}).meta({ id: "GoalStatistic", description: "The progress of a goal" });

/** A goal: a metric, a target and a period. */
export const GoalInput = z.strictObject({
  metric: z.enum(METRICS).meta({
    description: "Value that counts",
    example: "distance",
  }),
  target: z.number().positive().max(1e12).meta({
    description:
      "Target, above 0: metres for `distance` and `elevation_gain`, seconds for `moving_time`, " +
      "activities for `count`",
    example: 1000000,
  }),
  period: z.enum(["week", "month", "year"]).meta({
    description:
      "The athlete's current week, month or year. Alternatively, give `from` and `to`",
    example: "year",
  }).optional(),
  ...period,
  ...weeks,
  ...athleteInput,
}).refine(isInOrder, NOT_IN_ORDER).refine(
  ({ period, from, to }) =>
    period === undefined
      ? from !== undefined && to !== undefined
      : from === undefined && to === undefined,
  {
    path: ["period"],
    message: "must be given, or both `from` and `to`",
  },
);
