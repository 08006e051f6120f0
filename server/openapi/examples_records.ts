import type { inferRouterOutputs } from "@trpc/server";
import { Instant } from "../../db/driver/client.ts";
import type { AppRouter } from "../router.ts";

type Outputs = inferRouterOutputs<AppRouter>["stats"];
type Records = Outputs["records"]["data"][string];
type Activity = NonNullable<Records["longest_time"]>["activity"];

const FETCHED_AT = new Instant("2025-12-06T09:00:04Z");

const MORNING_RUN: Activity = {
  id: 16543210987,
  name: "Morning Run",
  date: "2025-12-06",
};

const HALF_MARATHON: Activity = {
  id: 13987654321,
  name: "Half marathon, at last",
  date: "2025-04-06",
};

const RUNS: Records = {
  longest_distance: toRecord(21241.3, HALF_MARATHON),
  longest_time: toRecord(6543, HALF_MARATHON),
  most_climbing: toRecord(612.4, MORNING_RUN),
  fastest: [
    {
      min_distance: 5000,
      speed: 3.514,
      activity: MORNING_RUN,
      reason: null,
    },
    {
      min_distance: 21097.5,
      speed: 3.246,
      activity: HALF_MARATHON,
      reason: null,
    },
    { min_distance: 42195, speed: null, activity: null, reason: "too_short" },
  ],
  biggest_day: { value: 21241.3, date: "2025-04-06", period: "2025-04-06" },
  biggest_week: { value: 61204.8, date: "2025-03-31", period: "2025-W14" },
  biggest_month: { value: 201377.8, date: "2025-04-01", period: "2025-04" },
  biggest_year: { value: 1482310.4, date: "2025-01-01", period: "2025" },
  metric: "distance",
  from: null,
  to: null,
  reason: null,
};

/** What the procedures of `stats_records.ts` answer to a good request. */
export const RECORDS_EXAMPLES: Pick<
  Outputs,
  | "records"
  | "eddington"
  | "streaks"
  | "calendar"
  | "cumulative"
  | "distribution"
  | "milestones"
> = {
  records: {
    type: "records",
    data: { run: RUNS },
    fetched_at: FETCHED_AT,
  },
  eddington: {
    type: "eddington",
    data: {
      unit: "km",
      ...toEddington(2, 1),
      history: [
        { value: 1, date: "2025-04-05" },
        { value: 2, date: "2025-04-06" },
      ],
      years: [{ year: 2025, ...toEddington(2, 1) }],
      sports: [
        { sport: "run", ...toEddington(1, 2) },
        { sport: "ride", ...toEddington(2, 2) },
      ],
    },
    fetched_at: FETCHED_AT,
  },
  streaks: {
    type: "streaks",
    data: {
      day: {
        longest: { length: 9, start: "2025-07-01", end: "2025-07-09" },
        current: { length: 2, start: "2025-12-05", end: "2025-12-06" },
        reason: null,
      },
      week: {
        longest: { length: 31, start: "2025-05-05", end: "2025-12-07" },
        current: { length: 31, start: "2025-05-05", end: "2025-12-07" },
        reason: null,
      },
      month: {
        longest: { length: 10, start: "2025-03-01", end: "2025-12-31" },
        current: { length: 10, start: "2025-03-01", end: "2025-12-31" },
        reason: null,
      },
    },
    fetched_at: FETCHED_AT,
  },
  calendar: {
    type: "calendar",
    data: {
      year: 2025,
      days: [
        {
          date: "2025-01-02",
          ...total(1, 10234.5, 2912, 143.2),
          load: 87,
          load_source: "suffer_score",
          level: 2,
        },
      ],
      quartiles: [1980, 3120, 5400],
    },
    fetched_at: FETCHED_AT,
  },
  cumulative: {
    type: "cumulative",
    data: {
      metric: "distance",
      days: ["01-01", "01-02", "01-03"],
      years: { "2025": [0, 10234.5, null] },
    },
    fetched_at: FETCHED_AT,
  },
  distribution: {
    type: "distribution",
    data: {
      weekdays: [{ weekday: 6, ...total(31, 482310.4, 121870, 4211.5) }],
      hours: [{ hour: 8, ...total(29, 441201.1, 112044, 4011.5) }],
      unknown_hour: total(2, 41109.3, 9826, 200),
      sports: [{
        sport: "run",
        ...total(31, 482310.4, 121870, 4211.5),
        band_width: 5000,
        bands: [
          { from: 10000, to: 15000, ...total(27, 321107.2, 84120, 3104.5) },
          { from: 20000, to: 25000, ...total(4, 161203.2, 37750, 1107) },
        ],
      }],
    },
    fetched_at: FETCHED_AT,
  },
  milestones: {
    type: "milestones",
    data: {
      distance_km: toMilestones(1000, 1482.3, [2000, 517.7]),
      distance_mi: toMilestones(500, 921, [1000, 79]),
      moving_time_hours: toMilestones(100, 117.1, [200, 82.9]),
      elevation_gain_m: toMilestones(10000, 14211.5, [20000, 5788.5]),
      count: toMilestones(100, 143, [200, 57]),
    },
    fetched_at: FETCHED_AT,
  },
};

function total(
  count: number,
  distance: number,
  moving_time: number,
  elevation_gain: number,
): Outputs["ytd"]["data"]["run"] {
  return { count, distance, moving_time, elevation_gain };
}

/** A number, and how many days the next one needs. */
export function toEddington(
  value: number,
  days_needed: number,
): Pick<Outputs["eddington"]["data"], "value" | "next"> {
  return { value, next: { value: value + 1, days_needed } };
}

function toMilestones(
  value: number,
  total: number,
  [next, remaining]: [number, number],
): Outputs["milestones"]["data"]["count"] {
  const step = { value, date: MORNING_RUN.date, activity: MORNING_RUN };
  return {
    total,
    reached: [{ ...step, reason: null }],
    next: { value: next, remaining },
  };
}

function toRecord(
  value: number,
  activity: Activity,
): NonNullable<Records["longest_time"]> {
  return { value, date: activity.date, activity };
}
