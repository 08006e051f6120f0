/**
 * Plain counts over the activities that Strava sent, to compare statistics with. They are slow, loop
 * over every day, and share nothing with the code under test.
 */
import { inOrder, type RawActivity } from "./raw_days.ts";

const GROUPS: Record<string, string[]> = {
  run: ["Run", "TrailRun", "VirtualRun"],
  ride: [
    "EBikeRide",
    "EMountainBikeRide",
    "GravelRide",
    "Handcycle",
    "MountainBikeRide",
    "Ride",
    "Velomobile",
    "VirtualRide",
  ],
  swim: ["Swim"],
};

export function sportOf({ sport_type }: RawActivity): string {
  for (const [group, members] of Object.entries(GROUPS)) {
    if (members.includes(sport_type)) return group;
  }
  return sport_type;
}

export function dayOf({ start_date_local }: RawActivity): string {
  return start_date_local.slice(0, 10);
}

/** Lists the sports of activities: run, ride, swim, then others by name. */
export function sportsOf(activities: readonly RawActivity[]): string[] {
  const names = [...new Set(activities.map(sportOf))];
  const groups = Object.keys(GROUPS).filter((name) => names.includes(name));
  return [
    ...groups,
    ...names.filter((name) => !groups.includes(name)).sort(),
  ];
}

/** Returns the next day by the rules of the calendar. */
export function nextDay(date: string): string {
  let [year, month, day] = date.split("-").map(Number) as [
    number,
    number,
    number,
  ];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30];
  day++;
  if (day > (lengths[month - 1] ?? 31)) {
    day = 1;
    month++;
  }
  if (month > 12) {
    month = 1;
    year++;
  }
  return [
    String(year).padStart(4, "0"),
    String(month).padStart(2, "0"),
    String(day).padStart(2, "0"),
  ].join("-");
}

/** Lists every day of a period, both ends included. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = nextDay(day)) days.push(day);
  return days;
}

/**
 * The Mondays and lengths of the weeks that histories may contain: the years from 2017 to 2029, and
 * the months around far dates.
 */
const COUNTED_WEEKS: readonly [monday: string, weeks: number][] = [
  ["0001-01-01", 12],
  ["1969-11-24", 12],
  ["1999-11-29", 12],
  ["2017-01-02", 678],
  ["2036-03-31", 12],
  ["9999-11-29", 5],
];

/** The counted days of each of these ranges, and their weekdays, Monday 1 to Sunday 7. */
const RANGES: readonly [day: string, weekday: number][][] = COUNTED_WEEKS.map(
  ([monday, count]) => {
    const days: [string, number][] = [];
    let day = monday;
    for (let index = 0; index < 7 * count; index++, day = nextDay(day)) {
      days.push([day, index % 7 + 1]);
    }
    // No date has a year of five digits.
    return days.filter(([date]) => date.length === 10);
  },
);

export type WeekStart = "monday" | "sunday";

/** The week of every counted day, oldest first, by the day that begins a week. */
const WEEKS: Record<WeekStart, ReadonlyMap<string, string>> = {
  monday: new Map(RANGES.flatMap((days) => countWeeks(days, [1, 4]))),
  sunday: new Map(RANGES.flatMap((days) => countWeeks(days, [7, 3]))),
};

/** All days that a plain count loops over, oldest first. */
export const COUNTED_DAYS: readonly string[] = [...WEEKS.monday.keys()];

/** Cuts days into weeks that begin on a weekday. A week at an edge may lack days. */
function countWeeks(
  days: readonly [day: string, weekday: number][],
  [first, middle]: [first: number, middle: number],
): [day: string, week: string][] {
  const weeks: [string, number][][] = [];
  for (const [day, weekday] of days) {
    if (weekday === first || weeks.length === 0) weeks.push([]);
    weeks.at(-1)!.push([day, weekday]);
  }
  return weeks.flatMap((week) => {
    // A week belongs to the year that has most of its days, which its middle day has.
    const found = week.find(([, weekday]) => weekday === middle) ?? week[0]!;
    const year = found[0].slice(0, 4);
    const passed = daysBetween(`${year}-01-01`, found[0]).length;
    const name = `${year}-W${String(Math.ceil(passed / 7)).padStart(2, "0")}`;
    return week.map(([day]): [string, string] => [day, name]);
  });
}

export function weekOf(date: string, start: WeekStart = "monday"): string {
  return WEEKS[start].get(date)!;
}

const WEEKDAYS: ReadonlyMap<string, number> = new Map(RANGES.flat());

/** Returns the weekday, Monday 1 to Sunday 7. */
export function weekdayOf(date: string): number {
  return WEEKDAYS.get(date)!;
}

export interface Total {
  count: number;
  distance: number;
  moving_time: number;
  elevation_gain: number;
}

