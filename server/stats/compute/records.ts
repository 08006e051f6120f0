import type { ActivityMetrics } from "../../../db/activity_metrics.ts";
import { toDayNumber, toWeekName, type WeekOptions } from "./days.ts";
import { findSpan } from "./spans.ts";
import { findGroupOfInput, groupBySport, toSportName } from "./sport_groups.ts";
import {
  addTo,
  createSums,
  getAmount,
  type Measure,
  mergeInto,
  type Sums,
  toTotalRow,
} from "./sums.ts";

/** Default minimum distances for an average speed to count, in metres. */
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

/** A best value reached in one activity. */
export interface ActivityRecord<Activity = FoundActivity> {
  value: number;
  /** Local day. */
  date: string;
  activity: Activity;
}

/** The fastest activity over at least a distance. If there is none, `reason` says why. */
export interface SpeedRecord<Activity = FoundActivity> {
  minDistance: number;
  /** Metres per second. */
  speed: number | null;
  activity: Activity | null;
  reason: "no_activity" | "too_short" | null;
}

/** The greatest sum of a day, week, month or year. */
export interface PeriodRecord {
  value: number;
  /** First local day of the period. */
  date: string;
  /** `2025-12-06`, `2025-W49`, `2025-12` or `2025`. */
  period: string;
}

/** The records of one group of sports; `null` if no activity has any of the measure. */
export interface SportRecords<Activity = FoundActivity> {
  longestDistance: ActivityRecord<Activity> | null;
  longestTime: ActivityRecord<Activity> | null;
  mostClimbing: ActivityRecord<Activity> | null;
  fastest: SpeedRecord<Activity>[];
  biggestDay: PeriodRecord | null;
  biggestWeek: PeriodRecord | null;
  biggestMonth: PeriodRecord | null;
  biggestYear: PeriodRecord | null;
}

/**
 * Computes the records of each group of sports: metres, seconds, metres per second. On a tie the
 * earlier activity keeps the record. A value of 0 is not a record.
 *
 * The average speed is distance divided by moving time, which mostly equals Strava's own. A week or
 * month at the edge of the period counts with the days inside it. Runs, rides and swims are listed
 * even without activities; with `sport` only that sport is.
 */
export function computeRecords(
  activities: readonly ActivityMetrics[],
  { sport, minDistance, metric = "distance", weekStart }: WeekOptions & {
    sport?: string | undefined;
    minDistance?: number | undefined;
    metric?: Measure | undefined;
  } = {},
): Map<string, SportRecords> {
  const bySport = new Map(
    groupBySport(activities, sport).map(({ sport, rows }) => [sport, rows]),
  );
  const always = sport === undefined
    ? MIN_DISTANCES.keys()
    : [toSportName(sport)];
  return new Map([...new Set([...always, ...bySport.keys()])].map((name) => {
    const rows = bySport.get(name) ?? [];
    // A single sport type uses the distances of its group.
    const distances = minDistance === undefined
      ? MIN_DISTANCES.get(findGroupOfInput(name)) ?? MIN_DISTANCES_OF_OTHERS
      : [minDistance];
    return [name, computeSportRecords(rows, { distances, metric, weekStart })];
  }));
}

function computeSportRecords(
  activities: readonly ActivityMetrics[],
  { distances, metric, weekStart }: WeekOptions & {
    distances: readonly number[];
    metric: Measure;
  },
): SportRecords {
  const moved = activities.filter(({ distance, movingTime }) =>
    distance > 0 && movingTime > 0
  );
  const days = groupByDay(activities, { weekStart });
  return {
    longestDistance: findBest(activities, ({ distance }) => distance),
    longestTime: findBest(activities, ({ movingTime }) => movingTime),
    mostClimbing: findBest(activities, ({ elevationGain }) => elevationGain),
    fastest: distances.map((minimum) => findFastest(moved, minimum)),
    biggestDay: findBiggest(days, metric, ({ date }) => date),
    biggestWeek: findBiggest(days, metric, ({ week }) => week.name),
    biggestMonth: findBiggest(days, metric, ({ date }) => date.slice(0, 7)),
    biggestYear: findBiggest(days, metric, ({ date }) => date.slice(0, 4)),
  };
}

/** A local day with the sums of its activities. */
interface Day {
  date: string;
  week: { name: string; from: string; to: string };
  sums: Sums;
}

/** Sums the activities of each day. They must be in the order of the wall clock. */
function groupByDay(
  activities: readonly ActivityMetrics[],
  options: WeekOptions,
): Day[] {
  const days: Day[] = [];
  let week: Day["week"] | undefined;
  for (const activity of activities) {
    const date = toLocalDay(activity);
    let last = days.at(-1);
    if (last?.date !== date) {
      if (!week || date > week.to) {
        week = {
          name: toWeekName(toDayNumber(date), options),
          ...findSpan("week", date, options),
        };
      }
      last = { date, week, sums: createSums() };
      days.push(last);
    }
    addTo(last.sums, activity);
  }
  return days;
}

/** Finds the first activity with the greatest value above 0. */
function findBest(
  activities: readonly ActivityMetrics[],
  valueOf: (activity: ActivityMetrics) => number,
): ActivityRecord | null {
  let best: ActivityMetrics | undefined;
  let value = 0;
  for (const activity of activities) {
    if (valueOf(activity) <= value) continue;
    best = activity;
    value = valueOf(activity);
  }
  if (!best) return null;
  const date = toLocalDay(best);
  return { value, date, activity: { id: best.id, date } };
}

function findFastest(
  moved: readonly ActivityMetrics[],
  minimum: number,
): SpeedRecord {
  const far = moved.filter(({ distance }) => distance >= minimum);
  const best = findBest(far, (row) => row.distance / row.movingTime);
  return {
    minDistance: minimum,
    speed: best && Math.round(best.value * 1000) / 1000,
    activity: best?.activity ?? null,
    reason: best ? null : moved.length > 0 ? "too_short" : "no_activity",
  };
}

/** Returns the local day of an activity. */
export function toLocalDay({ startDateLocal }: ActivityMetrics): string {
  return startDateLocal.slice(0, 10);
}

/** Finds the first period with the greatest sum above 0. */
function findBiggest(
  days: readonly Day[],
  metric: Measure,
  periodOf: (day: Day) => string,
): PeriodRecord | null {
  const periods = new Map<string, { day: Day; sums: Sums }>();
  for (const day of days) {
    const period = periodOf(day);
    const known = periods.get(period) ?? { day, sums: createSums() };
    mergeInto(known.sums, day.sums);
    periods.set(period, known);
  }
  let best: PeriodRecord | null = null;
  for (const [period, { day, sums }] of periods) {
    const value = getAmount(toTotalRow(sums), metric);
    if (value <= (best?.value ?? 0)) continue;
    best = { value, date: findFirstDay(period, day), period };
  }
  return best;
}

/** Finds the first local day of the period that contains this day. */
function findFirstDay(period: string, { date, week }: Day): string {
  if (period === date) return date;
  if (period === week.name) return week.from;
  return period.length === 4 ? `${period}-01-01` : `${period}-01`;
}
