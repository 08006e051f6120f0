/**
 * Plain counts over what Strava sent, for statistics to be compared with: slow, with loops over every
 * day, and nothing shared with the code under test.
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

/** Run, ride, swim, then others by name. */
export function sportsOf(activities: readonly RawActivity[]): string[] {
  const names = [...new Set(activities.map(sportOf))];
  const groups = Object.keys(GROUPS).filter((name) => names.includes(name));
  return [
    ...groups,
    ...names.filter((name) => !groups.includes(name)).sort(),
  ];
}

/** The day after, by the calendar's own rules. */
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

/** Every day from one to another, both included. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = nextDay(day)) days.push(day);
  return days;
}

/** The ISO week of every day from 2017 on, counted on from the Monday that began 2017-W01. */
const WEEKS: ReadonlyMap<string, string> = countWeeks();

function countWeeks(): Map<string, string> {
  const weeks = new Map<string, string>();
  let day = "2017-01-02";
  while (day < "2030") {
    const week: string[] = [];
    for (let count = 0; count < 7; count++, day = nextDay(day)) week.push(day);
    // The week's year is that of most of its days.
    const year = week[3]!.slice(0, 4);
    const before = [...new Set(weeks.values())].filter((name) =>
      name.startsWith(year)
    );
    const name = `${year}-W${String(before.length + 1).padStart(2, "0")}`;
    for (const date of week) weeks.set(date, name);
  }
  return weeks;
}

export function weekOf(date: string): string {
  return WEEKS.get(date)!;
}

/** Monday 1 to Sunday 7. */
export function weekdayOf(date: string): number {
  const week = weekOf(date);
  return [...WEEKS].filter(([, name]) => name === week)
    .findIndex(([day]) => day === date) + 1;
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

const LEAST: Record<string, number> = { run: 5000, ride: 20_000, swim: 400 };

/** The records of each sport, as the answer has them. */
export function expectRecords(
  activities: readonly RawActivity[],
  { today, isVisible }: {
    today: string;
    isVisible: (activity: RawActivity) => boolean;
  },
): unknown[] {
  const year = today.slice(0, 4);
  return sportsOf(activities).map((sport) => {
    const own = inOrder(activities.filter((a) => sportOf(a) === sport));
    const least = LEAST[sport] ?? 5000;
    const inWindow = (from: string | null, to: string | null): unknown => {
      const inside = own.filter((a) =>
        dayOf(a) >= (from ?? "0") && dayOf(a) <= (to ?? "9999-12-31")
      );
      return {
        from,
        to,
        ...expectBest(inside.filter(isVisible), least),
        biggest_day: expectBiggest(inside, (date) => date),
        biggest_week: expectBiggest(inside, weekOf),
        biggest_month: expectBiggest(inside, (date) => date.slice(0, 7)),
        biggest_year: expectBiggest(inside, (date) => date.slice(0, 4)),
      };
    };
    const lastWeeks = (weeks: number): unknown => {
      const days = daysBetween("2020-01-01", today);
      return inWindow(days.at(-7 * weeks)!, today);
    };
    return {
      sport,
      min_distance: least,
      all_time: inWindow(null, null),
      this_year: inWindow(`${year}-01-01`, `${year}-12-31`),
      last_4_weeks: lastWeeks(4),
      last_12_weeks: lastWeeks(12),
      last_26_weeks: lastWeeks(26),
      last_52_weeks: lastWeeks(52),
    };
  });
}

function expectBest(
  own: RawActivity[],
  least: number,
): Record<string, unknown> {
  const best = (
    valueOf: (activity: RawActivity) => number,
    list = own,
  ): { value: number | null; activity: unknown; reason: string | null } => {
    const greatest = Math.max(0, ...list.map(valueOf));
    const first = list.find((a) => greatest > 0 && valueOf(a) === greatest);
    return first
      ? { value: greatest, activity: nameOf(first), reason: null }
      : { value: null, activity: null, reason: "no_activity" };
  };
  const moved = own.filter((a) => a.distance > 0 && a.moving_time > 0);
  const fastest = best(
    (a) => a.distance / a.moving_time,
    moved.filter((a) => a.distance >= least),
  );
  if (fastest.value !== null) fastest.value = Number(fastest.value.toFixed(3));
  else if (moved.length > 0) fastest.reason = "too_short";
  return {
    longest_distance: best((a) => a.distance),
    longest_time: best((a) => a.moving_time),
    most_climbing: best((a) => a.total_elevation_gain),
    fastest,
  };
}

function expectBiggest(
  own: RawActivity[],
  periodOf: (date: string) => string,
): unknown {
  const periods = [...new Set(own.map((a) => periodOf(dayOf(a))))];
  const sums = periods.map((period) => ({
    period,
    total: totalOf(own.filter((a) => periodOf(dayOf(a)) === period)),
  }));
  const by = (measure: "distance" | "moving_time" | "elevation_gain") => {
    const value = Math.max(0, ...sums.map(({ total }) => total[measure]));
    const first = sums.find(({ total }) =>
      value > 0 && total[measure] === value
    );
    return first
      ? { value, period: first.period, reason: null }
      : { value: null, period: null, reason: "no_activity" };
  };
  return {
    distance: by("distance"),
    moving_time: by("moving_time"),
    elevation_gain: by("elevation_gain"),
  };
}
