/**
 * Plain loops over the activities that Strava sent, for the statistics of totals. They share nothing
 * with the code under test.
 */
import { createActivity } from "../../strava_simulator/fixtures.ts";
import type { SummaryActivity } from "../../strava_simulator/types.ts";
import { ATHLETE_ID } from "./app.ts";

/** Creates an activity that starts at this wall clock, in a zone this many hours ahead of UTC. */
export function createAt(
  local: string,
  { hours = 0, zone, ...rest }:
    & { hours?: number; zone?: string; id: number }
    & Partial<Record<keyof SummaryActivity, unknown>>,
): SummaryActivity {
  const start = new Date(Date.parse(`${local}Z`) - hours * 3_600_000);
  const activity = createActivity({ id: rest.id }, ATHLETE_ID);
  return {
    ...activity,
    start_date: start.toISOString().replace(".000", ""),
    start_date_local: `${local}Z`,
    utc_offset: hours * 3600,
    timezone: zone === undefined ? null : `(GMT+00:00) ${zone}`,
    ...rest,
  } as SummaryActivity;
}

export const SYDNEY = { hours: 11, zone: "Australia/Sydney" };
export const LOS_ANGELES = { hours: -8, zone: "America/Los_Angeles" };

/** Activities that real histories rarely contain. */
export const EDGES: SummaryActivity[] = [
  createAt("2025-12-31T23:30:00", { id: 1, ...LOS_ANGELES, distance: 5000.5 }),
  createAt("2026-01-01T00:30:00", { id: 2, ...SYDNEY, distance: 7000.1 }),
  createAt("2024-02-29T23:59:59", { id: 3, distance: 0.1, sport_type: "Walk" }),
  createAt("2024-03-01T00:00:00", { id: 4, distance: 0.2, sport_type: "Walk" }),
  createAt("2026-05-05T10:00:00", {
    id: 5,
    sport_type: "Quidditch",
    type: null,
  }),
  createAt("2026-05-06T10:00:00", {
    id: 6,
    sport_type: "Quidditch",
    type: "Workout",
  }),
  createAt("2026-05-07T10:00:00", {
    id: 7,
    visibility: "only_me",
    private: true,
    distance: 90_000.4,
  }),
  createAt("2026-05-08T10:00:00", {
    id: 8,
    sport_type: "Ride",
    type: "Ride",
    distance: 0,
  }),
  createAt("2025-06-01T08:00:00", { id: 9, distance: 21_097.5 }),
  createAt("2025-06-02T08:00:00", { id: 10, distance: 21_097.5 }),
  createAt("2025-06-02T08:00:00", { id: 11, distance: 21_097.5 }),
  createAt("2025-07-01T08:00:00", {
    id: 12,
    sport_type: "TrailRun",
    type: undefined,
  }),
  createAt("2021-07-01T08:00:00", {
    id: 13,
    sport_type: undefined,
    type: "Run",
  }),
  createAt("2026-03-01T00:00:01", { id: 14, hours: 1, zone: "Europe/Berlin" }),
  createAt("2025-10-26T02:30:00", {
    id: 15,
    hours: 2,
    sport_type: "Handcycle",
    type: "Handcycle",
  }),
  createAt("2025-10-26T02:30:00", {
    id: 16,
    hours: 1,
    sport_type: "EMountainBikeRide",
    type: "EBikeRide",
  }),
  createAt("2026-02-28T23:59:59", {
    id: 17,
    distance: null,
    moving_time: null,
    total_elevation_gain: null,
  }),
  createAt("2026-04-01T06:00:00", {
    id: 18,
    sport_type: "Velomobile",
    type: "Velomobile",
    visibility: "followers_only",
    distance: 60_000,
  }),
  createAt("2025-12-01T00:00:00", { id: 19, sport_type: "Swim", type: "Swim" }),
  createAt("2025-11-30T23:59:59", { id: 20, sport_type: "Swim", type: "Swim" }),
  createAt("2026-06-06T06:00:00", {
    id: 9_007_199_254_740_991,
    distance: 0.3,
    total_elevation_gain: 0.7,
  }),
];

export const RUNS = ["Run", "TrailRun", "VirtualRun"];
export const RIDES = [
  "EBikeRide",
  "EMountainBikeRide",
  "GravelRide",
  "Handcycle",
  "MountainBikeRide",
  "Ride",
  "Velomobile",
  "VirtualRide",
];

export const toLocalDay = (activity: SummaryActivity): string =>
  activity.start_date_local.slice(0, 10);

const sportOf = (activity: SummaryActivity): string =>
  activity.sport_type || activity.type;

const typeOf = (activity: SummaryActivity): string =>
  activity.type ||
  (activity.sport_type === "TrailRun" ? "Run" : activity.sport_type);

