import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { isInOrder, LocalDate, NOT_IN_ORDER, period } from "./period.ts";
import { Instant } from "./parts.ts";

const SOURCES = ["suffer_score", "heart_rate", "estimate", "mixed"] as const;

const Points = z.number();

/** The training load of a day. */
export const TrainingDay = z.object({
  date: LocalDate,
  load: Points.meta({
    description:
      "Load of the day's activities in points: 100 is an hour at 85 % of the heart rate reserve, " +
      "or Strava's Relative Effort; 0 on a day of rest",
    example: 87,
  }),
  source: z.enum(SOURCES).nullable().meta({
    description:
      "What the load was taken from: Strava's `suffer_score`, the average `heart_rate`, an " +
      "`estimate` by sport and time, or `mixed` where the day's activities differ; null on a day " +
      "of rest",
    example: "suffer_score",
  }),
  ctl: Points.meta({
    description:
      "Chronic training load, fitness: points a day, averaged exponentially over 42 days",
    example: 54.208113,
  }),
  atl: Points.meta({
    description:
      "Acute training load, fatigue: points a day, averaged exponentially over 7 days",
    example: 61.730442,
  }),
  tsb: Points.meta({
    description:
      "Training stress balance, form: the day before's CTL - ATL, in points a day",
    example: -3.104877,
  }),
  acwr: z.number().nullable().meta({
    description:
      "Acute to chronic workload ratio: mean load of the last 7 days over that of the last 28",
    example: 1.138211,
  }),
  acwr_reason: z.enum(["too_little_history", "no_load"]).nullable().meta({
    description:
      "Why `acwr` is null: fewer than 28 days since the first activity, or 28 days without a load",
    example: null,
  }),
  monotony: z.number().nullable().meta({
    description:
      "Mean load of the last 7 days over their standard deviation (Foster 1998)",
    example: 1.411765,
  }),
  monotony_reason: z.enum(["too_little_history", "no_load", "no_variation"])
    .nullable().meta({
      description:
        "Why `monotony` and `strain` are null: fewer than 7 days since the first activity, 7 days " +
        "without a load, or 7 days with the same load",
      example: null,
    }),
  strain: Points.nullable().meta({
    description:
      "Load of the last 7 days times monotony, in points (Foster 1998)",
    example: 610.058824,
  }),
}).meta({ id: "TrainingDay", description: "The training load of a day" });

/** Training load day by day. */
export const TrainingLoadStatistic = z.object({
  type: z.literal("training_load"),
  data: z.object({
    formula: z.string().meta({
      description: "Name and version of the formulas; docs/statistics.md",
      example: "paceline-training-load/1",
    }),
    estimated_share: z.number().min(0).max(1).nullable().meta({
      description:
        "The share, 0 to 1, of these days' load that is an estimate by sport and time",
      example: 0.083,
    }),
    estimated_share_reason: z.literal("no_load").nullable().meta({
      description: "Why `estimated_share` is null: these days have no load",
      example: null,
    }),
    days: z.array(TrainingDay).meta({
      description:
        "Every day from the first activity to the athlete's today, or those of them that were " +
        "asked for, oldest first; days of rest too",
    }),
  }),
  fetched_at: Instant.meta({
    description: "When the last successful sync ended",
  }),
}).meta({
  id: "TrainingLoadStatistic",
  description: "Training load day by day",
});

/** Of which sport, and which days to show. */
export const TrainingLoadInput = z.strictObject({ ...period, ...athleteInput })
  .refine(isInOrder, NOT_IN_ORDER).default({});
