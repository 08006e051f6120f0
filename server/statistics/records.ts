import type { Figure } from "../../db/figures.ts";
import { addDays, toDay, toIsoWeek, weekdayOf } from "./days.ts";
import { groupBySport, groupOf } from "./sport_groups.ts";
import { addTo, createSums, mergeInto, readSums, type Sums } from "./sums.ts";

/** How far one must go, in metres, for an average speed to count, unless the caller says. */
const MIN_DISTANCE: ReadonlyMap<string, number> = new Map([
  ["run", 5000],
  ["ride", 20_000],
  ["swim", 400],
]);
const MIN_DISTANCE_OF_OTHERS = 5000;

/** Rolling windows, in weeks of seven days that end today. */
const WEEKS = [4, 12, 26, 52] as const;

/** An activity in few words. */
export interface NamedActivity {
  id: number;
  name: string;
  /** Local day. */
  date: string;
}

/** A best of one activity; where there is none, `reason` says why. */
export interface ActivityRecord {
  value: number | null;
  activity: NamedActivity | null;
  reason: "no_activity" | "too_short" | null;
}

/** The best of the sums of a day, week, month or year. */
export interface PeriodRecord {
  value: number | null;
  /** `2025-12-06`, `2025-W49`, `2025-12` or `2025`. */
  period: string | null;
  reason: "no_activity" | null;
}

export type Measure = "distance" | "moving_time" | "elevation_gain";

export type PeriodRecords = Record<Measure, PeriodRecord>;

/** Everything that is best within a window of local days, its ends included; null is no end. */
export interface RecordSet {
  from: string | null;
  to: string | null;
  longest_distance: ActivityRecord;
  longest_time: ActivityRecord;
  most_climbing: ActivityRecord;
  fastest: ActivityRecord;
  biggest_day: PeriodRecords;
  biggest_week: PeriodRecords;
  biggest_month: PeriodRecords;
  biggest_year: PeriodRecords;
}

type WindowName =
  | "all_time"
  | "this_year"
  | `last_${typeof WEEKS[number]}_weeks`;

/** The records of one group of sports. */
export type SportRecords =
  & { sport: string; min_distance: number }
  & Record<
    WindowName,
    RecordSet
  >;

/**
 * The best of each group of sports: metres, seconds, metres per second. A single activity's record
 * goes to the best that the caller may see, a period's sums count all. Who was first holds a record
 * until it is beaten. Of 0 there is no record.
 *
 * The average speed is distance by moving time, as Strava's `average_speed`. A window of n weeks is
 * the n * 7 local days up to today; a week or month at its edge counts with the days inside.
 */
export function listRecords(
  figures: readonly Figure[],
  { today, sport, minDistance }: {
    today: string;
    sport?: string | undefined;
    minDistance?: number | undefined;
  },
): SportRecords[] {
  return groupBySport(figures, sport).map(({ sport: name, rows }) => {
    // Where one sport was asked for, the default is that of its group.
    const least = minDistance ??
      MIN_DISTANCE.get(groupOf(rows[0]!.sport_type)) ?? MIN_DISTANCE_OF_OTHERS;
    const days = listDays(rows);
    const inWindow = (from: string | null, to: string | null): RecordSet =>
      readWindow(days, { from, to, least });
    const year = today.slice(0, 4);
    const weeks = Object.fromEntries(
      WEEKS.map((count) => [
        `last_${count}_weeks`,
        inWindow(addDays(today, 1 - 7 * count), today),
      ]),
    ) as Record<`last_${typeof WEEKS[number]}_weeks`, RecordSet>;
    return {
      sport: name,
      min_distance: least,
      all_time: inWindow(null, null),
      this_year: inWindow(`${year}-01-01`, `${year}-12-31`),
      ...weeks,
    };
  });
}

/** A local day with its activities and their sums. */
interface Day {
  date: string;
  week: string;
  rows: Figure[];
  sums: Sums;
}

/** The days of rows that are in the order of the wall clock. */
function listDays(rows: readonly Figure[]): Day[] {
  const days: Day[] = [];
  let nextMonday = -Infinity;
  let week = "";
  for (const row of rows) {
    const date = row.start_date_local.slice(0, 10);
    let last = days.at(-1);
    if (last?.date !== date) {
      const day = toDay(date);
      if (day >= nextMonday) {
        week = toIsoWeek(day);
        nextMonday = day - weekdayOf(day) + 8;
      }
      last = { date, week, rows: [], sums: createSums() };
      days.push(last);
    }
    last.rows.push(row);
    addTo(last.sums, row);
  }
  return days;
}

function readWindow(
  days: readonly Day[],
  { from, to, least }: {
    from: string | null;
    to: string | null;
    least: number;
  },
): RecordSet {
  const inside = days.filter(({ date }) =>
    (from === null || date >= from) && (to === null || date <= to)
  );
  const visible = inside.flatMap(({ rows }) => rows)
    .filter((row) => row.is_visible);
  const moved = visible.filter((row) =>
    row.distance > 0 && row.moving_time > 0
  );
  const far = moved.filter(({ distance }) => distance >= least);
  const speed = findBest(far, (row) => row.distance / row.moving_time);
  return {
    from,
    to,
    longest_distance: findBest(visible, ({ distance }) => distance),
    longest_time: findBest(visible, (row) => row.moving_time),
    most_climbing: findBest(visible, (row) => row.elevation_gain),
    fastest: speed.value === null
      ? { ...speed, reason: moved.length > 0 ? "too_short" : "no_activity" }
      : { ...speed, value: Math.round(speed.value * 1000) / 1000 },
    biggest_day: findBiggest(inside, ({ date }) => date),
    biggest_week: findBiggest(inside, ({ week }) => week),
    biggest_month: findBiggest(inside, ({ date }) => date.slice(0, 7)),
    biggest_year: findBiggest(inside, ({ date }) => date.slice(0, 4)),
  };
}

/** The first of those with the greatest value above 0. */
function findBest(
  rows: readonly Figure[],
  valueOf: (row: Figure) => number,
): ActivityRecord {
  let best: Figure | undefined;
  let value = 0;
  for (const row of rows) {
    if (valueOf(row) <= value) continue;
    best = row;
    value = valueOf(row);
  }
  return best
    ? { value, activity: toNamedActivity(best), reason: null }
    : { value: null, activity: null, reason: "no_activity" };
}

/** An activity's id, name and local day. */
export function toNamedActivity(
  { id, name, start_date_local }: Figure,
): NamedActivity {
  return { id, name, date: start_date_local.slice(0, 10) };
}

/** The first of the periods with the greatest sums above 0, by each measure. */
function findBiggest(
  days: readonly Day[],
  periodOf: (day: Day) => string,
): PeriodRecords {
  const periods = new Map<string, Sums>();
  for (const day of days) {
    const period = periodOf(day);
    const sums = periods.get(period) ?? createSums();
    mergeInto(sums, day.sums);
    periods.set(period, sums);
  }
  const totals = [...periods].map(([period, sums]) => ({
    period,
    ...readSums(sums),
  }));
  const findBy = (measure: Measure): PeriodRecord => {
    let best: PeriodRecord = {
      value: null,
      period: null,
      reason: "no_activity",
    };
    for (const total of totals) {
      if (total[measure] <= (best.value ?? 0)) continue;
      best = { value: total[measure], period: total.period, reason: null };
    }
    return best;
  };
  return {
    distance: findBy("distance"),
    moving_time: findBy("moving_time"),
    elevation_gain: findBy("elevation_gain"),
  };
}
