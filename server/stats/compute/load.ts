import type { LoadInputRow } from "../../../db/activity_loads.ts";
import type { SportGroup } from "../../../db/sports.ts";
import { GROUP_OF } from "./sport_groups.ts";

/** The inputs of an activity's training load. */
export type LoadInput = Pick<
  LoadInputRow,
  "date" | "sportType" | "movingTime" | "averageHeartrate" | "sufferScore"
>;

/** The input that a load was computed from. */
export type LoadSource = "suffer_score" | "heart_rate" | "estimate";

/** The athlete's heart rates in beats per minute. `max` is `null` if it is unknown. */
export interface HeartRates {
  rest: number;
  max: number | null;
}

/** The training load of an activity: 100 is an hour at 85 % of the heart rate reserve. */
export interface Load {
  load: number;
  source: LoadSource;
}

/** The training load of a local day. */
export interface DayLoad {
  /** `2025-12-06` */
  date: string;
  load: number;
  /** The estimated part of the load. */
  estimated: number;
  /** `mixed` if the day's activities have different sources. */
  source: LoadSource | "mixed";
}

/** Estimated load per hour, by group of sports. */
const HOURLY: Readonly<Record<SportGroup, number>> = {
  run: 60,
  ride: 45,
  swim: 50,
};
const HOURLY_OTHER = 30;

/** The share of the heart rate reserve at which an hour has a load of 100. */
const REFERENCE = 0.85;

/**
 * Computes the training load of one activity, in points. 100 points are an hour at 85 % of the
 * heart rate reserve. The first of these inputs that exists decides:
 *
 * 1. Strava's `suffer_score`.
 * 2. The average heart rate: `r = (hr - rest) / (max - rest)`, clamped to 0..1,
 *    `trimp = minutes * r * 0.64 * e^(1.92 r)` (Banister's, with the weights for men),
 *    `load = 100 * trimp / (trimp of 60 minutes at r = 0.85)`. docs/statistics.md has the sources.
 * 3. An hourly estimate: 60 for runs, 45 for rides, 50 for swims, 30 for others.
 *
 * A heart rate of 0 counts as not recorded. If `max` is unknown or not above `rest`, heart rates
 * are not used.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const run = { sportType: "Run", movingTime: 3600, averageHeartrate: 145, sufferScore: null };
 * const load = computeLoad(run, { rest: 60, max: 160 });
 * assert.deepEqual(load, { load: 100, source: "heart_rate" });
 * ```
 */
export function computeLoad(
  { sportType, movingTime, averageHeartrate, sufferScore }: Omit<
    LoadInput,
    "date"
  >,
  { rest, max }: HeartRates,
): Load {
  if (sufferScore !== null) {
    return { load: sufferScore, source: "suffer_score" };
  }
  const seconds = Math.max(movingTime, 0);
  if (
    averageHeartrate !== null && averageHeartrate > 0 &&
    max !== null && max > rest
  ) {
    const reserve = (averageHeartrate - rest) / (max - rest);
    const ratio = Math.min(Math.max(reserve, 0), 1);
    const load = 100 * computeTrimp(seconds / 60, ratio) / REFERENCE_TRIMP;
    return { load, source: "heart_rate" };
  }
  const group = GROUP_OF.get(sportType);
  const hourly = group ? HOURLY[group] : HOURLY_OTHER;
  return { load: hourly * seconds / 3600, source: "estimate" };
}

/** Computes Banister's training impulse: minutes weighted by the share of the heart rate reserve. */
function computeTrimp(minutes: number, ratio: number): number {
  return minutes * ratio * 0.64 * Math.exp(1.92 * ratio);
}

const REFERENCE_TRIMP = computeTrimp(60, REFERENCE);

/** Sums the loads of each day that has activities. The inputs must be in the order of their days. */
export function sumLoadsByDay(
  inputs: readonly LoadInput[],
  heartRates: HeartRates,
): DayLoad[] {
  const days: DayLoad[] = [];
  for (const input of inputs) {
    const { load, source } = computeLoad(input, heartRates);
    const estimated = source === "estimate" ? load : 0;
    const day = days.at(-1);
    if (day?.date !== input.date) {
      days.push({ date: input.date, load, estimated, source });
      continue;
    }
    day.load += load;
    day.estimated += estimated;
    if (day.source !== source) day.source = "mixed";
  }
  return days;
}
