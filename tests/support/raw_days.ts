import type { DayTotal } from "../../server/stats/compute/sums.ts";
import type {
  ActivityMetrics,
  TimedMetrics,
} from "../../db/activity_metrics.ts";
import type { EddingtonRow } from "../../server/stats/compute/eddington.ts";

/** The fields of an activity that a plain count needs, named as in Strava's JSON. */
export interface RawActivity {
  id: number;
  name: string;
  type: string;
  sport_type: string;
  start_date: string;
  start_date_local: string;
  utc_offset: number;
  distance: number;
  moving_time: number;
  total_elevation_gain: number;
  visibility: string;
}

let nextId = 1;

/** Creates an activity that starts at this wall clock: 1 km in 5 minutes by default. */
export function createRaw(
  startDateLocal: string,
  fields: Partial<RawActivity> = {},
): RawActivity {
  const { utc_offset = 0 } = fields;
  const start = Date.parse(`${startDateLocal}Z`) - utc_offset * 1000;
  const id = fields.id ?? nextId++;
  return {
    id,
    name: `Number ${id}`,
    type: fields.sport_type ?? "Run",
    sport_type: "Run",
    start_date: new Date(start).toISOString().replace(".000", ""),
    start_date_local: `${startDateLocal}Z`,
    utc_offset,
    distance: 1000,
    moving_time: 300,
    total_elevation_gain: 10,
    visibility: "everyone",
    ...fields,
  };
}

/** Converts activities to rows as a query returns them, in the order of the wall clock. */
export function toMetrics(
  activities: readonly RawActivity[],
): (ActivityMetrics & TimedMetrics)[] {
  return inOrder(activities).map((activity) => ({
    id: activity.id,
    sportType: activity.sport_type,
    date: activity.start_date_local.slice(0, 10),
    time: Date.parse(`1970-01-01T${activity.start_date_local.slice(11)}`) /
      1000,
    distance: activity.distance,
    movingTime: activity.moving_time,
    elevationGain: activity.total_elevation_gain,
  }));
}

/** Sorts activities by wall clock, and by id within the same second. */
export function inOrder(activities: readonly RawActivity[]): RawActivity[] {
  return [...activities].sort((a, b) =>
    a.start_date_local === b.start_date_local
      ? a.id - b.id
      : a.start_date_local < b.start_date_local
      ? -1
      : 1
  );
}

/** Creates a generator of random numbers of at least 0 and less than 1 from a seed (mulberry32). */
export function createRandomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

const SPORTS = [
  "Run",
  "Run",
  "TrailRun",
  "Ride",
  "Ride",
  "GravelRide",
  "Swim",
  "Yoga",
  "Hike",
];
const TIMES = ["00:00:00", "00:00:01", "06:30:12", "12:00:00", "23:59:59"];
const EDGES = ["2023-12-31", "2024-01-01", "2024-02-29", "2024-03-01"];
const OFFSETS = [-39_600, -18_000, 0, 3600, 7200, 50_400];
const VISIBILITIES = ["everyone", "everyone", "followers_only", "only_me"];

/**
 * Creates random activities on days around the turns of years, months and weeks, some of them on the
 * same day.
 */
export function createRandomActivities(
  seed: number,
  count = 300,
): RawActivity[] {
  const dice = createRandomNumbers(seed);
  const pick = <T>(list: readonly T[]): T =>
    list[Math.floor(dice() * list.length)]!;
  const first = Date.UTC(2022, 11, 25) / 86_400_000;
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(
      (first + Math.floor(dice() ** 0.7 * 1430)) * 86_400_000,
    );
    const date = dice() < 0.1 ? pick(EDGES) : day.toISOString().slice(0, 10);
    const sport = pick(SPORTS);
    const isStill = sport === "Yoga" || dice() < 0.05;
    const scale = sport === "Swim" ? 3000 : sport.endsWith("Ride") ? 9e4 : 3e4;
    return createRaw(`${date}T${pick(TIMES)}`, {
      id: index * 7 + 1,
      sport_type: sport,
      type: sport === "TrailRun"
        ? "Run"
        : sport === "GravelRide"
        ? "Ride"
        : sport,
      utc_offset: pick(OFFSETS),
      distance: isStill ? 0 : Math.round(dice() * scale * 10) / 10,
      moving_time: dice() < 0.05 ? 0 : Math.round(dice() * 9000),
      total_elevation_gain: isStill ? 0 : Math.round(dice() * 9000) / 10,
      visibility: pick(VISIBILITIES),
    });
  });
}

/** Sums the activities of each local day, oldest first. */
export function toDays(activities: readonly RawActivity[]): DayTotal[] {
  const days = new Map<string, DayTotal>();
  for (const activity of inOrder(activities)) {
    const date = activity.start_date_local.slice(0, 10);
    const { count, distance, movingTime, elevationGain } = days.get(date) ??
      { count: 0, distance: 0, movingTime: 0, elevationGain: 0 };
    days.set(date, {
      date,
      count: count + 1,
      distance: Math.round((distance + activity.distance) * 10) / 10,
      movingTime: movingTime + activity.moving_time,
      elevationGain:
        Math.round((elevationGain + activity.total_elevation_gain) * 10) / 10,
    });
  }
  return [...days.values()];
}

/** Converts activities to distance rows, in the order of the wall clock. */
export function toDistances(
  activities: readonly RawActivity[],
): EddingtonRow[] {
  return inOrder(activities).map((activity) => ({
    date: activity.start_date_local.slice(0, 10),
    sportType: activity.sport_type,
    distance: activity.distance,
  }));
}
