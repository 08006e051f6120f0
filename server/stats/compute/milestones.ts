import type { ActivityMetrics } from "../../../db/activity_metrics.ts";
import { dateOf, type FoundActivity } from "./records.ts";
import { addTo, createSums, type Sums } from "./sums.ts";

/** A round number, and the activity that crossed it. */
export interface Milestone<Activity = FoundActivity> {
  value: number;
  /** Local day; null, as the activity, where the caller may not see it. */
  date: string | null;
  activity: Activity | null;
  reason: "hidden" | null;
}

/** The round numbers crossed so far, and the next. */
export interface Milestones<Activity = FoundActivity> {
  /** What there is now, in the ladder's unit, rounded down to a tenth. */
  total: number;
  reached: Milestone<Activity>[];
  next: { value: number; remaining: number };
}

/** Sums in whole units so small that nothing is lost; `unit` of them make one of the ladder's. */
interface Ladder {
  amountOf(sums: Sums): number;
  unit: number;
  first: number;
}

const LADDERS = {
  distance_km: {
    amountOf: (sums) => sums.tenthsOfDistance,
    unit: 10_000,
    first: 10,
  },
  distance_mi: {
    amountOf: (sums) => sums.tenthsOfDistance,
    unit: 16_093.44,
    first: 10,
  },
  moving_time_hours: {
    amountOf: (sums) => sums.moving_time,
    unit: 3600,
    first: 10,
  },
  elevation_gain_m: {
    amountOf: (sums) => sums.tenthsOfClimbing,
    unit: 10,
    first: 100,
  },
  count: { amountOf: (sums) => sums.count, unit: 1, first: 1 },
} as const satisfies Record<string, Ladder>;

export type LadderName = keyof typeof LADDERS;

/**
 * When the sums of all activities, in the order of the wall clock, crossed 1, 2 and 5 times a power
 * of ten: from 10 km, 10 mi, 10 hours, 100 m of climbing and 1 activity on.
 */
export function readMilestones(
  figures: readonly ActivityMetrics[],
): Record<LadderName, Milestones> {
  const names = Object.keys(LADDERS) as LadderName[];
  return Object.fromEntries(
    names.map((name) => [name, climb(figures, LADDERS[name])]),
  ) as Record<LadderName, Milestones>;
}

function climb(
  figures: readonly ActivityMetrics[],
  { amountOf, unit, first }: Ladder,
): Milestones {
  const sums = createSums();
  const reached: Milestone[] = [];
  let next = first;
  for (const figure of figures) {
    addTo(sums, figure);
    for (; amountOf(sums) >= next * unit; next = stepAfter(next)) {
      reached.push(toMilestone(next, figure));
    }
  }
  const tenths = Math.floor(amountOf(sums) / unit * 10);
  return {
    total: tenths / 10,
    reached,
    next: { value: next, remaining: (next * 10 - tenths) / 10 },
  };
}

function toMilestone(value: number, figure: ActivityMetrics): Milestone {
  if (!figure.is_visible) {
    return { value, date: null, activity: null, reason: "hidden" };
  }
  const date = dateOf(figure);
  return { value, date, activity: { id: figure.id, date }, reason: null };
}

/** 1, 2, 5, 10, 20, 50, ... */
function stepAfter(step: number): number {
  return String(step).startsWith("2") ? step / 2 * 5 : step * 2;
}
