import type { inferRouterOutputs } from "@trpc/server";
import { Instant } from "../db/client.ts";
import type { AppRouter } from "./router.ts";

type Outputs = inferRouterOutputs<AppRouter>["stats"];
type RecordSet = Outputs["records"]["data"][number]["all_time"];
type Activity = NonNullable<RecordSet["longest_time"]["activity"]>;

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

const ALL_TIME: RecordSet = {
  from: null,
  to: null,
  longest_distance: { value: 21241.3, activity: HALF_MARATHON, reason: null },
  longest_time: { value: 6543, activity: HALF_MARATHON, reason: null },
  most_climbing: { value: 612.4, activity: MORNING_RUN, reason: null },
  fastest: { value: 3.514, activity: MORNING_RUN, reason: null },
  biggest_day: toPeriods("2025-04-06", [21241.3, 6543, 612.4]),
  biggest_week: toPeriods("2025-W14", [61204.8, 19822, 1104]),
  biggest_month: toPeriods("2025-04", [201377.8, 61022, 3204.1]),
  biggest_year: toPeriods("2025", [1482310.4, 421870, 14211.5]),
};

const LAST_4_WEEKS: RecordSet = {
  ...ALL_TIME,
  from: "2025-11-09",
  to: "2025-12-06",
  longest_distance: { value: 4890.2, activity: MORNING_RUN, reason: null },
  longest_time: { value: 1560, activity: MORNING_RUN, reason: null },
  fastest: { value: null, activity: null, reason: "too_short" },
  biggest_day: toPeriods("2025-12-06", [4890.2, 1560, 612.4]),
  biggest_week: toPeriods("2025-W49", [4890.2, 1560, 612.4]),
  biggest_month: toPeriods("2025-12", [4890.2, 1560, 612.4]),
  biggest_year: toPeriods("2025", [4890.2, 1560, 612.4]),
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
    data: [{
      sport: "run",
      min_distance: 5000,
      all_time: ALL_TIME,
      this_year: { ...ALL_TIME, from: "2025-01-01", to: "2025-12-31" },
      last_4_weeks: LAST_4_WEEKS,
      last_12_weeks: { ...LAST_4_WEEKS, from: "2025-09-14" },
      last_26_weeks: { ...LAST_4_WEEKS, from: "2025-06-08" },
      last_52_weeks: { ...ALL_TIME, from: "2024-12-08", to: "2025-12-06" },
    }],
    fetched_at: FETCHED_AT,
  },
  eddington: {
    type: "eddington",
    data: [{
      sport: "ride",
      km: {
        number: 2,
        days_to_next: 1,
        history: [
          { number: 1, date: "2025-04-05" },
          { number: 2, date: "2025-04-06" },
        ],
        years: [{ year: 2025, number: 2, days_to_next: 1 }],
      },
      mi: {
        number: 1,
        days_to_next: 1,
        history: [{ number: 1, date: "2025-04-05" }],
        years: [{ year: 2025, number: 1, days_to_next: 1 }],
      },
    }],
    fetched_at: FETCHED_AT,
  },
  streaks: {
    type: "streaks",
    data: {
      days: {
        longest: { length: 9, start: "2025-07-01", end: "2025-07-09" },
        current: { length: 2, start: "2025-12-05", end: "2025-12-06" },
        reason: null,
      },
      weeks: {
        longest: { length: 31, start: "2025-05-05", end: "2025-12-07" },
        current: { length: 31, start: "2025-05-05", end: "2025-12-07" },
        reason: null,
      },
      months: {
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
      quartiles: [1980, 3120, 5400],
      days: [
        toDay("2025-01-01", total(0, 0, 0, 0), 0),
        toDay("2025-01-02", total(1, 10234.5, 2912, 143.2), 2),
      ],
    },
    fetched_at: FETCHED_AT,
  },
  cumulative: {
    type: "cumulative",
    data: {
      days: ["01-01", "01-02", "01-03"],
      years: [{
        year: 2025,
        count: [0, 1, 1],
        distance: [0, 10234.5, 10234.5],
        moving_time: [0, 2912, 2912],
        elevation_gain: [0, 143.2, 143.2],
      }],
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

function toDay(
  date: string,
  sums: Outputs["ytd"]["data"]["run"],
  level: number,
): Outputs["calendar"]["data"]["days"][number] {
  return { date, ...sums, load: null, load_reason: "not_available", level };
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

function toPeriods(
  period: string,
  [distance, time, climbing]: [number, number, number],
): RecordSet["biggest_day"] {
  return {
    distance: { value: distance, period, reason: null },
    moving_time: { value: time, period, reason: null },
    elevation_gain: { value: climbing, period, reason: null },
  };
}
