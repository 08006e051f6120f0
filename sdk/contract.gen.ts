// Written by `deno task sdk:contract` from the server's procedures and their schemas.

import type { Mutation, Query, Subscription } from "./procedure.ts";

export interface RecordsInput {
  /** All time, the athlete's current local year, or the last 4, 12, 26 or 52 weeks of seven days, ending today */
  window?: "all" | "year" | "4w" | "12w" | "26w" | "52w" | undefined;
  /** Value that decides the biggest day, week, month and year: `distance` in metres, `moving_time` in seconds, or `elevation_gain` in metres */
  metric?: "distance" | "moving_time" | "elevation_gain" | undefined;
  /**
   * Minimum distance in metres for the fastest activity. Defaults to several distances, each with its own record
   * @example 10000
   */
  min_distance?: number | undefined;
  /**
   * A group (`run`, `ride` or `swim`, in lower case), or a `sport_type` in any case (`Run` does not include `TrailRun`). Defaults to all sports
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, inclusive
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** The records by sport */
export interface RecordsStatistic {
  type: "records";
  /** Records by sport: `run`, `ride`, `swim`, and every other sport in these days under its own name. With `sport`, only that sport */
  data: Record<string, SportRecords>;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** The records of one sport. On a tie the earlier activity keeps the record */
export interface SportRecords {
  /** The best among the activities that the caller can see */
  longest_distance: ActivityRecord | null;
  /** The best among the activities that the caller can see */
  longest_time: ActivityRecord | null;
  /** The best among the activities that the caller can see */
  most_climbing: ActivityRecord | null;
  /** Records by minimum distance, shortest first */
  fastest: Array<SpeedRecord>;
  /** The greatest sum of the activities that the caller can see */
  biggest_day: PeriodRecord | null;
  /** The greatest sum of the activities that the caller can see */
  biggest_week: PeriodRecord | null;
  /** The greatest sum of the activities that the caller can see */
  biggest_month: PeriodRecord | null;
  /** The greatest sum of the activities that the caller can see */
  biggest_year: PeriodRecord | null;
  /**
   * The requested metric of the biggest periods
   * @example "distance"
   */
  metric: "distance" | "moving_time" | "elevation_gain";
  /**
   * First local day. Null if there is no bound
   * @example "2025-11-09"
   */
  from: string | null;
  /**
   * Last local day, inclusive. Null if there is no bound
   * @example "2025-12-06"
   */
  to: string | null;
  /**
   * Why records are null: no activity in these days that the caller can see has the value
   * @example null
   */
  reason: "no_activity" | null;
}

/** The best among the activities that the caller can see */
export interface ActivityRecord {
  /**
   * Metres or seconds
   * @example 21097.5
   */
  value: number;
  /**
   * Local day of the activity
   * @example "2025-12-06"
   */
  date: string;
  /** An activity and its day */
  activity: NamedActivity;
}

/** An activity and its day */
export interface NamedActivity {
  /**
   * Strava's activity id
   * @example 16543210987
   */
  id: number;
  /**
   * Name that the athlete gave the activity
   * @example "Morning Run"
   */
  name: string;
  /**
   * Local day of the start
   * @example "2025-12-06"
   */
  date: string;
}

/** The fastest average speed over a minimum distance */
export interface SpeedRecord {
  /**
   * Minimum distance in metres
   * @example 5000
   */
  min_distance: number;
  /**
   * Metres per second of moving time. Null if there is no record
   * @example 3.514
   */
  speed: number | null;
  /** An activity and its day */
  activity: NamedActivity | null;
  /**
   * Why there is no record. `no_activity`: none that the caller can see has a distance and a time. `too_short`: all of them are too short
   * @example "too_short"
   */
  reason: "no_activity" | "too_short" | null;
}

/** The greatest sum of the activities that the caller can see */
export interface PeriodRecord {
  /**
   * Sum of `metric`, in metres or seconds
   * @example 84120.5
   */
  value: number;
  /**
   * First local day of the period
   * @example "2025-12-01"
   */
  date: string;
  /**
   * Local day (`2025-12-06`), ISO week (`2025-W49`), month (`2025-12`) or year (`2025`)
   * @example "2025-W49"
   */
  period: string;
}

export interface EddingtonInput {
  /** Kilometres, or international miles of 1609.344 m */
  unit?: "km" | "mi" | undefined;
  /**
   * A group (`run`, `ride` or `swim`, in lower case), or a `sport_type` in any case (`Run` does not include `TrailRun`). Defaults to all sports
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, inclusive
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Only days of this local year
   * @example 2025
   */
  year?: number | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** An Eddington number */
export interface EddingtonStatistic {
  type: "eddington";
  /** The greatest n for which at least n kilometres or miles were covered on at least n local days */
  data: Eddington;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** The greatest n for which at least n kilometres or miles were covered on at least n local days */
export interface Eddington {
  /**
   * The requested unit
   * @example "km"
   */
  unit: "km" | "mi";
  /**
   * The Eddington number: on at least this number of days, at least this number of kilometres or miles
   * @example 31
   */
  value: number;
  /** The next Eddington number */
  next: NextEddington;
  /** Days on which each number was reached, from 1 up */
  history: Array<EddingtonStep>;
  /** Numbers by year with activities, oldest first */
  years: Array<EddingtonYear>;
  /** Numbers by sport: run, ride, swim, then other sports by name */
  sports: Array<SportEddington>;
}

/** The next Eddington number */
export interface NextEddington {
  /**
   * The next number
   * @example 32
   */
  value: number;
  /**
   * Number of further days with at least this distance that it takes
   * @example 4
   */
  days_needed: number;
}

/** The day on which a number was reached */
export interface EddingtonStep {
  /**
   * The Eddington number: on at least this number of days, at least this number of kilometres or miles
   * @example 31
   */
  value: number;
  /**
   * Local day on which it was reached
   * @example "2025-10-12"
   */
  date: string;
}

/** The Eddington number of one local year */
export interface EddingtonYear {
  /**
   * Local year
   * @example 2025
   */
  year: number;
  /**
   * The Eddington number: on at least this number of days, at least this number of kilometres or miles
   * @example 31
   */
  value: number;
  /** The next Eddington number */
  next: NextEddington;
}

/** The Eddington number of one sport */
export interface SportEddington {
  /**
   * `run`, `ride`, `swim`, the name of another sport, or the requested sport
   * @example "ride"
   */
  sport: string;
  /**
   * The Eddington number: on at least this number of days, at least this number of kilometres or miles
   * @example 31
   */
  value: number;
  /** The next Eddington number */
  next: NextEddington;
}

export interface StreaksInput {
  /**
   * A group (`run`, `ride` or `swim`, in lower case), or a `sport_type` in any case (`Run` does not include `TrailRun`). Defaults to all sports
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, inclusive
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** The streaks of days, weeks and months */
export interface StreaksStatistic {
  type: "streaks";
  /** Streaks of local days, ISO weeks and calendar months */
  data: {
    /** The longest streak, the earliest one on a tie, and the current streak */
    day: Streaks;
    /** The longest streak, the earliest one on a tie, and the current streak */
    week: Streaks;
    /** The longest streak, the earliest one on a tie, and the current streak */
    month: Streaks;
  };
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** The longest streak, the earliest one on a tie, and the current streak */
export interface Streaks {
  /** Days, weeks or months in a row with an activity in each */
  longest: Streak | null;
  /** Days, weeks or months in a row with an activity in each */
  current: Streak | null;
  /**
   * Why `current` is null. `no_activity`: there is no activity. `ended`: the last streak ended before the previous day, week or month
   * @example "ended"
   */
  reason: "no_activity" | "ended" | null;
}

/** Days, weeks or months in a row with an activity in each */
export interface Streak {
  /**
   * Number of days, weeks or months
   * @example 9
   */
  length: number;
  /**
   * First local day of the first period
   * @example "2025-11-28"
   */
  start: string;
  /**
   * Last local day of the last period
   * @example "2025-12-06"
   */
  end: string;
}

export interface CalendarInput {
  /**
   * Local year. Defaults to the athlete's current year
   * @example 2025
   */
  year?: number | undefined;
  /**
   * A group (`run`, `ride` or `swim`, in lower case), or a `sport_type` in any case (`Run` does not include `TrailRun`). Defaults to all sports
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** A year day by day */
export interface CalendarStatistic {
  type: "calendar";
  data: {
    /**
     * Local year
     * @example 2025
     */
    year: number;
    /** Days with activities, oldest first */
    days: Array<CalendarDay>;
    /**
     * Quartiles of the daily moving time in seconds, over the days that have any. Above the first is level 2, above the last is level 4. Null if there is no such day
     * @example [1980,3120,5400]
     */
    quartiles: Array<number> | null;
  };
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** Sums of a local day */
export interface CalendarDay {
  /**
   * Number of activities
   * @example 12
   */
  count: number;
  /**
   * Metres
   * @example 123456.7
   */
  distance: number;
  /**
   * Seconds
   * @example 43210
   */
  moving_time: number;
  /**
   * Metres
   * @example 1234.5
   */
  elevation_gain: number;
  /**
   * Local day
   * @example "2025-12-06"
   */
  date: string;
  /**
   * Training load of the day's activities in points, as in `training-load`
   * @example 87
   */
  load: number;
  /**
   * Source of the load: Strava's `suffer_score`, the average `heart_rate`, an `estimate` by sport and time, or `mixed` if the day's activities differ
   * @example "suffer_score"
   */
  load_source: "suffer_score" | "heart_rate" | "estimate" | "mixed";
  /**
   * Shade for a heat map. 0: no moving time. 1 to 4: quartile of moving time in the year
   * @example 3
   */
  level: number;
}

export interface CumulativeInput {
  /** Value to add up: `distance` in metres, `moving_time` in seconds, `elevation_gain` in metres, or the `count` of activities */
  metric?: "distance" | "moving_time" | "elevation_gain" | "count" | undefined;
  /**
   * Number of years up to the athlete's current one. Defaults to the current year and every year with activities
   * @example 3
   */
  years?: number | undefined;
  /**
   * Comma-separated years, 1900 to 2199, at most 20. Cannot be combined with `years`
   * @example "2019,2025"
   */
  year_list?: string | undefined;
  /**
   * A group (`run`, `ride` or `swim`, in lower case), or a `sport_type` in any case (`Run` does not include `TrailRun`). Defaults to all sports
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** Cumulative sums by year */
export interface CumulativeStatistic {
  type: "cumulative";
  data: {
    /**
     * The requested metric
     * @example "distance"
     */
    metric: "distance" | "moving_time" | "elevation_gain" | "count";
    /** Month and day, `01-01` to `12-31`: 366 entries. In a common year `02-29` repeats the value of `02-28` */
    days: Array<string>;
    /** By local year: the sums from 1 January to each of `days`, null after the athlete's current day. JSON does not preserve the order of numeric keys, so sort them */
    years: Record<string, Array<number | null>>;
  };
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

export interface DistributionInput {
  /**
   * A group (`run`, `ride` or `swim`, in lower case), or a `sport_type` in any case (`Run` does not include `TrailRun`). Defaults to all sports
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, inclusive
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Width of a distance band in metres. Defaults to 5000, for rides 20000, for swims 1000
   * @example 10000
   */
  band_width?: number | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** Sums by weekday, hour, sport and distance */
export interface DistributionStatistic {
  type: "distribution";
  /** Sums by weekday, hour, sport and distance. `unknown_hour` has the activities whose start time Strava hides; they are not in `hours` */
  data: {
    /** Sums by weekday, Monday to Sunday */
    weekdays: Array<WeekdayTotal>;
    /** Sums by local hour, all 24 */
    hours: Array<HourTotal>;
    /** Sums over activities, including private ones */
    unknown_hour: Total;
    /** Sums by sport: run, ride, swim, then other sports by name */
    sports: Array<SportShare>;
  };
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** Sums of a weekday */
export interface WeekdayTotal {
  /**
   * Number of activities
   * @example 12
   */
  count: number;
  /**
   * Metres
   * @example 123456.7
   */
  distance: number;
  /**
   * Seconds
   * @example 43210
   */
  moving_time: number;
  /**
   * Metres
   * @example 1234.5
   */
  elevation_gain: number;
  /**
   * Weekday: 1 is Monday, 7 is Sunday
   * @example 6
   */
  weekday: number;
}

/** Sums of an hour of the local day */
export interface HourTotal {
  /**
   * Number of activities
   * @example 12
   */
  count: number;
  /**
   * Metres
   * @example 123456.7
   */
  distance: number;
  /**
   * Seconds
   * @example 43210
   */
  moving_time: number;
  /**
   * Metres
   * @example 1234.5
   */
  elevation_gain: number;
  /**
   * Local hour of the start, 0 to 23
   * @example 18
   */
  hour: number;
}

/** Sums over activities, including private ones */
export interface Total {
  /**
   * Number of activities
   * @example 12
   */
  count: number;
  /**
   * Metres
   * @example 123456.7
   */
  distance: number;
  /**
   * Seconds
   * @example 43210
   */
  moving_time: number;
  /**
   * Metres
   * @example 1234.5
   */
  elevation_gain: number;
}

/** Sums of a sport, with its distance bands */
export interface SportShare {
  /**
   * Number of activities
   * @example 12
   */
  count: number;
  /**
   * Metres
   * @example 123456.7
   */
  distance: number;
  /**
   * Seconds
   * @example 43210
   */
  moving_time: number;
  /**
   * Metres
   * @example 1234.5
   */
  elevation_gain: number;
  /**
   * `run`, `ride`, `swim`, the name of another sport, or the requested sport
   * @example "run"
   */
  sport: string;
  /**
   * Width of the bands in metres
   * @example 5000
   */
  band_width: number;
  /** Bands with activities, shortest distance first */
  bands: Array<DistanceBand>;
}

/** Sums of the activities in a distance band */
export interface DistanceBand {
  /**
   * Number of activities
   * @example 12
   */
  count: number;
  /**
   * Metres
   * @example 123456.7
   */
  distance: number;
  /**
   * Seconds
   * @example 43210
   */
  moving_time: number;
  /**
   * Metres
   * @example 1234.5
   */
  elevation_gain: number;
  /**
   * Lower bound in metres, inclusive
   * @example 10000
   */
  from: number;
  /**
   * Upper bound in metres, exclusive
   * @example 15000
   */
  to: number;
}

export interface MilestonesInput {
  /**
   * A group (`run`, `ride` or `swim`, in lower case), or a `sport_type` in any case (`Run` does not include `TrailRun`). Defaults to all sports
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, inclusive
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** The milestones of each sum */
export interface MilestonesStatistic {
  type: "milestones";
  /** Milestones by unit. They start at 10 kilometres, 10 miles, 10 hours, 100 metres of climbing and 1 activity */
  data: {
    /** Milestones of one sum: 1, 2 and 5 times a power of ten */
    distance_km: Milestones;
    /** Milestones of one sum: 1, 2 and 5 times a power of ten */
    distance_mi: Milestones;
    /** Milestones of one sum: 1, 2 and 5 times a power of ten */
    moving_time_hours: Milestones;
    /** Milestones of one sum: 1, 2 and 5 times a power of ten */
    elevation_gain_m: Milestones;
    /** Milestones of one sum: 1, 2 and 5 times a power of ten */
    count: Milestones;
  };
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** Milestones of one sum: 1, 2 and 5 times a power of ten */
export interface Milestones {
  /**
   * The sum in the unit of the list's name, rounded down to a tenth
   * @example 1482.3
   */
  total: number;
  /** Milestones that were reached, smallest first */
  reached: Array<Milestone>;
  /** The next round number */
  next: NextMilestone;
}

/** A round number, and the activity that reached it */
export interface Milestone {
  /**
   * Value in the unit of the list's name
   * @example 1000
   */
  value: number;
  /**
   * Local day on which it was reached. Null if the activity is hidden
   * @example "2025-12-06"
   */
  date: string | null;
  /** An activity and its day */
  activity: NamedActivity | null;
  /**
   * Why `date` and `activity` are null: the caller cannot see the activity
   * @example "hidden"
   */
  reason: "hidden" | null;
}

/** The next round number */
export interface NextMilestone {
  /**
   * Value in the unit of the list's name
   * @example 2000
   */
  value: number;
  /**
   * Remaining amount in the same unit, rounded up to a tenth
   * @example 517.7
   */
  remaining: number;
}

export interface TrainingLoadInput {
  /**
   * A group (`run`, `ride` or `swim`, in lower case), or a `sport_type` in any case (`Run` does not include `TrailRun`). Defaults to all sports
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, inclusive
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** The training load day by day */
export interface TrainingLoadStatistic {
  type: "training_load";
  data: {
    /**
     * Name and version of the formulas, see docs/statistics.md
     * @example "paceline-training-load/1"
     */
    formula: string;
    /**
     * Share (0 to 1) of the load in these days that is estimated by sport and time
     * @example 0.083
     */
    estimated_share: number | null;
    /**
     * Why `estimated_share` is null: these days have no load
     * @example null
     */
    estimated_share_reason: "no_load" | null;
    /** Days from the first activity to the athlete's current day, or the requested part of them, oldest first, including rest days */
    days: Array<TrainingDay>;
  };
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** The training load of a day */
export interface TrainingDay {
  /**
   * Local day
   * @example "2025-12-06"
   */
  date: string;
  /**
   * Load of the day's activities in points. 100 points are one hour at 85 % of the heart rate reserve, or Strava's Relative Effort. 0 on a rest day
   * @example 87
   */
  load: number;
  /**
   * Source of the load: Strava's `suffer_score`, the average `heart_rate`, an `estimate` by sport and time, or `mixed` if the day's activities differ. Null on a rest day
   * @example "suffer_score"
   */
  source: "suffer_score" | "heart_rate" | "estimate" | "mixed" | null;
  /**
   * Chronic training load (fitness): exponential average over 42 days, in points per day
   * @example 54.208113
   */
  ctl: number;
  /**
   * Acute training load (fatigue): exponential average over 7 days, in points per day
   * @example 61.730442
   */
  atl: number;
  /**
   * Training stress balance (form): CTL minus ATL of the previous day, in points per day
   * @example -3.104877
   */
  tsb: number;
  /**
   * Acute to chronic workload ratio: mean load of the last 7 days divided by that of the last 28 days
   * @example 1.138211
   */
  acwr: number | null;
  /**
   * Why `acwr` is null: fewer than 28 days since the first activity, or 28 days without load
   * @example null
   */
  acwr_reason: "too_little_history" | "no_load" | null;
  /**
   * Mean load of the last 7 days divided by its standard deviation (Foster 1998)
   * @example 1.411765
   */
  monotony: number | null;
  /**
   * Why `monotony` and `strain` are null: fewer than 7 days since the first activity, 7 days without load, or 7 days with equal loads
   * @example null
   */
  monotony_reason: "too_little_history" | "no_load" | "no_variation" | null;
  /**
   * Load of the last 7 days times monotony, in points (Foster 1998)
   * @example 610.058824
   */
  strain: number | null;
}

export interface GoalInput {
  /**
   * Value that counts
   * @example "distance"
   */
  metric: "distance" | "moving_time" | "elevation_gain" | "count";
  /**
   * Target, above 0: metres for `distance` and `elevation_gain`, seconds for `moving_time`, activities for `count`
   * @example 1000000
   */
  target: number;
  /**
   * The athlete's current ISO week, month or year. Alternatively, give `from` and `to`
   * @example "year"
   */
  period?: "week" | "month" | "year" | undefined;
  /**
   * A group (`run`, `ride` or `swim`, in lower case), or a `sport_type` in any case (`Run` does not include `TrailRun`). Defaults to all sports
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, inclusive
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** The progress of a goal */
export interface GoalStatistic {
  type: "goal";
  data: {
    /**
     * Value that counts
     * @example "distance"
     */
    metric: "distance" | "moving_time" | "elevation_gain" | "count";
    /**
     * Unit of all values in this response
     * @example "metres"
     */
    unit: "metres" | "seconds" | "activities";
    /**
     * The requested target
     * @example 1000000
     */
    target: number;
    /**
     * First local day of the period
     * @example "2025-01-01"
     */
    from: string;
    /**
     * Last local day of the period
     * @example "2025-12-31"
     */
    to: string;
    /**
     * Sum of all activities in the period, including private ones
     * @example 912340.5
     */
    done: number;
    /**
     * Where an even pace would be at the end of the athlete's current day. 0 before the period, the target after it
     * @example 931506.849315
     */
    expected: number;
    /**
     * `done` minus `expected`: positive is ahead, negative is behind
     * @example -19166.349315
     */
    difference: number;
    /**
     * `done` at the end of the period at the current pace
     * @example 979424.360294
     */
    projection: number | null;
    /**
     * Why `projection` is null: the period has not started
     * @example null
     */
    projection_reason: "not_begun" | null;
    /**
     * What each remaining day must bring to reach the target, counting today. 0 once the target is reached
     * @example 3371.519231
     */
    needed_per_day: number | null;
    /**
     * Why `needed_per_day` is null: the period is over
     * @example null
     */
    needed_per_day_reason: "period_over" | null;
  };
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

export interface CompareInput {
  /**
   * Compares the athlete's current ISO week, month or year with the previous one: as a whole, or both up to the same day (`*_to_date`). Defaults to `year_to_date`, unless all four days are given
   * @example "year_to_date"
   */
  preset?:
    | "week_to_date"
    | "month_to_date"
    | "year_to_date"
    | "week"
    | "month"
    | "year"
    | undefined;
  /**
   * A group (`run`, `ride` or `swim`, in lower case), or a `sport_type` in any case (`Run` does not include `TrailRun`). Defaults to all sports
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, inclusive
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * First local day of the base period
   * @example "2025-12-06"
   */
  base_from?: string | undefined;
  /**
   * Last local day of the base period, inclusive
   * @example "2025-12-06"
   */
  base_to?: string | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** Two periods side by side */
export interface CompareStatistic {
  type: "compare";
  data: {
    /** The sums of a period */
    current: PeriodTotal;
    /** The sums of a period */
    base: PeriodTotal;
    /** Differences from base to current: number of activities, metres, seconds, and metres of climbing */
    change: {
      /** The difference between two periods */
      count: Change;
      /** The difference between two periods */
      distance: Change;
      /** The difference between two periods */
      moving_time: Change;
      /** The difference between two periods */
      elevation_gain: Change;
    };
  };
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** The sums of a period */
export interface PeriodTotal {
  /**
   * First local day
   * @example "2025-12-06"
   */
  from: string;
  /**
   * Last local day
   * @example "2025-12-06"
   */
  to: string;
  /**
   * Number of days, including the first and the last
   * @example 340
   */
  days: number;
  /** Sums over activities, including private ones */
  total: Total;
}

/** The difference between two periods */
export interface Change {
  /**
   * Current minus base, in the unit of the sum
   * @example 12345.6
   */
  difference: number;
  /**
   * Difference in percent of the base
   * @example 12.5
   */
  percent: number | null;
  /**
   * Why `percent` is null: the base is 0
   * @example null
   */
  reason: "base_is_zero" | null;
}

export interface AthleteInput {
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** The statistics of a front page in one response */
export interface OverviewStatistic {
  type: "overview";
  data: {
    /**
     * The athlete's local day, to which all values refer
     * @example "2025-12-06"
     */
    today: string;
    /** The current local year so far */
    ytd: {
      /** Sums over activities, including private ones */
      run: Total;
      /** Sums over activities, including private ones */
      ride: Total;
      /** Sums over activities, including private ones */
      swim: Total;
    };
    /** The current ISO week, all sports */
    this_week: {
      /**
       * First local day
       * @example "2025-12-06"
       */
      from: string;
      /**
       * Last local day
       * @example "2025-12-06"
       */
      to: string;
      /**
       * Number of days, including the first and the last
       * @example 340
       */
      days: number;
      /** Sums over activities, including private ones */
      total: Total;
    };
    /** The current month, all sports */
    this_month: {
      /**
       * First local day
       * @example "2025-12-06"
       */
      from: string;
      /**
       * Last local day
       * @example "2025-12-06"
       */
      to: string;
      /**
       * Number of days, including the first and the last
       * @example 340
       */
      days: number;
      /** Sums over activities, including private ones */
      total: Total;
    };
    /** The current month and the 11 before it, all sports, newest first, including months without activities */
    last_12_months: Array<MonthTotal>;
    /** Streaks of local days, ISO weeks and calendar months */
    streaks: {
      /** The longest streak, the earliest one on a tie, and the current streak */
      day: Streaks;
      /** The longest streak, the earliest one on a tie, and the current streak */
      week: Streaks;
      /** The longest streak, the earliest one on a tie, and the current streak */
      month: Streaks;
    };
    /** Eddington numbers of all sports, in kilometres and in miles */
    eddington: {
      /** An Eddington number, and what the next one takes */
      km: EddingtonNow;
      /** An Eddington number, and what the next one takes */
      mi: EddingtonNow;
    };
    /** Training load of the current day, all sports */
    training_load: TrainingDay | null;
    /**
     * Why `training_load` is null: there is no activity yet
     * @example null
     */
    training_load_reason: "no_activity" | null;
    /** The newest 5 activities that the caller can see, newest first */
    recent_activities: Array<RecentActivity>;
    /** The next milestone of each sum: kilometres, miles, hours, metres of climbing, and activities */
    next_milestones: {
      /** The next round number */
      distance_km: NextMilestone;
      /** The next round number */
      distance_mi: NextMilestone;
      /** The next round number */
      moving_time_hours: NextMilestone;
      /** The next round number */
      elevation_gain_m: NextMilestone;
      /** The next round number */
      count: NextMilestone;
    };
  };
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** The sums of a month */
export interface MonthTotal {
  /**
   * Local calendar month
   * @example "2025-12"
   */
  month: string;
  /** Sums over activities, including private ones */
  total: Total;
}

/** An Eddington number, and what the next one takes */
export interface EddingtonNow {
  /**
   * The Eddington number: on at least this number of days, at least this number of kilometres or miles
   * @example 31
   */
  value: number;
  /** The next Eddington number */
  next: NextEddington;
  /** Numbers by sport: run, ride, swim, then other sports by name */
  sports: Array<SportEddington>;
}

/** A short form of an activity */
export interface RecentActivity {
  /**
   * Strava's activity id
   * @example 16543210987
   */
  id: number;
  /**
   * Name that the athlete gave the activity
   * @example "Morning Run"
   */
  name: string;
  /**
   * Strava's older, coarser sport type, such as `Run` for a trail run
   * @example "Run"
   */
  type: string;
  /**
   * Metres
   * @example 10234.5
   */
  distance: number;
  /**
   * Seconds
   * @example 2912
   */
  moving_time: number;
  /**
   * Start time
   * @example "2025-12-06T08:30:12Z"
   */
  start_date: Date;
  /**
   * Metres
   * @example 143.2
   */
  elevation_gain: number;
}

export interface GearInput {
  /**
   * A group (`run`, `ride` or `swim`, in lower case), or a `sport_type` in any case (`Run` does not include `TrailRun`). Defaults to all sports
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, inclusive
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** Distance, time and use of each gear */
export interface GearStatistic {
  type: "gear";
  /** Gear by distance, longest first. Activities without gear are not included */
  data: Array<GearTotal>;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** Shoes or a bike with its totals */
export interface GearTotal {
  /**
   * Strava's gear id. `b...` is a bike, `g...` is shoes or anything else
   * @example "g3423618"
   */
  id: string;
  /**
   * Name at Strava, or the last known one. Null if unknown
   * @example "Nimbus 22 Speedy"
   */
  name: string | null;
  /**
   * Why `name` is null: no scheduled sync has requested it yet, Strava does not know the id, or it has no name
   * @example "not_fetched"
   */
  name_reason: "not_fetched" | "unknown_to_strava" | "unnamed" | null;
  /**
   * Brand. Null if unknown
   * @example "Nimbus"
   */
  brand: string | null;
  /**
   * Model. Null if unknown
   * @example "22"
   */
  model: string | null;
  /**
   * Nickname. Null if it has none
   * @example "Speedy"
   */
  nickname: string | null;
  /**
   * Whether it is retired. Null if unknown
   * @example false
   */
  retired: boolean | null;
  /**
   * Metres
   * @example 512345.6
   */
  distance: number;
  /**
   * Seconds
   * @example 162345
   */
  moving_time: number;
  /**
   * Number of activities
   * @example 61
   */
  count: number;
  /**
   * Local day of its first activity that the caller can see. Null if there is none
   * @example "2024-03-02"
   */
  first_used: string | null;
  /**
   * Local day of its last activity that the caller can see. Null if there is none
   * @example "2025-12-06"
   */
  last_used: string | null;
  /**
   * Why `first_used` and `last_used` are null: the caller cannot see any of the activities
   * @example "needs_key"
   */
  used_reason: "needs_key" | null;
}

/** Runs and rides of the current year */
export interface YtdStatistic {
  type: "ytd";
  data: {
    /** Sums over activities, including private ones */
    run: Total;
    /** Sums over activities, including private ones */
    ride: Total;
  };
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** Totals by month, all sports */
export interface MonthlyStatistic {
  type: "monthly";
  /** Totals by month (`2025-12`) for the current month and the 11 before it, newest first */
  data: Record<string, Total>;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** The newest activities */
export interface RecentActivitiesStatistic {
  type: "recent_activities";
  /** At most 30 activities, newest first */
  data: Array<RecentActivity>;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

export interface BySportInput {
  /** Group by Strava's older, coarser `type` or by its newer, finer `sport_type` */
  by?: "type" | "sport_type" | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** Totals by sport, all time */
export interface TotalsStatistic {
  type: "all_time_totals";
  /** Totals by sport, such as `Run`. If Strava ever names a sport `__proto__`, `constructor` or `prototype`, its key gets a trailing `_`: JavaScript objects cannot safely have these keys */
  data: Record<string, Total>;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** Totals by year and sport */
export interface YearlyStatistic {
  type: "yearly_stats";
  /** Totals by year and sport. JSON does not preserve the order of numeric keys, so sort them */
  data: Record<string, Record<string, Total>>;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

export interface InYearInput {
  /**
   * Local year. Defaults to the athlete's current year
   * @example 2025
   */
  year?: number | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** An activity */
export interface Activity {
  /**
   * Strava's activity id
   * @example 16543210987
   */
  id: number;
  /**
   * Name that the athlete gave the activity
   * @example "Morning Run"
   */
  name: string;
  /**
   * Strava's older, coarser sport type, such as `Run` for a trail run
   * @example "Run"
   */
  type: string;
  /**
   * Strava's newer, finer sport type. Strava adds new ones without notice
   * @example "TrailRun"
   */
  sport_type: string;
  /**
   * Metres
   * @example 10234.5
   */
  distance: number;
  /**
   * Seconds
   * @example 2912
   */
  moving_time: number;
  /**
   * Seconds
   * @example 3050
   */
  elapsed_time: number;
  /**
   * Metres
   * @example 143.2
   */
  total_elevation_gain: number;
  /**
   * Start time
   * @example "2025-12-06T08:30:12Z"
   */
  start_date: Date;
  /**
   * Start time on the athlete's wall clock, without a zone. Local days follow this time
   * @example "2025-12-06T09:30:12"
   */
  start_date_local: string;
  /**
   * Offset of the wall clock from UTC in seconds
   * @example 3600
   */
  utc_offset: number;
  /**
   * IANA time zone name
   * @example "Europe/Berlin"
   */
  timezone: string | null;
  /**
   * Average speed in metres per second
   * @example 3.514
   */
  average_speed: number;
  /**
   * Maximum speed in metres per second
   * @example 5.2
   */
  max_speed: number;
  /**
   * Number of kudos at the last sync of the activity
   * @example 7
   */
  kudos_count: number;
  /** Heart rate over the activity. Null if it was not recorded */
  heart_rate: HeartRate;
  /**
   * `everyone`, `followers_only` or `only_me`
   * @example "everyone"
   */
  visibility: string;
  /**
   * Strava's id of the shoes or bike
   * @example "g3423618"
   */
  gear_id: string | null;
  /**
   * Strava's workout type. Runs: 0 default, 1 race, 2 long run, 3 workout. Rides: 10 default, 11 race, 12 workout
   * @example 0
   */
  workout_type: number | null;
  /**
   * Whether the activity took place on a trainer or treadmill
   * @example false
   */
  trainer: boolean;
  /**
   * Whether the activity was a commute
   * @example false
   */
  commute: boolean;
  /**
   * Whether the activity was entered by hand, not recorded
   * @example false
   */
  manual: boolean;
}

/** Heart rate over the activity. Null if it was not recorded */
export interface HeartRate {
  /**
   * Average heart rate in beats per minute
   * @example 148.3
   */
  average: number | null;
  /**
   * Maximum heart rate in beats per minute
   * @example 171
   */
  max: number | null;
}

export interface ActivitiesInput {
  /** Maximum number of activities in the page */
  limit?: number | undefined;
  /** Number of activities to skip. Use `cursor` to read many pages */
  offset?: number | undefined;
  /** `next_cursor` of the previous page, with the same `sort` and `order`. Activities that are added between two requests do not shift the pages. Cannot be combined with `offset` */
  cursor?: string | undefined;
  /** Sort field. Ties are ordered by id */
  sort?:
    | "date"
    | "distance"
    | "moving_time"
    | "elevation_gain"
    | "average_speed"
    | undefined;
  /** `desc`: newest, longest or fastest first. `asc`: the reverse */
  order?: "desc" | "asc" | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
  /**
   * A group (`run`, `ride` or `swim`, in lower case), or a `sport_type` in any case (`Run` does not include `TrailRun`). Defaults to all sports
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, inclusive
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Local year
   * @example 2025
   */
  year?: number | undefined;
  /**
   * Sport, matched against `type` and `sport_type`, case-insensitive
   * @example "Run"
   */
  activity_type?: string | undefined;
  /**
   * Strava's id of the shoes or bike
   * @example "g3423618"
   */
  gear_id?: string | undefined;
  /**
   * Minimum distance in metres
   * @example 10000
   */
  min_distance?: number | undefined;
  /**
   * Maximum distance in metres
   * @example 21097.5
   */
  max_distance?: number | undefined;
  /**
   * Full-text search in the name. All words must match, ignoring case and accents. Supports `"exact phrase"`, `one or another` and `-without`
   * @example "\"long run\" -race"
   */
  q?: string | undefined;
  /**
   * `true`: only commutes. `false`: no commutes
   * @example true
   */
  commute?: boolean | undefined;
  /**
   * `true`: only activities on a trainer or treadmill. `false`: none of them
   * @example false
   */
  trainer?: boolean | undefined;
  /**
   * `true`: only activities with a track. `false`: only activities without one
   * @example true
   */
  has_map?: boolean | undefined;
}

/** A page of activities */
export interface ActivityPage {
  /**
   * Number of matching activities on all pages
   * @example 1132
   */
  total: number;
  /**
   * The requested `limit`
   * @example 100
   */
  limit: number;
  /**
   * The requested `offset`
   * @example 0
   */
  offset: number;
  /**
   * `cursor` of the next page. Null on the last page
   * @example "1733473812000-16543210987"
   */
  next_cursor: string | null;
  data: Array<Activity>;
}

export interface ActivityInput {
  /**
   * Strava's activity id
   * @example 16543210987
   */
  id: number;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** An activity with its map */
export interface ActivityDetail {
  /**
   * Strava's activity id
   * @example 16543210987
   */
  id: number;
  /**
   * Name that the athlete gave the activity
   * @example "Morning Run"
   */
  name: string;
  /**
   * Strava's older, coarser sport type, such as `Run` for a trail run
   * @example "Run"
   */
  type: string;
  /**
   * Strava's newer, finer sport type. Strava adds new ones without notice
   * @example "TrailRun"
   */
  sport_type: string;
  /**
   * Metres
   * @example 10234.5
   */
  distance: number;
  /**
   * Seconds
   * @example 2912
   */
  moving_time: number;
  /**
   * Seconds
   * @example 3050
   */
  elapsed_time: number;
  /**
   * Metres
   * @example 143.2
   */
  total_elevation_gain: number;
  /**
   * Start time
   * @example "2025-12-06T08:30:12Z"
   */
  start_date: Date;
  /**
   * Start time on the athlete's wall clock, without a zone. Local days follow this time
   * @example "2025-12-06T09:30:12"
   */
  start_date_local: string;
  /**
   * Offset of the wall clock from UTC in seconds
   * @example 3600
   */
  utc_offset: number;
  /**
   * IANA time zone name
   * @example "Europe/Berlin"
   */
  timezone: string | null;
  /**
   * Average speed in metres per second
   * @example 3.514
   */
  average_speed: number;
  /**
   * Maximum speed in metres per second
   * @example 5.2
   */
  max_speed: number;
  /**
   * Number of kudos at the last sync of the activity
   * @example 7
   */
  kudos_count: number;
  /** Heart rate over the activity. Null if it was not recorded */
  heart_rate: HeartRate;
  /**
   * `everyone`, `followers_only` or `only_me`
   * @example "everyone"
   */
  visibility: string;
  /**
   * Strava's id of the shoes or bike
   * @example "g3423618"
   */
  gear_id: string | null;
  /**
   * Strava's workout type. Runs: 0 default, 1 race, 2 long run, 3 workout. Rides: 10 default, 11 race, 12 workout
   * @example 0
   */
  workout_type: number | null;
  /**
   * Whether the activity took place on a trainer or treadmill
   * @example false
   */
  trainer: boolean;
  /**
   * Whether the activity was a commute
   * @example false
   */
  commute: boolean;
  /**
   * Whether the activity was entered by hand, not recorded
   * @example false
   */
  manual: boolean;
  /** The track. Null if there is none, and for callers who cannot see private activities */
  map: ActivityMap | null;
  /**
   * Why `map` is null: `no_track` if the activity has no track, `needs_key` if the caller cannot see private activities, whether there is a track or not
   * @example "no_track"
   */
  map_reason: "no_track" | "needs_key" | null;
}

/** The track of an activity */
export interface ActivityMap {
  /**
   * Strava's simplified track as an encoded polyline (Google's format, precision 5)
   * @example "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
   */
  polyline: string;
  /** A GeoJSON LineString (RFC 7946) */
  geojson: LineString;
}

/** A GeoJSON LineString (RFC 7946) */
export interface LineString {
  type: "LineString";
  /**
   * Longitude and latitude in degrees, in the order of RFC 7946
   * @example [[-120.2,38.5],[-120.95,40.7],[-126.453,43.252]]
   */
  coordinates: Array<Array<number>>;
}

/** The state of an athlete's sync */
export interface SyncStatus {
  /**
   * `history` during the first sync, `recent` during a sync of new activities, `full` during a full sync, `waiting` after a failure, `idle` otherwise
   * @example "idle"
   */
  phase: "idle" | "waiting" | "recent" | "full" | "history";
  /**
   * Number of stored activities
   * @example 1132
   */
  activities: number;
  /**
   * Estimated number of activities still to fetch, from the share of the time since the athlete joined Strava that has been synced. Null if no estimate is possible
   * @example 0
   */
  remaining: number | null;
  /**
   * Whether all activities have been synced once
   * @example true
   */
  first_sync_done: boolean;
  /** The newest sync, with its pages and activities so far */
  run: SyncRun | null;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  last_success_at: Date | null;
  /**
   * When the next sync starts. Null if the athlete is disconnected
   * @example "2025-12-06T09:00:04Z"
   */
  next_due_at: Date | null;
  /** The application's rate limit as Strava last reported it. Null before the first request */
  rate_budget: RateBudget | null;
}

/** One sync of an athlete */
export interface SyncRun {
  /**
   * Id of the run
   * @example 41
   */
  id: number;
  /**
   * What started it: `connect` a new athlete, `cron` the schedule, `refresh` a call of `/strava/refresh-data`, `shell` the command line
   * @example "refresh"
   */
  trigger: "connect" | "cron" | "refresh" | "shell";
  /**
   * `interrupted` if the server stopped or crashed, or if the athlete reconnected
   * @example "success"
   */
  status: "running" | "success" | "failed" | "interrupted";
  /**
   * Start time
   * @example "2025-12-06T09:00:04Z"
   */
  started_at: Date;
  /**
   * End time. Null while it runs
   * @example "2025-12-06T09:00:04Z"
   */
  ended_at: Date | null;
  /**
   * Number of stored pages of Strava's list
   * @example 1
   */
  pages: number;
  /**
   * Number of activities on those pages
   * @example 9
   */
  fetched: number;
  /**
   * Number of new activities
   * @example 3
   */
  inserted: number;
  /**
   * Number of changed activities
   * @example 1
   */
  updated: number;
  /**
   * Number of activities that could not be read. `/strava/admin/quarantine` shows why
   * @example 0
   */
  skipped: number;
  /**
   * Number of activities that were deleted at Strava
   * @example 0
   */
  deleted: number;
  /**
   * Why it failed. Null if it did not
   * @example null
   */
  error: SyncError | null;
}

/** Why a sync failed */
export interface SyncError {
  /**
   * Stable code
   * @example "unreachable"
   */
  reason: string;
  /**
   * Sentence for people
   * @example "Strava did not answer /api/v3/athlete/activities within 10 s"
   */
  detail: string;
}

/** The application's rate limit at Strava. Requests are counted here and corrected with Strava's figures */
export interface RateBudget {
  /**
   * When a request was last counted, or a response last read
   * @example "2025-12-06T09:00:04Z"
   */
  observed_at: Date;
  /** A rate limit of Strava and its usage */
  overall: RateLimit;
  /** A rate limit of Strava and its usage */
  read: RateLimit;
  /** When both windows start again, plus a safety margin of some seconds */
  resets_at: RateResets;
}

/** A rate limit of Strava and its usage */
export interface RateLimit {
  /** Requests in both windows. Null if Strava has not reported the value */
  limit: RateWindows;
  /** Requests in both windows. Null if Strava has not reported the value */
  usage: RateWindows;
  /** Part of the limit that is reserved for new activities. Full syncs do not use it */
  reserve: {
    /**
     * Requests in the 15-minute window
     * @example 12
     */
    short: number | null;
    /**
     * Requests in the UTC day
     * @example 151
     */
    daily: number | null;
  };
}

/** Requests in both windows. Null if Strava has not reported the value */
export interface RateWindows {
  /**
   * Requests in the 15-minute window
   * @example 12
   */
  short: number | null;
  /**
   * Requests in the UTC day
   * @example 151
   */
  daily: number | null;
}

/** When both windows start again, plus a safety margin of some seconds */
export interface RateResets {
  /**
   * Start of the next 15-minute window
   * @example "2025-12-06T09:00:04Z"
   */
  short: Date;
  /**
   * Start of the next UTC day
   * @example "2025-12-06T09:00:04Z"
   */
  daily: Date;
}

export interface SyncRunsInput {
  /** Maximum number of syncs */
  limit?: number | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** The last syncs */
export interface SyncRuns {
  /** The syncs, newest first */
  data: Array<SyncRun>;
}

export interface SyncProgressInput {
  /** Id of the last received event: the stream continues with the next change. The header `Last-Event-ID` does the same */
  lastEventId?: string | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

export interface LoginInput {
  /**
   * Username or e-mail address, case-insensitive
   * @example "ada"
   */
  username: string;
  /**
   * Password of the user
   * @example "ten thousand miles"
   */
  password: string;
  /** Returns the tokens in the response instead of setting cookies, for clients that are not browsers */
  return_tokens?: boolean | undefined;
}

/** The session. Its tokens are in cookies or, if requested, in this response */
export interface Login {
  /** A user with an account */
  user: User;
  /**
   * When the access token expires. Refresh before that, or on a 401
   * @example "2025-12-06T09:00:04Z"
   */
  access_expires_at: Date;
  /**
   * When the session expires unless it is refreshed: 7 days from now, at most 90 days after the login
   * @example "2025-12-06T09:00:04Z"
   */
  expires_at: Date;
  /**
   * With `return_tokens`: the access token, to send as `Authorization: Bearer`
   * @example "pa_9Q2vJx7mB4kT1sYwLzE8cRfN6hUaGdP0oViMqCtXbKe"
   */
  access_token?: string | undefined;
  /**
   * With `return_tokens`: the refresh token for `/api/auth/refresh`, valid once
   * @example "pr_lF2Ku9vqYd4m0nS7cJb1xWgZ5hT8oRiE3aQkPyNfUeM"
   */
  refresh_token?: string | undefined;
}

/** A user with an account */
export interface User {
  /**
   * User id
   * @example "6f1c2f0e-6a3b-4a61-9a55-0c3f4a1d2b7e"
   */
  id: string;
  /**
   * Username
   * @example "ada"
   */
  username: string;
  /**
   * E-mail address
   * @example "ada@example.com"
   */
  email: string;
  /**
   * Name that others see
   * @example "Ada Example"
   */
  display_name: string;
  /** `admin` can see and manage all athletes and users */
  role: "member" | "admin";
}

export interface LoginRefreshInput {
  /**
   * Refresh token from a login or a refresh, for clients without cookies
   * @example "pr_lF2Ku9vqYd4m0nS7cJb1xWgZ5hT8oRiE3aQkPyNfUeM"
   */
  refresh_token?: string | undefined;
}

export interface LogoutInput {
  /**
   * Refresh token from a login or a refresh, for clients without cookies
   * @example "pr_lF2Ku9vqYd4m0nS7cJb1xWgZ5hT8oRiE3aQkPyNfUeM"
   */
  refresh_token?: string | undefined;
}

/** The session has ended and its cookies are cleared */
export interface Logout {
  status: "logged_out";
}

/** The user and the session of the caller */
export interface Me {
  /** A user with an account */
  user: User;
  session: {
    /**
     * Session id
     * @example "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11"
     */
    id: string;
    /**
     * When the access token expires
     * @example "2025-12-06T09:00:04Z"
     */
    access_expires_at: Date;
    /**
     * When the password was last given. Operations that cannot be undone require it within 10 minutes
     * @example "2025-12-06T09:00:04Z"
     */
    authenticated_at: Date;
  };
}

export interface SignUpInput {
  /**
   * 2 to 32 letters, digits or `_` `.` `-`, starting with a letter or digit
   * @example "ada"
   */
  username: string;
  /**
   * E-mail address
   * @example "ada@example.com"
   */
  email: string;
  /**
   * Name that others see. Defaults to the username
   * @example "Ada Example"
   */
  display_name?: string | undefined;
  /**
   * 10 to 256 characters. Must not be easy to guess, nor made of the user's names
   * @example "ten thousand miles"
   */
  password: string;
  /** Returns the tokens in the response instead of setting cookies, for clients that are not browsers */
  return_tokens?: boolean | undefined;
}

/** The user's open sessions */
export interface Sessions {
  /** The sessions, newest first */
  data: Array<Session>;
}

/** An open session of a user */
export interface Session {
  /**
   * Session id
   * @example "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11"
   */
  id: string;
  /**
   * Whether this request uses the session
   * @example true
   */
  current: boolean;
  /**
   * When the user logged in
   * @example "2025-12-06T09:00:04Z"
   */
  created_at: Date;
  /**
   * Time of last use, accurate to a minute
   * @example "2025-12-06T09:00:04Z"
   */
  last_seen_at: Date;
  /**
   * When the session expires unless it is refreshed
   * @example "2025-12-06T09:00:04Z"
   */
  expires_at: Date;
  /**
   * IP address of the last refresh
   * @example "203.0.113.7"
   */
  address: string | null;
  /**
   * User agent of the client
   * @example "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0"
   */
  agent: string | null;
}

export interface RevokeSessionInput {
  /**
   * Session id
   * @example "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11"
   */
  id: string;
}

/** The number of sessions that were ended */
export interface RevokedSessions {
  /**
   * Number of sessions that were ended
   * @example 1
   */
  revoked: number;
}

export interface ConfirmPasswordInput {
  /**
   * Password of the user
   * @example "ten thousand miles"
   */
  password: string;
}

/** The password was confirmed. Operations that cannot be undone are allowed for 10 minutes */
export interface ConfirmedPassword {
  /**
   * When the password was confirmed
   * @example "2025-12-06T09:00:04Z"
   */
  authenticated_at: Date;
}

export interface ChangePasswordInput {
  /**
   * Current password
   * @example "ten thousand miles"
   */
  current_password: string;
  /**
   * 10 to 256 characters. Must not be easy to guess, nor made of the user's names
   * @example "one hundred climbs"
   */
  new_password: string;
}

export interface OwnEventsInput {
  /** Maximum number of events in the page */
  limit?: number | undefined;
  /** `next_cursor` of the previous page. Events that are added between two requests do not shift the pages */
  cursor?: string | undefined;
}

/** A page of audit events, newest first */
export interface AuditPage {
  /** The events, newest first */
  data: Array<AuditEvent>;
  /**
   * `cursor` of the next page. Null on the last page
   * @example "943"
   */
  next_cursor: string | null;
}

/** An audit event: what happened to an account, when, and by whom */
export interface AuditEvent {
  /**
   * Event id
   * @example 1042
   */
  id: number;
  /**
   * When it happened
   * @example "2025-12-06T09:00:04Z"
   */
  at: Date;
  /** The kind of an audit event */
  kind: AuditKind;
  /**
   * User whom the event is about. Null if there is none, as for a login with an unknown name
   * @example "8f6a2f0c-61f4-4b57-9a53-0f6b7e2f4c11"
   */
  user_id: string | null;
  /**
   * Current username of that user. Null once the account is deleted
   * @example "ada"
   */
  username: string | null;
  /**
   * User who caused the event, if it is another user
   * @example null
   */
  actor_id: string | null;
  /**
   * Session in which it happened, if any
   * @example null
   */
  session_id: string | null;
  /**
   * API key that was used or changed, if any
   * @example "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11"
   */
  api_key_id: string | null;
  /**
   * Strava's athlete id
   * @example null
   */
  athlete_id: number | null;
  /**
   * IP address of the request
   * @example "203.0.113.7"
   */
  address: string | null;
  /**
   * User agent of the client
   * @example "Mozilla/5.0"
   */
  agent: string | null;
  /**
   * Details that depend on `kind`
   * @example {"prefix":"pl_Ab3dE9xZ","scopes":["stats:read"]}
   */
  detail: Record<string, string | number | boolean | null | Array<string>>;
}

/** The kind of an audit event */
export type AuditKind =
  | "account_deleted"
  | "account_exported"
  | "athlete_connected"
  | "athlete_deleted"
  | "athlete_disconnected"
  | "athlete_shared"
  | "key_created"
  | "key_renamed"
  | "key_revoked"
  | "login"
  | "login_failed"
  | "login_throttled"
  | "logout"
  | "password_changed"
  | "password_reset"
  | "refresh_reused"
  | "session_revoked"
  | "signup"
  | "user_created"
  | "user_disabled"
  | "user_enabled";

export interface DeleteAccountInput {
  /** The user's password, as confirmation */
  password: string;
}

/** The deleted account's athletes */
export interface AccountDeleted {
  status: "deleted";
  /** The athletes that this request deleted */
  athletes: Array<DeletedAthlete>;
}

/** An athlete whose data was deleted */
export interface DeletedAthlete {
  /**
   * Strava's athlete id
   * @example 7654321
   */
  id: number;
  /**
   * Whether Strava confirmed the revocation. If false, Strava did not answer, so revoke access at https://www.strava.com/settings/apps, or there was no grant
   * @example true
   */
  revoked_at_strava: boolean;
}

/** The caller's athletes */
export interface Athletes {
  /** The athletes. Each owner's default is first, the instance's own athletes are last */
  data: Array<Athlete>;
}

/** An athlete as the owner sees it */
export interface Athlete {
  /**
   * Strava's athlete id
   * @example 7654321
   */
  id: number;
  /**
   * Name at Strava
   * @example "Ada Example"
   */
  name: string;
  /** The owner. Null if the athlete belongs to the instance */
  owner: AthleteOwner | null;
  /**
   * Whether requests of the owner without `athlete` use this one
   * @example true
   */
  is_default: boolean;
  /**
   * Who can see the statistics and the activities that `PUBLIC_VISIBILITY` allows. `private`: only the owner. `link`: everyone with the share token. `public`: everyone
   * @example "link"
   */
  visibility: "private" | "link" | "public";
  /**
   * Token that opens a shared athlete, as the `athlete` of a read. Null if there is none, and for API keys
   * @example "ps_9Q2vJx7mB4kT1sYwLzE8cRfN6hUaGdP0oViMqCtXbKe"
   */
  share_token: string | null;
  /**
   * Whether there is a grant to sync with
   * @example true
   */
  connected: boolean;
  /**
   * Set if Strava refuses the athlete's grant. Null if it is accepted, or if there is no grant
   * @example null
   */
  reconnect_needed: ReconnectNeeded | null;
  /**
   * When the athlete connected last
   * @example "2025-12-06T09:00:04Z"
   */
  connected_at: Date;
  /**
   * Number of stored activities
   * @example 1132
   */
  activities: number;
  /**
   * Whether all activities have been synced once
   * @example true
   */
  first_sync_done: boolean;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  last_success_at: Date | null;
}

/** The user who owns an athlete */
export interface AthleteOwner {
  /**
   * User id
   * @example "6f1c2f0e-6a3b-4a61-9a55-0c3f4a1d2b7e"
   */
  id: string;
  /**
   * Username
   * @example "ada"
   */
  username: string;
  /**
   * Name that others see
   * @example "Ada Example"
   */
  display_name: string;
}

/** Strava refuses the athlete's grant. Nothing is requested for the athlete until they reconnect */
export interface ReconnectNeeded {
  /**
   * When Strava first refused the grant
   * @example "2025-12-06T09:00:04Z"
   */
  since: Date;
  /**
   * Page where the athlete reconnects
   * @example "https://training.example/strava/authorize"
   */
  url: string;
}

export interface OwnAthleteInput {
  /**
   * Strava's athlete id
   * @example 7654321
   */
  athlete: number;
}

export interface SetVisibilityInput {
  /**
   * Strava's athlete id
   * @example 7654321
   */
  athlete: number;
  /**
   * Who can see the statistics and the activities that `PUBLIC_VISIBILITY` allows. `private`: only the owner. `link`: everyone with the share token. `public`: everyone
   * @example "link"
   */
  visibility: "private" | "link" | "public";
}

/** The result of a disconnect */
export interface Disconnect {
  status: "disconnected";
  /**
   * Strava's athlete id
   * @example 7654321
   */
  athlete_id: number;
  /**
   * Whether Strava confirmed the revocation. If false, Strava did not answer, so revoke access at https://www.strava.com/settings/apps, or there was no grant
   * @example true
   */
  revoked_at_strava: boolean;
  /**
   * Whether the stored history was kept or deleted
   * @example "kept"
   */
  data: "kept" | "deleted";
}

export interface AuditInput {
  /** Maximum number of events in the page */
  limit?: number | undefined;
  /** `next_cursor` of the previous page. Events that are added between two requests do not shift the pages */
  cursor?: string | undefined;
  /**
   * Only events about or by this user: an id, a username or an e-mail address. A deleted account can only be found by its id
   * @example "ada"
   */
  user?: string | undefined;
  /** The kind of an audit event */
  kind?: AuditKind | undefined;
  /**
   * Only events at or after this time. A date means its start in UTC
   * @example "2025-12-01"
   */
  from?: string | string | undefined;
  /**
   * Only events before this time
   * @example "2025-12-07T00:00:00Z"
   */
  to?: string | string | undefined;
}

export interface RefreshInput {
  /** `recent`: activities since 14 days before the last sync. `full`: all activities, including edits and deletions */
  mode?: "recent" | "full" | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** The result of the sync */
export interface Refresh {
  /** `running` if the sync takes longer than 20 seconds. It continues in the background */
  status: "success" | "running";
  /**
   * The result as a sentence
   * @example "3 new activities, 1 changed"
   */
  message: string;
  /** One sync of an athlete */
  run: SyncRun;
}

/** The state of athletes, syncs and push events */
export interface Status {
  /** All athletes of the instance */
  athletes: Array<AthleteStatus>;
  /** The state of Strava's push events */
  webhooks: Webhooks;
  /** The application's rate limit. Null before the first request */
  rate_budget: RateBudget | null;
  /**
   * When Strava closed its API to the application, see https://www.strava.com/settings/api. Null while it is open
   * @example null
   */
  app_inactive_since: Date | null;
}

/** An athlete with the last syncs and the time of the next */
export interface AthleteStatus {
  /**
   * Strava's athlete id
   * @example 7654321
   */
  id: number;
  /**
   * Name at Strava
   * @example "Ada Example"
   */
  name: string;
  /**
   * Whether there is a grant to sync with
   * @example true
   */
  connected: boolean;
  /**
   * Set if Strava refuses the athlete's grant. Null if it is accepted, or if there is no grant
   * @example null
   */
  reconnect_needed: ReconnectNeeded | null;
  /**
   * When the athlete connected last
   * @example "2025-12-06T09:00:04Z"
   */
  connected_at: Date;
  /**
   * OAuth scopes that the athlete granted
   * @example ["read","activity:read_all"]
   */
  scopes: Array<string>;
  /**
   * Number of stored activities
   * @example 1132
   */
  activities: number;
  /**
   * Number of activities that were deleted at Strava. Totals do not include them. They can be restored
   * @example 2
   */
  deleted: number;
  /**
   * Activities missing at Strava that are too many, or too uncertain, to delete without confirmation
   * @example null
   */
  pending_deletions: PendingDeletions | null;
  /**
   * Number of activities that cannot be read
   * @example 0
   */
  quarantined: number;
  /**
   * Whether all activities have been synced once
   * @example true
   */
  first_sync_done: boolean;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  last_success_at: Date | null;
  /**
   * When the last completed full sync started
   * @example "2025-12-06T09:00:04Z"
   */
  full_walk_at: Date | null;
  /**
   * When the next sync starts. Null if the athlete is disconnected or must reconnect first
   * @example "2025-12-06T09:00:04Z"
   */
  next_due_at: Date | null;
  /**
   * Number of failed syncs in a row
   * @example 0
   */
  failures: number;
  /** The last 10 syncs, newest first */
  runs: Array<SyncRun>;
}

/** Activities that seem deleted at Strava and are kept until the owner confirms it */
export interface PendingDeletions {
  /**
   * Number of activities
   * @example 412
   */
  count: number;
  /**
   * When the first activity was found missing
   * @example "2025-12-06T09:00:04Z"
   */
  since: Date;
}

/** The state of Strava's push events */
export interface Webhooks {
  /**
   * Whether `PUBLIC_URL` and `WEBHOOK_VERIFY_TOKEN` are set
   * @example true
   */
  enabled: boolean;
  /**
   * Strava's id of the subscription. Null if there is none
   * @example 120475
   */
  subscription_id: number | null;
  /**
   * When Strava last reported the subscription
   * @example "2025-12-06T09:00:04Z"
   */
  checked_at: Date | null;
  /**
   * When the last event was stored
   * @example "2025-12-06T09:00:04Z"
   */
  last_event_at: Date | null;
  /**
   * Number of stored events that are not processed yet
   * @example 0
   */
  waiting: number;
  /** Dropped events by reason, since the database was created */
  dropped: Array<DroppedEvents>;
}

/** The number of push events that were dropped for one reason */
export interface DroppedEvents {
  /**
   * Why the events were dropped
   * @example "unknown_owner"
   */
  reason: string;
  /**
   * Number of dropped events
   * @example 2
   */
  count: number;
  /**
   * When the last one was dropped
   * @example "2025-12-06T09:00:04Z"
   */
  last_at: Date;
}

export interface RestoreInput {
  /**
   * Strava's activity ids. Defaults to all deleted activities
   * @example [16543210987]
   */
  ids?: Array<number> | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** The result of a restore */
export interface Restore {
  status: "restored";
  /**
   * Number of restored activities
   * @example 2
   */
  restored: number;
}

/** The activities that cannot be read */
export interface Quarantine {
  /**
   * Number of activities in quarantine
   * @example 1
   */
  total: number;
  /** The first 200, most recently tried first */
  data: Array<QuarantinedActivity>;
}

/** An activity that cannot be read */
export interface QuarantinedActivity {
  /**
   * Strava's activity id, if it could be read. Digits beyond 2^53 are not exact
   * @example "1152921504606846976"
   */
  id: string;
  /**
   * Why the activity cannot be read
   * @example "start_date: Invalid ISO datetime"
   */
  reason: string;
  /**
   * When it was first found unreadable
   * @example "2025-12-06T09:00:04Z"
   */
  first_seen_at: Date;
  /**
   * When it was last found unreadable
   * @example "2025-12-06T09:00:04Z"
   */
  last_seen_at: Date;
  /**
   * Number of attempts to read it
   * @example 31
   */
  tries: number;
}

export interface DisconnectInput {
  /** Whether to keep or delete the stored history */
  data?: "keep" | "delete" | undefined;
  /**
   * Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's own athlete, or to the instance's public athlete if the caller has none
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

export interface CreateKeyInput {
  /**
   * Name that its owner gave the key
   * @example "Shortcut on the phone"
   */
  name: string;
  /**
   * Permissions, at least one
   * @example ["stats:read","sync:write"]
   */
  scopes: Array<Scope>;
  /**
   * When the key expires. Without it, the key is valid until it is revoked
   * @example "2026-12-06T00:00:00Z"
   */
  expires_at?: string | undefined;
}

/** A permission of an API key. `activities:read_private` shows the key owner's private activities. `admin` requires an administrator */
export type Scope =
  | "stats:read"
  | "activities:read"
  | "activities:read_private"
  | "sync:write"
  | "export:read"
  | "admin";

/** A new API key. Only this response contains the key itself */
export interface NewApiKey {
  /**
   * The key itself. It is shown only once and not stored
   * @example "pl_Ab3dE9xZ_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
   */
  key: string;
  /**
   * The key's id. It is not secret
   * @example "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11"
   */
  id: string;
  /**
   * Name that its owner gave the key
   * @example "Shortcut on the phone"
   */
  name: string;
  /**
   * First characters of the key
   * @example "pl_Ab3dE9xZ"
   */
  prefix: string;
  /**
   * @example ["stats:read","sync:write"]
   */
  scopes: Array<Scope>;
  /**
   * Whether the key is valid: neither revoked nor expired
   * @example true
   */
  active: boolean;
  /**
   * When the key was created
   * @example "2025-12-06T09:00:04Z"
   */
  created_at: Date;
  /**
   * When the key expires. Null if it does not
   * @example null
   */
  expires_at: Date | null;
  /**
   * Time of last use, accurate to a minute. Null before the first use
   * @example "2025-12-06T09:00:04Z"
   */
  last_used_at: Date | null;
  /**
   * IP address of the last use
   * @example "203.0.113.7"
   */
  last_used_address: string | null;
  /**
   * When the key was revoked. Null if it was not
   * @example null
   */
  revoked_at: Date | null;
}

/** All keys of a user, newest first, including revoked and expired ones */
export interface ApiKeys {
  data: Array<ApiKey>;
}

/** An API key, without the key itself */
export interface ApiKey {
  /**
   * The key's id. It is not secret
   * @example "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11"
   */
  id: string;
  /**
   * Name that its owner gave the key
   * @example "Shortcut on the phone"
   */
  name: string;
  /**
   * First characters of the key
   * @example "pl_Ab3dE9xZ"
   */
  prefix: string;
  /**
   * @example ["stats:read","sync:write"]
   */
  scopes: Array<Scope>;
  /**
   * Whether the key is valid: neither revoked nor expired
   * @example true
   */
  active: boolean;
  /**
   * When the key was created
   * @example "2025-12-06T09:00:04Z"
   */
  created_at: Date;
  /**
   * When the key expires. Null if it does not
   * @example null
   */
  expires_at: Date | null;
  /**
   * Time of last use, accurate to a minute. Null before the first use
   * @example "2025-12-06T09:00:04Z"
   */
  last_used_at: Date | null;
  /**
   * IP address of the last use
   * @example "203.0.113.7"
   */
  last_used_address: string | null;
  /**
   * When the key was revoked. Null if it was not
   * @example null
   */
  revoked_at: Date | null;
}

export interface RenameKeyInput {
  /**
   * The key's id. It is not secret
   * @example "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11"
   */
  id: string;
  /**
   * Name that its owner gave the key
   * @example "Shortcut on the phone"
   */
  name: string;
}

export interface RevokeKeyInput {
  /**
   * The key's id. It is not secret
   * @example "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11"
   */
  id: string;
}

/**
 * Why the server refused a call, as a stable code:
 * - `activity_not_found`: No activity matches
 * - `admin_only`: Only an administrator of the instance may do this
 * - `athlete_not_found`: This athlete does not exist, or you may not see it
 * - `body_too_large`: The request body is too large
 * - `body_too_slow`: The request body did not arrive within 10 seconds
 * - `busy`: Too many passwords are waiting to be checked: try again shortly
 * - `database_unavailable`: The database does not answer: try again shortly
 * - `forbidden_origin`: Pages of this origin may not call this server: add the origin to CORS_ORIGINS
 * - `internal_error`: Internal error: the server log has the cause under the request id
 * - `invalid_api_key`: The API key is not valid
 * - `invalid_input`: The request does not match what this route accepts
 * - `invalid_login`: The username or the password is wrong
 * - `invalid_json`: The request body or input is not valid JSON
 * - `key_not_found`: You have no API key with this id
 * - `last_admin`: You are the only administrator: make another user an administrator first, or run `deno task erase --user`
 * - `method_not_allowed`: This route does not accept this method
 * - `missing_api_key`: This route needs an API key (X-API-Key or Authorization: Bearer) or a session
 * - `missing_session`: This route needs a session: log in
 * - `not_connected`: No athlete is connected yet: open /strava/authorize in a browser
 * - `not_found`: No route matches this path
 * - `not_synced`: The first sync has not finished yet: GET /strava/sync/status shows its progress
 * - `reconnect_needed`: Strava no longer accepts the grant: open /strava/authorize to connect again
 * - `not_shared`: No share link to renew: share the athlete by link first
 * - `recent_login_required`: Confirm your password first: it was last entered more than 10 minutes ago
 * - `scope_missing`: The API key's scopes do not allow this
 * - `session_expired`: The session has expired or was ended: refresh it or log in again
 * - `session_not_found`: You have no session with this id
 * - `signup_closed`: Sign-up is closed: ask the administrator for an account
 * - `strava_app_inactive`: Strava has closed its API to this application: see https://www.strava.com/settings/api
 * - `strava_rate_limited`: Strava's rate limit is used up: try again later
 * - `strava_unavailable`: Strava did not send a usable response: try again later
 * - `sync_failed`: The sync failed: the server log says why
 * - `too_many_credentials`: Send one API key, either in X-API-Key or as Authorization: Bearer
 * - `too_many_downloads`: Too many exports are running: try again when one has finished
 * - `too_many_keys`: You have reached the limit of active API keys: revoke one first
 * - `too_many_logins`: Too many attempts: try again later
 * - `unsupported_media_type`: Send the body as application/json
 * - `user_exists`: This username or e-mail address is already in use
 * - `weak_password`: The password is too easy to guess
 * - `wrong_password`: The password is wrong
 */
export type Reason =
  | "activity_not_found"
  | "admin_only"
  | "athlete_not_found"
  | "body_too_large"
  | "body_too_slow"
  | "busy"
  | "database_unavailable"
  | "forbidden_origin"
  | "internal_error"
  | "invalid_api_key"
  | "invalid_input"
  | "invalid_login"
  | "invalid_json"
  | "key_not_found"
  | "last_admin"
  | "method_not_allowed"
  | "missing_api_key"
  | "missing_session"
  | "not_connected"
  | "not_found"
  | "not_synced"
  | "reconnect_needed"
  | "not_shared"
  | "recent_login_required"
  | "scope_missing"
  | "session_expired"
  | "session_not_found"
  | "signup_closed"
  | "strava_app_inactive"
  | "strava_rate_limited"
  | "strava_unavailable"
  | "sync_failed"
  | "too_many_credentials"
  | "too_many_downloads"
  | "too_many_keys"
  | "too_many_logins"
  | "unsupported_media_type"
  | "user_exists"
  | "weak_password"
  | "wrong_password";

/** Every procedure of the server. */
export interface Api {
  /** Statistics of the whole history */
  stats: {
    /**
     * Records.
     *
     * By sport the longest activity, the one with the most climbing, the fastest over several distances, and the biggest day, ISO week, month and year: of all time, of this year, or of the last 4, 12, 26 or 52 weeks. Without the API key only activities that `PUBLIC_VISIBILITY` lets everyone see make records.
     */
    records: Query<RecordsInput | undefined, RecordsStatistic>;
    /**
     * Eddington number.
     *
     * The greatest n such that at least n kilometres, or miles, were covered on at least n local days. With the days needed for the next number, the day on which each number was reached, and the numbers of each year and each sport alone.
     */
    eddington: Query<EddingtonInput | undefined, EddingtonStatistic>;
    /**
     * Streaks.
     *
     * The longest and the current streak of local days, ISO weeks and months with an activity in each.
     */
    streaks: Query<StreaksInput | undefined, StreaksStatistic>;
    /**
     * A year day by day.
     *
     * Sums and training load of each local day of a year that has activities, with a level for heat maps.
     */
    calendar: Query<CalendarInput | undefined, CalendarStatistic>;
    /**
     * Year against year.
     *
     * Sums of one measure from 1 January up to each day, one list per year.
     */
    cumulative: Query<CumulativeInput | undefined, CumulativeStatistic>;
    /**
     * By weekday, hour, sport and distance.
     *
     * Sums by weekday, by hour of the local start, by sport and by distance band.
     */
    distribution: Query<DistributionInput | undefined, DistributionStatistic>;
    /**
     * Milestones.
     *
     * When the sums of all activities crossed round numbers of kilometres, miles, hours, metres of climbing and activities, and with which activity. Without the API key only activities that `PUBLIC_VISIBILITY` lets everyone see are named and dated.
     */
    milestones: Query<MilestonesInput | undefined, MilestonesStatistic>;
    /**
     * Training load day by day.
     *
     * Load, fitness (CTL), fatigue (ATL), form (TSB), ACWR, monotony and strain of every day up to the athlete's today. `from` and `to` select the days that are shown; all days are computed from the first activity on. The formulas are in docs/statistics.md.
     */
    trainingLoad: Query<TrainingLoadInput | undefined, TrainingLoadStatistic>;
    /**
     * Progress towards a goal.
     *
     * The part of a target that is done in the athlete's current week, month or year, or in any other period; the amount expected by now; the projection for the end of the period; and the amount that each remaining day needs.
     */
    goal: Query<GoalInput, GoalStatistic>;
    /**
     * Two periods side by side.
     *
     * The sums of a period and of an earlier one, with differences and percentages.
     */
    compare: Query<CompareInput | undefined, CompareStatistic>;
    /**
     * Everything a front page needs.
     *
     * This year, week and month, the last 12 months, streaks, Eddington numbers, today's training load, the newest activities and the next milestones, with the same values as the statistics of these names.
     */
    overview: Query<AthleteInput | undefined, OverviewStatistic>;
    /**
     * Shoes and bikes.
     *
     * Distance, time and number of activities of each gear, with its name. The sums count all activities. Without the API key `first_used` and `last_used` consider only the activities that `PUBLIC_VISIBILITY` lets everyone see.
     */
    gear: Query<GearInput | undefined, GearStatistic>;
    /**
     * This year so far.
     *
     * Totals of runs and rides in the athlete's current local year.
     */
    ytd: Query<AthleteInput | undefined, YtdStatistic>;
    /**
     * The last 12 months.
     *
     * Totals of all sports in each of the last 12 local calendar months including the current one, newest first. Months without activities have zeros.
     */
    monthly: Query<AthleteInput | undefined, MonthlyStatistic>;
    /**
     * The newest activities.
     *
     * The last 30 activities, newest first. Without the API key only those that `PUBLIC_VISIBILITY` lets everyone see.
     */
    activities: Query<AthleteInput | undefined, RecentActivitiesStatistic>;
    /**
     * All time, by sport.
     *
     * Totals of each sport over the whole history, the most frequent sport first.
     */
    totals: Query<BySportInput | undefined, TotalsStatistic>;
    /**
     * Year by year, by sport.
     *
     * Totals of each sport in each local year that has activities.
     */
    yearly: Query<BySportInput | undefined, YearlyStatistic>;
    /**
     * The longest run of a year.
     *
     * By distance. Trail and virtual runs count. 404 if the year has no run that the caller may see.
     */
    longestRun: Query<InYearInput | undefined, Activity>;
    /**
     * The longest ride of a year.
     *
     * By distance. Gravel, mountain bike, electric and virtual rides count. 404 if the year has no ride that the caller may see.
     */
    longestRide: Query<InYearInput | undefined, Activity>;
  };