export function totalOf(activities: readonly RawActivity[]): Total {
  const sum = (valueOf: (activity: RawActivity) => number): number =>
    activities.map(valueOf).reduce((a, b) => a + b, 0);
  return {
    count: activities.length,
    distance: sum((a) => Math.round(a.distance * 10)) / 10,
    moving_time: sum((a) => a.moving_time),
    elevation_gain: sum((a) => Math.round(a.total_elevation_gain * 10)) / 10,
  };
}

export function nameOf(
  activity: RawActivity,
): { id: number; name: string; date: string } {
  return { id: activity.id, name: activity.name, date: dayOf(activity) };
}

/** Removes the names of activities from a statistic. */
export function withoutNames(statistic: unknown): unknown {
  return JSON.parse(
    JSON.stringify(
      statistic,
      (key, value) => key === "name" ? undefined : value,
    ),
  );
}

const MIN_DISTANCES: Record<string, number[]> = {
  run: [1000, 5000, 10_000, 21_097.5, 42_195],
  ride: [20_000, 50_000, 100_000, 200_000],
  swim: [400, 1000, 1500, 3000],
};

export type Measure = "distance" | "moving_time" | "elevation_gain";

export interface RecordsOptions {
  today: string;
  window?: string;
  metric?: Measure;
  week?: WeekStart;
}

/** Expects the records of each sport within a window. Only all time counts days after today. */
export function expectRecords(
  activities: readonly RawActivity[],
  { today, window = "all", metric = "distance", week = "monday" }:
    RecordsOptions,
): Record<string, unknown> {
  const year = today.slice(0, 4);
  const [from, to] = window === "all"
    ? [null, null]
    : window === "year"
    ? [`${year}-01-01`, `${year}-12-31`]
    : [
      COUNTED_DAYS.filter((day) => day <= today)
        .at(-7 * parseInt(window))!,
      today,
    ];
  const inside = inOrder(
    activities.filter((a) =>
      dayOf(a) >= (from ?? "0") &&
      dayOf(a) <= (window === "all" ? "9999-12-31" : today)
    ),
  );
  const sports = new Set(["run", "ride", "swim", ...sportsOf(inside)]);
  const records: Record<string, unknown> = {};
  for (const sport of sports) {
    const own = inside.filter((a) => sportOf(a) === sport);
    const best = {
      ...expectBest(own, MIN_DISTANCES[sport] ?? [5000, 10_000]),
      biggest_day: expectBiggest(own, metric, (date) => date),
      biggest_week: expectBiggest(
        own,
        metric,
        (date) => weekOf(date, week),
        WEEKS[week],
      ),
      biggest_month: expectBiggest(own, metric, (date) => date.slice(0, 7)),
      biggest_year: expectBiggest(own, metric, (date) => date.slice(0, 4)),
    };
    const reason = Object.values(best).includes(null) ? "no_activity" : null;
    records[sport] = { ...best, metric, from, to, reason };
  }
  return records;
}

function expectBest(
  own: RawActivity[],
  distances: readonly number[],
): Record<string, unknown> {
  const best = (
    valueOf: (activity: RawActivity) => number,
    list = own,
  ): { value: number; date: string; activity: unknown } | null => {
    const greatest = Math.max(0, ...list.map(valueOf));
    const first = list.find((a) => greatest > 0 && valueOf(a) === greatest);
    return first
      ? { value: greatest, date: dayOf(first), activity: nameOf(first) }
      : null;
  };
  const moved = own.filter((a) => a.distance > 0 && a.moving_time > 0);
  return {
    longest_distance: best((a) => a.distance),
    longest_time: best((a) => a.moving_time),
    most_climbing: best((a) => a.total_elevation_gain),
    fastest: distances.map((min_distance) => {
      const far = moved.filter((a) => a.distance >= min_distance);
      const found = best((a) => a.distance / a.moving_time, far);
      return {
        min_distance,
        speed: found && Math.round(found.value * 1000) / 1000,
        activity: found && found.activity,
        reason: found ? null : moved.length > 0 ? "too_short" : "no_activity",
      };
    }),
  };
}

function expectBiggest(
  own: RawActivity[],
  metric: Measure,
  periodOf: (date: string) => string,
  weeks = WEEKS.monday,
): unknown {
  const periods = [...new Set(own.map((a) => periodOf(dayOf(a))))];
  const sums = periods.map((period) => ({
    period,
    value: totalOf(own.filter((a) => periodOf(dayOf(a)) === period))[metric],
  }));
  const value = Math.max(0, ...sums.map((sum) => sum.value));
  const first = sums.find((sum) => value > 0 && sum.value === value);
  if (!first) return null;
  const { period } = first;
  const date = period.includes("W")
    ? [...weeks].find(([, week]) => week === period)![0]
    : (period + "-01-01").slice(0, 10);
  return { value, date, period };
}
