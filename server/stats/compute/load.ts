import type { EffortRow } from "../../../db/activity_loads.ts";
import type { SportGroup } from "../../../db/sports.ts";
import { GROUP_OF } from "./sport_groups.ts";

/** What the load of an activity is computed from. */
export type Effort = Pick<
  EffortRow,
  "date" | "sport_type" | "moving_time" | "average_heartrate" | "suffer_score"
>;

/** What a load was taken from. */
export type LoadSource = "suffer_score" | "heart_rate" | "estimate";

/** The athlete's heart, in beats per minute; a highest one of `null` is not known. */
export interface Heart {
  rest: number;
  max: number | null;
}

/** What an activity cost: 100 is an hour at 85 % of the heart rate reserve. */
export interface Load {
  load: number;
  source: LoadSource;
}

/** The load of a local day. */
export interface DayLoad {
  /** `2025-12-06` */
  date: string;
  load: number;
  /** The part of it that is estimated. */
  estimated: number;
  /** `mixed` where the day's activities do not agree. */
  source: LoadSource | "mixed";
}

/** Estimated load of an hour by group of sports, and of any other sport. */
const HOURLY: Readonly<Record<SportGroup, number>> = {
  run: 60,
  ride: 45,
  swim: 50,
};
const HOURLY_OTHER = 30;

/** The share of the heart rate reserve that makes an hour a load of 100. */
const REFERENCE = 0.85;

/**
 * The training load of one activity, in points where 100 is an hour at 85 % of the heart rate
 * reserve:
 *
 * 1. Strava's `suffer_score`, where it gives one.
 * 2. From the average heart rate: `r = (hr - rest) / (max - rest)`, clamped to 0..1,
 *    `trimp = minutes * r * 0.64 * e^(1.92 r)` (Banister's, with the weights for men),
 *    `load = 100 * trimp / (trimp of 60 minutes at r = 0.85)`. docs/statistics.md has the sources.
 * 3. An estimate by the hour: 60 for runs, 45 for rides, 50 for swims, 30 for others.
 *
 * A heart rate of 0 is none that was recorded, and where the highest is not above the resting one,
 * no heart rate says anything.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const run = { sport_type: "Run", moving_time: 3600, average_heartrate: 145, suffer_score: null };
 * assert.deepEqual(loadOf(run, { rest: 60, max: 160 }), { load: 100, source: "heart_rate" });
 * ```
 */
export function loadOf(
  { sport_type, moving_time, average_heartrate, suffer_score }: Omit<
    Effort,
    "date"
  >,
  { rest, max }: Heart,
): Load {
  if (suffer_score !== null) {
    return { load: suffer_score, source: "suffer_score" };
  }
  const seconds = Math.max(moving_time, 0);
  if (
    average_heartrate !== null && average_heartrate > 0 &&
    max !== null && max > rest
  ) {
    const reserve = (average_heartrate - rest) / (max - rest);
    const ratio = Math.min(Math.max(reserve, 0), 1);
    const load = 100 * trimp(seconds / 60, ratio) / trimp(60, REFERENCE);
    return { load, source: "heart_rate" };
  }
  const group = GROUP_OF.get(sport_type);
  const hourly = group ? HOURLY[group] : HOURLY_OTHER;
  return { load: hourly * seconds / 3600, source: "estimate" };
}

/** Banister's training impulse: minutes weighted by the share of the heart rate reserve. */
function trimp(minutes: number, ratio: number): number {
  return minutes * ratio * 0.64 * Math.exp(1.92 * ratio);
}

/** The loads of the days that have efforts, in the order of the efforts, which come by day. */
export function sumByDay(
  efforts: readonly Effort[],
  heart: Heart,
): DayLoad[] {
  const days: DayLoad[] = [];
  for (const effort of efforts) {
    const { load, source } = loadOf(effort, heart);
    const estimated = source === "estimate" ? load : 0;
    const day = days.at(-1);
    if (day?.date !== effort.date) {
      days.push({ date: effort.date, load, estimated, source });
      continue;
    }
    day.load += load;
    day.estimated += estimated;
    if (day.source !== source) day.source = "mixed";
  }
  return days;
}
