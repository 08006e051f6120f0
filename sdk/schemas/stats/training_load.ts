import * as z from "zod";
import { athleteInput } from "../athlete.ts";
import { Counts } from "./counts.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, period } from "./period.ts";
import { Instant } from "../parts.ts";

const SOURCES = ["suffer_score", "heart_rate", "estimate", "mixed"] as const;

const Points = z.number();

/** The training load of a day. */
export const TrainingDay = z.object({
  date: LocalDate,
  load: Points.meta({
    description:
      "Load of the day's activities in points. 100 points are one hour at 85 % of the heart " +
      "rate reserve, or Strava's Relative Effort. 0 on a rest day",
    example: 87,
  }),
  source: z.enum(SOURCES).nullable().meta({
    description:
      "Source of the load: Strava's `suffer_score`, the average `heart_rate`, an `estimate` by " +
      "sport and time, or `mixed` if the day's activities differ. Null on a rest day",
    example: "suffer_score",
  }),
  ctl: Points.meta({
    description:
      "Chronic training load (fitness): exponential average over 42 days, in points per day",
    example: 54.208113,
  }),
  atl: Points.meta({
    description:
      "Acute training load (fatigue): exponential average over 7 days, in points per day",
    example: 61.730442,
  }),
  tsb: Points.meta({
    description:
      "Training stress balance (form): CTL minus ATL of the previous day, in points per day",
    example: -3.104877,
  }),
  acwr: z.number().nullable().meta({
    description:
      "Acute to chronic workload ratio: mean load of the last 7 days divided by that of the " +
      "last 28 days",
    example: 1.138211,
  }),
  acwr_reason: z.enum(["too_little_history", "no_load"]).nullable().meta({
    description:
      "Why `acwr` is null: fewer than 28 days since the first activity, or 28 days without load",
    example: null,
  }),
  monotony: z.number().nullable().meta({
    description:
      "Mean load of the last 7 days divided by its standard deviation (Foster 1998)",
    example: 1.411765,
  }),
  monotony_reason: z.enum(["too_little_history", "no_load", "no_variation"])
    .nullable().meta({
      description:
        "Why `monotony` and `strain` are null: fewer than 7 days since the first activity, 7 " +
        "days without load, or 7 days with equal loads",
      example: null,
    }),
  strain: Points.nullable().meta({
    description:
      "Load of the last 7 days times monotony, in points (Foster 1998)",
    example: 610.058824,
  }),
}).meta({ id: "TrainingDay", description: "The training load of a day" });

/** The training load day by day. */
export const TrainingLoadStatistic = z.object({
  type: z.literal("training_load"),
  data: z.object({
    formula: z.string().meta({
      description: "Name and version of the formulas, see docs/statistics.md",
      example: "paceline-training-load/1",
    }),
    estimated_share: z.number().min(0).max(1).nullable().meta({
      description:
        "Share (0 to 1) of the load in these days that is estimated by sport and time",
      example: 0.083,
    }),
    estimated_share_reason: z.literal("no_load").nullable().meta({
      description: "Why `estimated_share` is null: these days have no load",
      example: null,
    }),
    days: z.array(TrainingDay).meta({
      description:
        "Days from the first activity to the athlete's current day, or the requested part of " +
        "them, oldest first, including rest days",
    }),
  }),
  fetched_at: Instant.meta({
    description: "When the last successful sync ended",
  }),
  counts: Counts,
}).meta({
  id: "TrainingLoadStatistic",
  description: "The training load day by day",
});

/** The sport and the days to show. */
export const TrainingLoadInput = z.strictObject({ ...period, ...athleteInput })
  .refine(isInOrder, NOT_IN_ORDER).default({});