  /** The activities themselves */
  activities: {
    /**
     * Activities, newest first by default.
     *
     * Without the API key only activities that `PUBLIC_VISIBILITY` lets everyone see.
     */
    list: Query<ActivitiesInput | undefined, ActivityPage>;
    /**
     * One activity.
     *
     * With the API key it includes the map, as Strava's polyline and as GeoJSON. Without the key hidden activities (see `PUBLIC_VISIBILITY`) answer 404, like activities that do not exist.
     */
    get: Query<ActivityInput, ActivityDetail>;
  };

  /** How the history comes in */
  sync: {
    /**
     * How the sync stands.
     *
     * What is under way, how much has come and how much remains, and when the next sync is due: also before the first has ended.
     */
    status: Query<AthleteInput | undefined, SyncStatus>;
    /**
     * The last syncs.
     *
     * With their counts, and why those failed that did.
     */
    runs: Query<SyncRunsInput | undefined, SyncRuns>;
    /**
     * How the sync stands, again at every change.
     *
     * A stream of events over tRPC that goes on until its reader leaves. After a lost connection it goes on by the id of the last event.
     */
    progress: Subscription<SyncProgressInput | undefined, SyncStatus>;
  };

  /** Accounts and their sessions */
  auth: {
    /**
     * Log in.
     *
     * Sets the cookies of a session or, with `return_tokens`, answers its tokens. After 5 wrong passwords for an account from one network, 50 for an account or 30 from an address, within 15 minutes, further ones are refused unseen.
     */
    login: Mutation<LoginInput, Login>;
    /**
     * Refresh the session.
     *
     * Changes the refresh token, of the cookie or of the body, for new tokens; the old ones are no good any more. Within 10 seconds the same refresh token gets the same answer, for a retry. Later it ends the whole session, since somebody else has it.
     */
    refresh: Mutation<LoginRefreshInput | undefined, Login>;
    /**
     * Log out.
     *
     * Ends the session of the cookies, of the Bearer token or of the refresh token in the body, at once. Without one it answers the same.
     */
    logout: Mutation<LogoutInput | undefined, Logout>;
    /**
     * Who is logged in.
     *
     * The user of the session, and when its access token ends.
     */
    me: Query<void, Me>;
    /**
     * Make an account.
     *
     * Only with `SIGNUP=open`. Logs in, as `/api/auth/login` does.
     */
    signUp: Mutation<SignUpInput, Login>;
    /**
     * List the sessions.
     *
     * Where the user is logged in.
     */
    sessions: Query<void, Sessions>;
    /**
     * End a session.
     *
     * Logs one of the user's sessions out, at once.
     */
    revokeSession: Mutation<RevokeSessionInput, RevokedSessions>;
    /**
     * End all other sessions.
     *
     * Logs the user out everywhere else, at once.
     */
    revokeOtherSessions: Mutation<
      Record<string, never> | undefined,
      RevokedSessions
    >;
    /**
     * Give the password once more.
     *
     * What answers 403 `recent_login_required` is allowed for 10 minutes.
     */
    confirmPassword: Mutation<ConfirmPasswordInput, ConfirmedPassword>;
    /**
     * Change the password.
     *
     * Ends all other sessions of the user, at once. This one goes on with the tokens it has; API keys stay good.
     */
    changePassword: Mutation<ChangePasswordInput, RevokedSessions>;
    /**
     * What happened to your account.
     *
     * Logins and failures, passwords, keys, connections, deletions, newest first. Of what an administrator did, address and program are not shown.
     */
    events: Query<OwnEventsInput | undefined, AuditPage>;
    /**
     * Delete the account.
     *
     * Ends the grant of each of the user's athletes at Strava and deletes everything of theirs and of the user, for good: sessions, API keys and records too. A grant that Strava could not be told of is ended at https://www.strava.com/settings/apps. What was cut off half done can be asked for again. The only administrator stays while there are other users.
     */
    deleteAccount: Mutation<DeleteAccountInput, AccountDeleted>;
  };

