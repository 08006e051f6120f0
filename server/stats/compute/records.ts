import type { ActivityMetrics } from "../../../db/activity_metrics.ts";
import {
  toDayNumber,
  toWeekName,
  toWeekNumber,
  type WeekOptions,
} from "./days.ts";
import { findSpan } from "./spans.ts";
import { findGroupOfInput, groupBySport, toSportName } from "./sport_groups.ts";
import { fromWhole, type Measure, toWhole } from "./sums.ts";

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
  const days = sumDays(activities, metric);
  return {
    longestDistance: findBest(activities, ({ distance }) => distance),
    longestTime: findBest(activities, ({ movingTime }) => movingTime),
    mostClimbing: findBest(activities, ({ elevationGain }) => elevationGain),
    fastest: findFastest(activities, distances),
    biggestDay: findBiggest(days, metric, DAYS),
    biggestWeek: findBiggest(days, metric, createWeeks({ weekStart })),
    biggestMonth: findBiggest(days, metric, MONTHS),
    biggestYear: findBiggest(days, metric, YEARS),
  };
}

/** A local day with the sum of one measure of its activities. */
interface Day {
  date: string;
  /** Whole seconds, or tenths of a metre. */
  amount: number;
}

/** Sums a measure of the activities of each day. They must be in the order of the wall clock. */
function sumDays(
  activities: readonly ActivityMetrics[],
  metric: Measure,
): Day[] {
  const days: Day[] = [];
  let last: Day | undefined;
  for (const activity of activities) {
    const { date } = activity;
    if (last?.date !== date) {
      last = { date, amount: 0 };
      days.push(last);
    }
    last.amount += toWhole(activity, metric);
  }
  return days;
}

/** The periods of one length: their names and first local days. */
interface Periods {
  /** Reports whether two days are in one period. */
  isSame(one: string, other: string): boolean;
  toName(date: string): string;
  toFirst(date: string): string;
}

const DAYS: Periods = {
  isSame: (one, other) => one === other,
  toName: (date) => date,
  toFirst: (date) => date,
};
const MONTHS: Periods = {
  isSame: (one, other) => haveSameStart(one, other, "2025-12".length),
  toName: (date) => date.slice(0, 7),
  toFirst: (date) => findSpan("month", date).from,
};
const YEARS: Periods = {
  isSame: (one, other) => haveSameStart(one, other, "2025".length),
  toName: (date) => date.slice(0, 4),
  toFirst: (date) => findSpan("year", date).from,
};

/** Creates the periods of weeks. Their names take long to find, so only the record's is. */
function createWeeks(options: WeekOptions): Periods {
  const toWeek = (date: string): number =>
    toWeekNumber(toDayNumber(date), options);
  return {
    isSame: (one, other) => toWeek(one) === toWeek(other),
    toName: (date) => toWeekName(toDayNumber(date), options),
    toFirst: (date) => findSpan("week", date, options).from,
  };
}

/** Reports whether the first characters are the same, without creating strings of them. */
function haveSameStart(one: string, other: string, length: number): boolean {
  for (let at = length - 1; at >= 0; at--) {
    if (one.charCodeAt(at) !== other.charCodeAt(at)) return false;
  }
  return true;
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
  const { date } = best;
  return { value, date, activity: { id: best.id, date } };
}

/** Finds the first of the fastest activities over each of these distances. */
function findFastest(
  activities: readonly ActivityMetrics[],
  distances: readonly number[],
): SpeedRecord[] {
  const best = distances.map((): { speed: number; of?: ActivityMetrics } => ({
    speed: 0,
  }));
  let hasMoved = false;
  for (const activity of activities) {
    const { distance, movingTime } = activity;
    if (!(distance > 0 && movingTime > 0)) continue;
    hasMoved = true;
    const speed = distance / movingTime;
    distances.forEach((minimum, index) => {
      const record = best[index]!;
      if (distance < minimum || speed <= record.speed) return;
      record.speed = speed;
      record.of = activity;
    });
  }
  return best.map(({ speed, of }, index) => ({
    minDistance: distances[index]!,
    speed: of ? Math.round(speed * 1000) / 1000 : null,
    activity: of ? { id: of.id, date: of.date } : null,
    reason: of ? null : hasMoved ? "too_short" : "no_activity",
  }));
}

/** Finds the first period with the greatest sum above 0. The days must be in order. */
function findBiggest(
  days: readonly Day[],
  metric: Measure,
  { isSame, toName, toFirst }: Periods,
): PeriodRecord | null {
  let first = "";
  let sum = 0;
  let best: string | undefined;
  let most = 0;
  for (const { date, amount } of days) {
    if (first !== "" && isSame(first, date)) sum += amount;
    else {
      first = date;
      sum = amount;
    }
    if (sum <= most) continue;
    most = sum;
    best = first;
  }
  return best === undefined ? null : {
    value: fromWhole(most, metric),
    date: toFirst(best),
    period: toName(best),
  };
}