export interface Total {
  count: number;
  distance: number;
  moving_time: number;
  elevation_gain: number;
}

export function expectTotal(activities: readonly SummaryActivity[]): Total {
  let [tenths, seconds, gain] = [0, 0, 0];
  for (const activity of activities) {
    tenths += Math.round((activity.distance ?? 0) * 10);
    seconds += activity.moving_time ?? 0;
    gain += Math.round((activity.total_elevation_gain ?? 0) * 10);
  }
  return {
    count: activities.length,
    distance: tenths / 10,
    moving_time: seconds,
    elevation_gain: gain / 10,
  };
}

function expectTotalsBy(
  activities: readonly SummaryActivity[],
  keyOf: (activity: SummaryActivity) => string,
): Record<string, Total> {
  const keys = [...new Set(activities.map(keyOf))];
  return Object.fromEntries(
    keys.map((
      key,
    ) => [key, expectTotal(activities.filter((a) => keyOf(a) === key))]),
  );
}

function expectYearsBy(
  activities: readonly SummaryActivity[],
  keyOf: (activity: SummaryActivity) => string,
): Record<string, Record<string, Total>> {
  const years = [...new Set(activities.map((a) => toLocalDay(a).slice(0, 4)))];
  return Object.fromEntries(
    years.map((year) => [
      year,
      expectTotalsBy(
        activities.filter((a) => toLocalDay(a).startsWith(year)),
        keyOf,
      ),
    ]),
  );
}

/** Lists the 12 months up to this one, such as "2026-11", newest first. */
export function listMonthsUpTo(month: string): string[] {
  let [year, number] = month.split("-").map(Number) as [number, number];
  const months: string[] = [];
  while (months.length < 12) {
    months.push(`${year}-${String(number).padStart(2, "0")}`);
    number--;
    if (number === 0) [year, number] = [year - 1, 12];
  }
  return months;
}

function compareNewestFirst(a: SummaryActivity, b: SummaryActivity): number {
  return Date.parse(b.start_date) - Date.parse(a.start_date) || b.id - a.id;
}

export function findLongest(
  activities: readonly SummaryActivity[],
  { sports, year }: { sports: string[]; year: string },
): SummaryActivity | undefined {
  return activities
    .filter((a) =>
      toLocalDay(a).startsWith(year) && sports.includes(sportOf(a))
    )
    .sort((a, b) =>
      (b.distance ?? 0) - (a.distance ?? 0) || compareNewestFirst(a, b)
    )[0];
}

export const SYNCED_AT = "2026-11-20T12:02:00Z";

/** Expects every statistic of totals with the key, by its REST path. */
export function expectAll(
  activities: readonly SummaryActivity[],
  month: string,
): Record<string, unknown> {
  const year = month.slice(0, 4);
  const thisYear = activities.filter((a) => toLocalDay(a).startsWith(year));
  const statistic = (type: string, data: unknown): unknown => ({
    type,
    data,
    fetched_at: SYNCED_AT,
    counts: "all",
  });
  const recent = [...activities].sort(compareNewestFirst).slice(0, 30).map((
    a,
  ) => ({
    id: a.id,
    name: a.name,
    type: typeOf(a),
    distance: a.distance ?? 0,
    moving_time: a.moving_time ?? 0,
    elevation_gain: a.total_elevation_gain ?? 0,
    start_date: a.start_date,
  }));
  return {
    "ytd": statistic("ytd", {
      run: expectTotal(thisYear.filter((a) => RUNS.includes(sportOf(a)))),
      ride: expectTotal(thisYear.filter((a) => RIDES.includes(sportOf(a)))),
      swim: expectTotal(thisYear.filter((a) => sportOf(a) === "Swim")),
      other: expectTotal(
        thisYear.filter((a) =>
          ![...RUNS, ...RIDES, "Swim"].includes(sportOf(a))
        ),
      ),
    }),
    "monthly": statistic(
      "monthly",
      Object.fromEntries(
        listMonthsUpTo(month).map((each) => [
          each,
          expectTotal(activities.filter((a) => toLocalDay(a).startsWith(each))),
        ]),
      ),
    ),
    "activities": statistic("recent_activities", recent),
    "totals": statistic("all_time_totals", expectTotalsBy(activities, typeOf)),
    "totals?by=sport_type": statistic(
      "all_time_totals",
      expectTotalsBy(activities, sportOf),
    ),
    "yearly": statistic("yearly_stats", expectYearsBy(activities, typeOf)),
    "yearly?by=sport_type": statistic(
      "yearly_stats",
      expectYearsBy(activities, sportOf),
    ),
  };
}
