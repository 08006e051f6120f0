import type { ActivityMetrics } from "../../../db/activity_metrics.ts";
import { addDays, toDay, toIsoWeek, weekdayOf } from "./days.ts";
import { groupBySport, groupOfAsked, nameOfAsked } from "./sport_groups.ts";
import { addTo, createSums, mergeInto, readSums, type Sums } from "./sums.ts";

/** How far one must go, in metres, for an average speed to count, unless the caller says. */
const MIN_DISTANCES: ReadonlyMap<string, readonly number[]> = new Map([
  ["run", [1000, 5000, 10_000, 21_097.5, 42_195]],
  ["ride", [20_000, 50_000, 100_000, 200_000]],
  ["swim", [400, 1000, 1500, 3000]],
]);
const MIN_DISTANCES_OF_OTHERS = [5000, 10_000];

/** An activity without its name. */
export interface FoundActivity {
  id: number;
  /** Local day. */
  date: string;
}

/** A best of one activity. */
export interface ActivityRecord<Activity = FoundActivity> {
  value: number;
  /** Local day. */
  date: string;
  activity: Activity;
}

/** The fastest over at least a distance; where there is none, `reason` says why. */
export interface SpeedRecord<Activity = FoundActivity> {
  min_distance: number;
  /** Metres per second. */
  speed: number | null;
  activity: Activity | null;
  reason: "no_activity" | "too_short" | null;
}

/** The best of the sums of a day, week, month or year. */
export interface PeriodRecord {
  value: number;
  /** Its first local day. */
  date: string;
  /** `2025-12-06`, `2025-W49`, `2025-12` or `2025`. */
  period: string;
}

export type Measure = "distance" | "moving_time" | "elevation_gain";

/** The records of one group of sports; null where no activity has any of it. */
export interface SportRecords<Activity = FoundActivity> {
  longest_distance: ActivityRecord<Activity> | null;
  longest_time: ActivityRecord<Activity> | null;
  most_climbing: ActivityRecord<Activity> | null;
  fastest: SpeedRecord<Activity>[];
  biggest_day: PeriodRecord | null;
  biggest_week: PeriodRecord | null;
  biggest_month: PeriodRecord | null;
  biggest_year: PeriodRecord | null;
}

/**
 * The best of each group of sports, of those activities that the caller may see: metres, seconds,
 * metres per second. Who was first holds a record until it is beaten. Of 0 there is no record.
 *
 * The average speed is distance by moving time, mostly that of Strava. A week or month of
 * which some days are missing counts with those that are there. Runs, rides and swims are there
 * also where there are none; of one sport that was asked for only that.
 */
export function listRecords(
  figures: readonly ActivityMetrics[],
  { sport, minDistance, metric = "distance" }: {
    sport?: string | undefined;
    minDistance?: number | undefined;
    metric?: Measure | undefined;
  } = {},
): Map<string, SportRecords> {
  const visible = figures.filter((figure) => figure.is_visible);
  const found = new Map(
    groupBySport(visible, sport).map(({ sport, rows }) => [sport, rows]),
  );
  const usual = sport === undefined
    ? MIN_DISTANCES.keys()
    : [nameOfAsked(sport)];
  return new Map([...new Set([...usual, ...found.keys()])].map((name) => {
    const rows = found.get(name) ?? [];
    // Where one sport was asked for, the distances are those of its group.
    const distances = minDistance === undefined
      ? MIN_DISTANCES.get(groupOfAsked(name)) ?? MIN_DISTANCES_OF_OTHERS
      : [minDistance];
    return [name, readRecords(rows, { distances, metric })];
  }));
}

function readRecords(
  rows: readonly ActivityMetrics[],
  { distances, metric }: { distances: readonly number[]; metric: Measure },
): SportRecords {
  const moved = rows.filter((row) => row.distance > 0 && row.moving_time > 0);
  const days = listDays(rows);
  return {
    longest_distance: findBest(rows, ({ distance }) => distance),
    longest_time: findBest(rows, (row) => row.moving_time),
    most_climbing: findBest(rows, (row) => row.elevation_gain),
    fastest: distances.map((least) => findFastest(moved, least)),
    biggest_day: findBiggest(days, metric, ({ date }) => date),
    biggest_week: findBiggest(days, metric, ({ week }) => week),
    biggest_month: findBiggest(days, metric, ({ date }) => date.slice(0, 7)),
    biggest_year: findBiggest(days, metric, ({ date }) => date.slice(0, 4)),
  };
}

/** A local day with the sums of its activities. */
interface Day {
  date: string;
  week: string;
  sums: Sums;
}

/** The days of rows that are in the order of the wall clock. */
function listDays(rows: readonly ActivityMetrics[]): Day[] {
  const days: Day[] = [];
  let nextMonday = -Infinity;
  let week = "";
  for (const row of rows) {
    const date = dateOf(row);
    let last = days.at(-1);
    if (last?.date !== date) {
      const day = toDay(date);
      if (day >= nextMonday) {
        week = toIsoWeek(day);
        nextMonday = day - weekdayOf(day) + 8;
      }
      last = { date, week, sums: createSums() };
      days.push(last);
    }
    addTo(last.sums, row);
  }
  return days;
}

/** The first of those with the greatest value above 0. */
function findBest(
  rows: readonly ActivityMetrics[],
  valueOf: (row: ActivityMetrics) => number,
): ActivityRecord | null {
  let best: ActivityMetrics | undefined;
  let value = 0;
  for (const row of rows) {
    if (valueOf(row) <= value) continue;
    best = row;
    value = valueOf(row);
  }
  if (!best) return null;
  const date = dateOf(best);
  return { value, date, activity: { id: best.id, date } };
}

function findFastest(
  moved: readonly ActivityMetrics[],
  least: number,
): SpeedRecord {
  const far = moved.filter(({ distance }) => distance >= least);
  const best = findBest(far, (row) => row.distance / row.moving_time);
  return {
    min_distance: least,
    speed: best && Math.round(best.value * 1000) / 1000,
    activity: best?.activity ?? null,
    reason: best ? null : moved.length > 0 ? "too_short" : "no_activity",
  };
}

/** The local day of an activity. */
export function dateOf({ start_date_local }: ActivityMetrics): string {
  return start_date_local.slice(0, 10);
}

/** The first of the periods with the greatest sum above 0. */
function findBiggest(
  days: readonly Day[],
  metric: Measure,
  periodOf: (day: Day) => string,
): PeriodRecord | null {
  const periods = new Map<string, { day: string; sums: Sums }>();
  for (const day of days) {
    const period = periodOf(day);
    const known = periods.get(period) ?? { day: day.date, sums: createSums() };
    mergeInto(known.sums, day.sums);
    periods.set(period, known);
  }
  let best: PeriodRecord | null = null;
  for (const [period, { day, sums }] of periods) {
    const value = readSums(sums)[metric];
    if (value <= (best?.value ?? 0)) continue;
    best = { value, date: firstDayOf(period, day), period };
  }
  return best;
}

/** The first local day of the period that has this day. */
function firstDayOf(period: string, date: string): string {
  if (period === date) return date;
  if (period.includes("W")) return addDays(date, 1 - weekdayOf(toDay(date)));
  return period.length === 4 ? `${period}-01-01` : `${period}-01`;
}