  /** A user's athletes: who sees them, and how they leave */
  athletes: {
    /**
     * One's own athletes.
     *
     * An administrator gets those of everyone, and the instance's own.
     */
    list: Query<void, Athletes>;
    /**
     * Make an athlete the default.
     *
     * It is meant from now on wherever its owner names no athlete. One's own only, administrators too.
     */
    setDefault: Mutation<OwnAthleteInput, Athlete>;
    /**
     * Share an athlete, or end it.
     *
     * With `link` the answer has the `share_token`, the same each time. `private` forgets it: a later `link` makes another.
     */
    setVisibility: Mutation<SetVisibilityInput, Athlete>;
    /**
     * Renew a share link.
     *
     * The answer has the new `share_token`; the old one opens nothing from now on.
     */
    renewLink: Mutation<OwnAthleteInput, Athlete>;
    /**
     * Disconnect an athlete.
     *
     * Revokes the grant at Strava and deletes the tokens. The history stays and is served on.
     */
    disconnect: Mutation<OwnAthleteInput, Disconnect>;
    /**
     * Delete an athlete.
     *
     * Revokes the grant at Strava and deletes every row of the athlete, at once and for good. Needs a session whose password was given within the last 10 minutes, or `INTERNAL_API_KEY`.
     */
    delete: Mutation<OwnAthleteInput, Disconnect>;
  };

