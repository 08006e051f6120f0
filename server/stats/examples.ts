/**
 * Examples of statistics for the document, where fields must agree with each other. They replace
 * values of the example that the schemas give.
 */

const HALF_MARATHON = {
  id: 13987654321,
  name: "Half marathon, at last",
  date: "2025-04-06",
};
const MORNING_RUN = {
  id: 16543210987,
  name: "Morning Run",
  date: "2025-12-06",
};

const THIS_MONTH = toTotal(4, 41820.2, 12040, 410.5);
const YTD = {
  run: toTotal(143, 1482310.4, 421870, 14211.5),
  ride: toTotal(61, 2904551.9, 412044, 30122),
};

export const YTD_EXAMPLE = { data: YTD };

export const YEARLY_EXAMPLE = { data: { "2025": { Run: YTD.run } } };

export const LONG_RIDE_EXAMPLE = {
  id: 15201987654,
  name: "Round the lake",
  type: "Ride",
  sport_type: "GravelRide",
  distance: 121480.6,
  moving_time: 16834,
  elapsed_time: 20311,
  total_elevation_gain: 1312,
  start_date: "2025-07-19T06:12:40Z",
  start_date_local: "2025-07-19T08:12:40",
  utc_offset: 7200,
  average_speed: 7.216,
  max_speed: 16.9,
  heart_rate: { average: null, max: null },
  gear_id: "b8812345",
  workout_type: 10,
};

export const RECORDS_EXAMPLE = {
  data: {
    run: {
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
          min_distance: 42195,
          speed: null,
          activity: null,
          reason: "too_short",
        },
      ],
      biggest_day: { value: 21241.3, date: "2025-04-06", period: "2025-04-06" },
      biggest_week: { value: 61204.8, date: "2025-03-31", period: "2025-W14" },
      biggest_month: { value: 201377.8, date: "2025-04-01", period: "2025-04" },
      biggest_year: { value: 1482310.4, date: "2025-01-01", period: "2025" },
      from: null,
      to: null,
    },
  },
};

export const EDDINGTON_EXAMPLE = {
  data: {
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
};

const STREAKS = {
  day: {
    longest: { length: 9, start: "2025-07-01", end: "2025-07-09" },
    current: { length: 2, start: "2025-12-05", end: "2025-12-06" },
  },
  week: {
    longest: { length: 31, start: "2025-05-05", end: "2025-12-07" },
    current: { length: 31, start: "2025-05-05", end: "2025-12-07" },
  },
  month: {
    longest: { length: 10, start: "2025-03-01", end: "2025-12-31" },
    current: { length: 10, start: "2025-03-01", end: "2025-12-31" },
  },
};

export const STREAKS_EXAMPLE = { data: STREAKS };

export const CUMULATIVE_EXAMPLE = {
  data: {
    days: ["01-01", "01-02", "01-03"],
    years: { "2025": [0, 10234.5, null] },
  },
};

export const DISTRIBUTION_EXAMPLE = {
  data: {
    weekdays: [{ weekday: 6, ...toTotal(31, 482310.4, 121870, 4211.5) }],
    hours: [{ hour: 8, ...toTotal(29, 441201.1, 112044, 4011.5) }],
    unknown_hour: toTotal(2, 41109.3, 9826, 200),
    sports: [{
      sport: "run",
      ...toTotal(31, 482310.4, 121870, 4211.5),
      band_width: 5000,
      bands: [
        { from: 10000, to: 15000, ...toTotal(27, 321107.2, 84120, 3104.5) },
        { from: 20000, to: 25000, ...toTotal(4, 161203.2, 37750, 1107) },
      ],
    }],
  },
};

export const MILESTONES_EXAMPLE = {
  data: {
    distance_km: toMilestones(1000, 1482.3, [2000, 517.7]),
    distance_mi: toMilestones(500, 921, [1000, 79]),
    moving_time_hours: toMilestones(100, 117.1, [200, 82.9]),
    elevation_gain_m: toMilestones(10000, 14211.5, [20000, 5788.5]),
    count: toMilestones(100, 143, [200, 57]),
  },
};

export const COMPARE_EXAMPLE = {
  data: {
    current: {
      from: "2025-01-01",
      to: "2025-12-06",
      days: 340,
      total: YTD.run,
    },
    base: {
      from: "2024-01-01",
      to: "2024-12-06",
      days: 341,
      total: toTotal(125, 1482310.4, 431870, 0),
    },
    change: {
      count: { difference: 18, percent: 14.4 },
      distance: { difference: 0, percent: 0 },
      moving_time: { difference: -10000, percent: -2.315512 },
      elevation_gain: {
        difference: 14211.5,
        percent: null,
        reason: "base_is_zero",
      },
    },
  },
};

export const OVERVIEW_EXAMPLE = {
  data: {
    ytd: { ...YTD, swim: toTotal(0, 0, 0, 0) },
    this_week: {
      from: "2025-12-01",
      to: "2025-12-07",
      days: 7,
      total: THIS_MONTH,
    },
    this_month: {
      from: "2025-12-01",
      to: "2025-12-31",
      days: 31,
      total: THIS_MONTH,
    },
    last_12_months: [
      { month: "2025-12", total: THIS_MONTH },
      { month: "2025-11", total: toTotal(17, 201377.8, 61022, 2204.1) },
    ],
    streaks: STREAKS,
    next_milestones: {
      distance_km: { value: 50000, remaining: 27639.6 },
      distance_mi: { value: 20000, remaining: 6105.8 },
      moving_time_hours: { value: 2000, remaining: 768.2 },
      elevation_gain_m: { value: 500000, remaining: 268765.6 },
      count: { value: 2000, remaining: 868 },
    },
  },
};

function toTotal(
  count: number,
  distance: number,
  moving_time: number,
  elevation_gain: number,
) {
  return { count, distance, moving_time, elevation_gain };
}

function toRecord(value: number, activity: typeof MORNING_RUN) {
  return { value, date: activity.date, activity };
}

function toEddington(value: number, daysNeeded: number) {
  return { value, next: { value: value + 1, days_needed: daysNeeded } };
}

function toMilestones(
  value: number,
  total: number,
  [next, remaining]: [number, number],
) {
  const { date } = MORNING_RUN;
  return {
    total,
    reached: [{ value, date, activity: MORNING_RUN, reason: null }],
    next: { value: next, remaining },
  };
}
