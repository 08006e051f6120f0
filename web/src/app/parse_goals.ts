import { type Metric, METRICS } from "../format/metric.ts";

/** Periods that a goal can have. */
export const GOAL_PERIODS = ["week", "month", "year"] as const;

/** Period of a goal: the current one counts. */
export type GoalPeriod = (typeof GOAL_PERIODS)[number];

/** A goal of the visitor. */
export interface Goal {
  id: string;
  metric: Metric;
  period: GoalPeriod;
  /** Metres, seconds, or activities, above 0. */
  target: number;
  /** A group of sports or a sport type. All sports without it. */
  sport?: string;
}

/** Goals that a browser keeps. */
export const MAX_GOALS = 20;

const MAX_TARGET = 1e9;

/** Returns the goals in a stored value. Wrong ones are dropped. */
export function parseGoals(value: unknown): Goal[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each) => parseGoal(each) ?? []).slice(0, MAX_GOALS);
}

function parseGoal(value: unknown): Goal | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, metric, period, target, sport } = value as Record<
    string,
    unknown
  >;
  const known = METRICS.find((each) => each === metric);
  const length = GOAL_PERIODS.find((each) => each === period);
  if (typeof id !== "string" || !known || !length || !isTarget(target)) {
    return undefined;
  }
  return {
    id,
    metric: known,
    period: length,
    target,
    ...typeof sport === "string" && /^\w{1,60}$/.test(sport) && { sport },
  };
}

/** Reports whether a number can be the target of a goal. */
export function isTarget(target: unknown): target is number {
  return typeof target === "number" && target > 0 && target <= MAX_TARGET;
}