  /** For the owner of the instance, with the API key */
  admin: {
    /**
     * What happened to the accounts.
     *
     * Logins and failures, passwords, keys, connections, deletions, newest first, kept as long as `AUDIT_RETENTION` says. Records are never changed.
     */
    audit: Query<AuditInput | undefined, AuditPage>;
    /**
     * Sync now.
     *
     * Fetches what is new or changed and waits up to 20 seconds for the end. While a sync is under way no second one begins: its end is waited for. With `full` the whole list is walked, deletions included; where the sync under way does not do that, another follows it.
     */
    refresh: Mutation<RefreshInput | undefined, Refresh>;
    /**
     * How the instance is.
     *
     * Athletes with their last syncs and the next, push events, and the budget at Strava.
     */
    status: Query<void, Status>;
    /**
     * Confirm deletions.
     *
     * Deletes the `pending_deletions` of the status, each only where Strava answers 404 to it; what is there after all is kept. Syncs on the way and waits up to 20 seconds for the end.
     */
    confirmDeletions: Mutation<AthleteInput | undefined, Refresh>;
    /**
     * Restore deleted activities.
     *
     * They count again. As long as Strava does not list such an activity, the next walks put it among the `pending_deletions`, and it stays unless these are confirmed.
     */
    restore: Mutation<RestoreInput | undefined, Restore>;
    /**
     * Activities that cannot be read.
     *
     * What Strava lists or answers and Paceline cannot read, and why; the rest goes on without it. One that can be read again leaves by itself.
     */
    quarantine: Query<AthleteInput | undefined, Quarantine>;
    /**
     * Disconnect the athlete.
     *
     * Revokes the grant at Strava and deletes the tokens. The history stays and is served on, unless `data` is `delete`; in a session that needs a password given within the last 10 minutes, and a user's key may not.
     */
    disconnect: Mutation<DisconnectInput | undefined, Disconnect>;
  };

  /** API keys of a user, in a session */
  keys: {
    /**
     * Make an API key.
     *
     * Answers with the key, this once. Needs a session whose password was given within 10 minutes. A user may have 50 keys that are neither revoked nor expired.
     */
    create: Mutation<CreateKeyInput, NewApiKey>;
    /**
     * Your API keys.
     *
     * Revoked and expired ones too, newest first, with when and from where each was last used.
     */
    list: Query<void, ApiKeys>;
    /**
     * Rename an API key.
     *
     * What it opens stays as it is.
     */
    rename: Mutation<RenameKeyInput, ApiKey>;
    /**
     * Revoke an API key.
     *
     * From now on it opens nothing, for good. Of a key that is revoked already nothing changes.
     */
    revoke: Mutation<RevokeKeyInput, ApiKey>;
  };
}
