import type { ActivityMetrics } from "../../../db/activity_metrics.ts";
import type { FoundActivity } from "./records.ts";
import type { TotalRow } from "../../../db/activity_totals.ts";
import { addTo, createSums, type Sums, toSums } from "./sums.ts";

/** A round number, and the activity that crossed it. */
export interface Milestone<Activity = FoundActivity> {
  value: number;
  /** Local day. */
  date: string;
  activity: Activity;
}

/** The next round number, and the amount still missing, in the ladder's unit. */
export interface NextMilestone {
  value: number;
  remaining: number;
}

/** The round numbers crossed so far, and the next one. */
export interface Milestones<Activity = FoundActivity> {
  /** Current sum in the ladder's unit, rounded down to a tenth. */
  total: number;
  reached: Milestone<Activity>[];
  next: NextMilestone;
}

/**
 * A ladder of round numbers. It counts in whole units that are small enough to lose nothing; `unit`
 * of them make one of the ladder's own.
 */
interface Ladder {
  amountOf(sums: Sums): number;
  unit: number;
  first: number;
}

const LADDERS = {
  distanceKm: {
    amountOf: (sums) => sums.distanceTenths,
    unit: 10_000,
    first: 10,
  },
  distanceMi: {
    amountOf: (sums) => sums.distanceTenths,
    unit: 16_093.44,
    first: 10,
  },
  movingTimeHours: {
    amountOf: (sums) => sums.movingTime,
    unit: 3600,
    first: 10,
  },
  elevationGainM: {
    amountOf: (sums) => sums.elevationTenths,
    unit: 10,
    first: 100,
  },
  count: { amountOf: (sums) => sums.count, unit: 1, first: 1 },
} as const satisfies Record<string, Ladder>;

export type LadderName = keyof typeof LADDERS;

/**
 * Computes when the sums of these activities, in the order of the wall clock, crossed 1, 2 and 5 times
 * a power of ten. The ladders start at 10 km, 10 mi, 10 hours, 100 m of climbing and 1 activity.
 */
export function computeMilestones(
  activities: readonly ActivityMetrics[],
): Record<LadderName, Milestones> {
  const names = Object.keys(LADDERS) as LadderName[];
  return Object.fromEntries(
    names.map((name) => [name, climbLadder(activities, LADDERS[name])]),
  ) as Record<LadderName, Milestones>;
}

/** Computes the next milestones after a total. */
export function computeNextMilestones(
  total: TotalRow,
): Record<LadderName, NextMilestone> {
  const sums = toSums(total);
  const findNext = ({ amountOf, unit, first }: Ladder): NextMilestone => {
    let value: number = first;
    while (amountOf(sums) >= value * unit) value = toNextStep(value);
    return toNextMilestone(value, amountOf(sums) / unit);
  };
  return {
    distanceKm: findNext(LADDERS.distanceKm),
    distanceMi: findNext(LADDERS.distanceMi),
    movingTimeHours: findNext(LADDERS.movingTimeHours),
    elevationGainM: findNext(LADDERS.elevationGainM),
    count: findNext(LADDERS.count),
  };
}

function climbLadder(
  activities: readonly ActivityMetrics[],
  { amountOf, unit, first }: Ladder,
): Milestones {
  const sums = createSums();
  const reached: Milestone[] = [];
  let value = first;
  for (const activity of activities) {
    addTo(sums, activity);
    for (; amountOf(sums) >= value * unit; value = toNextStep(value)) {
      reached.push(toMilestone(value, activity));
    }
  }
  const amount = amountOf(sums) / unit;
  return {
    total: Math.floor(amount * 10) / 10,
    reached,
    next: toNextMilestone(value, amount),
  };
}

/** Rounds the amount down to a tenth, so that `total` and `remaining` add up to the milestone. */
function toNextMilestone(value: number, amount: number): NextMilestone {
  return { value, remaining: (value * 10 - Math.floor(amount * 10)) / 10 };
}

function toMilestone(value: number, activity: ActivityMetrics): Milestone {
  const { id, date } = activity;
  return { value, date, activity: { id, date } };
}

/** Returns the number after this one in 1, 2, 5, 10, 20, 50, ... */
function toNextStep(step: number): number {
  return String(step).startsWith("2") ? step / 2 * 5 : step * 2;
}
