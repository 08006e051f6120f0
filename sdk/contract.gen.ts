// Written by `deno task sdk:contract` from the server's procedures and their schemas.

import type { Mutation, Query, Subscription } from "./procedure.ts";

export interface RecordsInput {
  /** Of all time, of the athlete's current local year, or of so many weeks of seven days that end today */
  window?: "all" | "year" | "4w" | "12w" | "26w" | "52w" | undefined;
  /** What makes a day, week, month or year big: metres of distance, seconds of moving time, or metres of climbing */
  metric?: "distance" | "moving_time" | "elevation_gain" | undefined;
  /**
   * How far an activity must go for its average speed to count, in metres; by default several distances, each by itself
   * @example 10000
   */
  min_distance?: number | undefined;
  /**
   * A group (`run`, `ride`, `swim`, so written) or one `sport_type` in any case (`Run` is without `TrailRun`); all by default
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, itself included
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** The best by sport */
export interface RecordsStatistic {
  type: "records";
  /** By group: `run`, `ride`, `swim`, and every other sport of these days under its own name; or only the sport asked for */
  data: Record<string, SportRecords>;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** The records of a group of sports; the first to reach one holds it */
export interface SportRecords {
  /** The best of the activities that the caller may see */
  longest_distance: ActivityRecord | null;
  /** The best of the activities that the caller may see */
  longest_time: ActivityRecord | null;
  /** The best of the activities that the caller may see */
  most_climbing: ActivityRecord | null;
  /** The shortest first */
  fastest: Array<SpeedRecord>;
  /** The greatest sum of the activities that the caller may see */
  biggest_day: PeriodRecord | null;
  /** The greatest sum of the activities that the caller may see */
  biggest_week: PeriodRecord | null;
  /** The greatest sum of the activities that the caller may see */
  biggest_month: PeriodRecord | null;
  /** The greatest sum of the activities that the caller may see */
  biggest_year: PeriodRecord | null;
  /**
   * What the biggest periods are big in, as asked for
   * @example "distance"
   */
  metric: "distance" | "moving_time" | "elevation_gain";
  /**
   * First local day; null where there is no bound
   * @example "2025-11-09"
   */
  from: string | null;
  /**
   * Last local day, itself included; null where there is none
   * @example "2025-12-06"
   */
  to: string | null;
  /**
   * Why records are null: no activity of these days that the caller may see has any of it
   * @example null
   */
  reason: "no_activity" | null;
}

/** The best of the activities that the caller may see */
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
   * Strava's id
   * @example 16543210987
   */
  id: number;
  /**
   * As the athlete wrote it
   * @example "Morning Run"
   */
  name: string;
  /**
   * Local day of the start
   * @example "2025-12-06"
   */
  date: string;
}

/** The fastest average over at least a distance */
export interface SpeedRecord {
  /**
   * How far it had to go, in metres
   * @example 5000
   */
  min_distance: number;
  /**
   * Metres per second of moving time; null where there is none
   * @example 3.514
   */
  speed: number | null;
  /** An activity and its day */
  activity: NamedActivity | null;
  /**
   * Why there is none: `no_activity` that the caller may see has a distance and a time, or all are `too_short`
   * @example "too_short"
   */
  reason: "no_activity" | "too_short" | null;
}

/** The greatest sum of the activities that the caller may see */
export interface PeriodRecord {
  /**
   * The sum of `metric`: metres or seconds
   * @example 84120.5
   */
  value: number;
  /**
   * Its first local day
   * @example "2025-12-01"
   */
  date: string;
  /**
   * The local day `2025-12-06`, ISO week `2025-W49`, month `2025-12` or year `2025`
   * @example "2025-W49"
   */
  period: string;
}

export interface EddingtonInput {
  /** Kilometres, or international miles of 1609.344 m */
  unit?: "km" | "mi" | undefined;
  /**
   * A group (`run`, `ride`, `swim`, so written) or one `sport_type` in any case (`Run` is without `TrailRun`); all by default
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, itself included
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Only days of this local year
   * @example 2025
   */
  year?: number | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** An Eddington number */
export interface EddingtonStatistic {
  type: "eddington";
  /** The greatest n such that on at least n local days at least n kilometres or miles were covered */
  data: Eddington;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** The greatest n such that on at least n local days at least n kilometres or miles were covered */
export interface Eddington {
  /**
   * As asked for
   * @example "km"
   */
  unit: "km" | "mi";
  /**
   * On so many days at least as many kilometres or miles
   * @example 31
   */
  value: number;
  /** What one more takes */
  next: NextEddington;
  /** From 1 up */
  history: Array<EddingtonStep>;
  /** Years with activities, oldest first */
  years: Array<EddingtonYear>;
  /** Run, ride, swim, then other sports by name */
  sports: Array<SportEddington>;
}

/** What one more takes */
export interface NextEddington {
  /**
   * The number after this
   * @example 32
   */
  value: number;
  /**
   * How many further days of at least so many units it needs
   * @example 4
   */
  days_needed: number;
}

/** When a number was reached */
export interface EddingtonStep {
  /**
   * On so many days at least as many kilometres or miles
   * @example 31
   */
  value: number;
  /**
   * Local day that made it so
   * @example "2025-10-12"
   */
  date: string;
}

/** The number of a calendar year by itself */
export interface EddingtonYear {
  /**
   * Local year
   * @example 2025
   */
  year: number;
  /**
   * On so many days at least as many kilometres or miles
   * @example 31
   */
  value: number;
  /** What one more takes */
  next: NextEddington;
}

/** The number of a group of sports by itself */
export interface SportEddington {
  /**
   * `run`, `ride`, `swim`, another sport's own name, or the sport asked for
   * @example "ride"
   */
  sport: string;
  /**
   * On so many days at least as many kilometres or miles
   * @example 31
   */
  value: number;
  /** What one more takes */
  next: NextEddington;
}

export interface StreaksInput {
  /**
   * A group (`run`, `ride`, `swim`, so written) or one `sport_type` in any case (`Run` is without `TrailRun`); all by default
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, itself included
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** Days, weeks and months in a row */
export interface StreaksStatistic {
  type: "streaks";
  /** Of local days, of ISO weeks, of calendar months */
  data: {
    /** The longest ever, the first of equals, and the current one */
    day: Streaks;
    /** The longest ever, the first of equals, and the current one */
    week: Streaks;
    /** The longest ever, the first of equals, and the current one */
    month: Streaks;
  };
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** The longest ever, the first of equals, and the current one */
export interface Streaks {
  /** Days, weeks or months in a row with an activity in each */
  longest: Streak | null;
  /** Days, weeks or months in a row with an activity in each */
  current: Streak | null;
  /**
   * Why there is no current one: `no_activity` at all, or the last one has `ended` before the day, week or month that was before this one
   * @example "ended"
   */
  reason: "no_activity" | "ended" | null;
}

/** Days, weeks or months in a row with an activity in each */
export interface Streak {
  /**
   * How many days, weeks or months
   * @example 9
   */
  length: number;
  /**
   * First local day of the first of them
   * @example "2025-11-28"
   */
  start: string;
  /**
   * Last local day of the last of them
   * @example "2025-12-06"
   */
  end: string;
}

export interface CalendarInput {
  /**
   * Local year; the athlete's current one by default
   * @example 2025
   */
  year?: number | undefined;
  /**
   * A group (`run`, `ride`, `swim`, so written) or one `sport_type` in any case (`Run` is without `TrailRun`); all by default
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
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
    /** The days with activities, oldest first */
    days: Array<CalendarDay>;
    /**
     * Of the moving times of days with any, in seconds: above the first is level 2, above the last level 4; null where there is no such day
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
   * Training load of the day's activities in points, as `training-load` has it
   * @example 87
   */
  load: number;
  /**
   * What the load was taken from: Strava's `suffer_score`, the average `heart_rate`, an `estimate` by sport and time, or `mixed` where the day's activities differ
   * @example "suffer_score"
   */
  load_source: "suffer_score" | "heart_rate" | "estimate" | "mixed";
  /**
   * Shade of a heat map: 0 no moving time, 1 to 4 by the year's quartiles
   * @example 3
   */
  level: number;
}

export interface CumulativeInput {
  /** Metres of distance, seconds of moving time, metres of climbing, or activities */
  metric?: "distance" | "moving_time" | "elevation_gain" | "count" | undefined;
  /**
   * Only so many years, the athlete's current one and those before it; by default the current one and every year with activities
   * @example 3
   */
  years?: number | undefined;
  /**
   * Only these years, 1900 to 2199, at most 20, with commas between
   * @example "2019,2025"
   */
  year_list?: string | undefined;
  /**
   * A group (`run`, `ride`, `swim`, so written) or one `sport_type` in any case (`Run` is without `TrailRun`); all by default
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** Year against year */
export interface CumulativeStatistic {
  type: "cumulative";
  data: {
    /**
     * As asked for
     * @example "distance"
     */
    metric: "distance" | "moving_time" | "elevation_gain" | "count";
    /** Month and day, `01-01` to `12-31`, 366 of them: in a common year `02-29` repeats `02-28` */
    days: Array<string>;
    /** By local year the sums from 1 January up to each of `days`; null after the athlete's today. JSON objects cannot keep an order of keys that are numbers: sort them. */
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
   * A group (`run`, `ride`, `swim`, so written) or one `sport_type` in any case (`Run` is without `TrailRun`); all by default
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, itself included
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Width of a band of distances in metres; by default 5000, of rides 20000, of swims 1000
   * @example 10000
   */
  band_width?: number | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** By weekday, hour, sport and distance */
export interface DistributionStatistic {
  type: "distribution";
  /** `unknown_hour` are activities whose start Strava hides: they are in no hour */
  data: {
    /** Monday to Sunday */
    weekdays: Array<WeekdayTotal>;
    /** All 24 of the local day */
    hours: Array<HourTotal>;
    /** Sums over activities, private ones included */
    unknown_hour: Total;
    /** Run, ride, swim, then other sports by name */
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
   * 1 is Monday, 7 Sunday
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
   * 0 to 23: of activities that began from then to before the next
   * @example 18
   */
  hour: number;
}

/** Sums over activities, private ones included */
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

/** Sums of a group of sports, and by distance */
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
   * `run`, `ride`, `swim`, another sport's own name, or the sport asked for
   * @example "run"
   */
  sport: string;
  /**
   * Metres
   * @example 5000
   */
  band_width: number;
  /** Shortest first; bands without activities are left out */
  bands: Array<DistanceBand>;
}

/** Sums of the activities within a band of distances */
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
   * Metres, included
   * @example 10000
   */
  from: number;
  /**
   * Metres, not included
   * @example 15000
   */
  to: number;
}

export interface MilestonesInput {
  /**
   * A group (`run`, `ride`, `swim`, so written) or one `sport_type` in any case (`Run` is without `TrailRun`); all by default
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, itself included
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** Round numbers crossed */
export interface MilestonesStatistic {
  type: "milestones";
  /** From 10 kilometres, 10 miles, 10 hours, 100 metres of climbing and 1 activity on */
  data: {
    /** 1, 2 and 5 times a power of ten, as they were crossed */
    distance_km: Milestones;
    /** 1, 2 and 5 times a power of ten, as they were crossed */
    distance_mi: Milestones;
    /** 1, 2 and 5 times a power of ten, as they were crossed */
    moving_time_hours: Milestones;
    /** 1, 2 and 5 times a power of ten, as they were crossed */
    elevation_gain_m: Milestones;
    /** 1, 2 and 5 times a power of ten, as they were crossed */
    count: Milestones;
  };
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** 1, 2 and 5 times a power of ten, as they were crossed */
export interface Milestones {
  /**
   * What there is, in the list's unit, rounded down to a tenth
   * @example 1482.3
   */
  total: number;
  /** Smallest first */
  reached: Array<Milestone>;
  /** The round number ahead */
  next: NextMilestone;
}

/** A round number, and the activity that crossed it */
export interface Milestone {
  /**
   * In the unit of the list's name
   * @example 1000
   */
  value: number;
  /**
   * Local day on which it was crossed; null where no activity is named
   * @example "2025-12-06"
   */
  date: string | null;
  /** An activity and its day */
  activity: NamedActivity | null;
  /**
   * Why no activity is named: the caller may not see it
   * @example "hidden"
   */
  reason: "hidden" | null;
}

/** The round number ahead */
export interface NextMilestone {
  /**
   * In the unit of the list's name
   * @example 2000
   */
  value: number;
  /**
   * What is missing, in the same unit, rounded up to a tenth
   * @example 517.7
   */
  remaining: number;
}

export interface TrainingLoadInput {
  /**
   * A group (`run`, `ride`, `swim`, so written) or one `sport_type` in any case (`Run` is without `TrailRun`); all by default
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, itself included
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** Training load day by day */
export interface TrainingLoadStatistic {
  type: "training_load";
  data: {
    /**
     * Name and version of the formulas; docs/statistics.md
     * @example "paceline-training-load/1"
     */
    formula: string;
    /**
     * The share, 0 to 1, of these days' load that is an estimate by sport and time
     * @example 0.083
     */
    estimated_share: number | null;
    /**
     * Why `estimated_share` is null: these days have no load
     * @example null
     */
    estimated_share_reason: "no_load" | null;
    /** Every day from the first activity to the athlete's today, or those of them that were asked for, oldest first; days of rest too */
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
   * A local day
   * @example "2025-12-06"
   */
  date: string;
  /**
   * Load of the day's activities in points: 100 is an hour at 85 % of the heart rate reserve, or Strava's Relative Effort; 0 on a day of rest
   * @example 87
   */
  load: number;
  /**
   * What the load was taken from: Strava's `suffer_score`, the average `heart_rate`, an `estimate` by sport and time, or `mixed` where the day's activities differ; null on a day of rest
   * @example "suffer_score"
   */
  source: "suffer_score" | "heart_rate" | "estimate" | "mixed" | null;
  /**
   * Chronic training load, fitness: points a day, averaged exponentially over 42 days
   * @example 54.208113
   */
  ctl: number;
  /**
   * Acute training load, fatigue: points a day, averaged exponentially over 7 days
   * @example 61.730442
   */
  atl: number;
  /**
   * Training stress balance, form: the day before's CTL - ATL, in points a day
   * @example -3.104877
   */
  tsb: number;
  /**
   * Acute to chronic workload ratio: mean load of the last 7 days over that of the last 28
   * @example 1.138211
   */
  acwr: number | null;
  /**
   * Why `acwr` is null: fewer than 28 days since the first activity, or 28 days without a load
   * @example null
   */
  acwr_reason: "too_little_history" | "no_load" | null;
  /**
   * Mean load of the last 7 days over their standard deviation (Foster 1998)
   * @example 1.411765
   */
  monotony: number | null;
  /**
   * Why `monotony` and `strain` are null: fewer than 7 days since the first activity, 7 days without a load, or 7 days with the same load
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
   * What is counted
   * @example "distance"
   */
  metric: "distance" | "moving_time" | "elevation_gain" | "count";
  /**
   * How much, above 0: metres of `distance` and `elevation_gain`, seconds of `moving_time`, activities of `count`
   * @example 1000000
   */
  target: number;
  /**
   * The athlete's current ISO week, month or year; or give `from` and `to`
   * @example "year"
   */
  period?: "week" | "month" | "year" | undefined;
  /**
   * A group (`run`, `ride`, `swim`, so written) or one `sport_type` in any case (`Run` is without `TrailRun`); all by default
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, itself included
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** How a goal stands */
export interface GoalStatistic {
  type: "goal";
  data: {
    /**
     * What is counted
     * @example "distance"
     */
    metric: "distance" | "moving_time" | "elevation_gain" | "count";
    /**
     * Unit of every value here
     * @example "metres"
     */
    unit: "metres" | "seconds" | "activities";
    /**
     * As asked for
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
     * Of all activities in the period, private ones included
     * @example 912340.5
     */
    done: number;
    /**
     * What there should be by the end of the athlete's today, all days alike; 0 before the period, the target after it
     * @example 931506.849315
     */
    expected: number;
    /**
     * `done` - `expected`: above 0 ahead, below 0 behind
     * @example -19166.349315
     */
    difference: number;
    /**
     * `done` at the period's end, if it goes on as it went
     * @example 979424.360294
     */
    projection: number | null;
    /**
     * Why `projection` is null: the period has not begun
     * @example null
     */
    projection_reason: "not_begun" | null;
    /**
     * What each day that is left, today among them, must bring; 0 once the target is reached
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
   * The athlete's current ISO week, month or year and the one before, whole or both up to the same day; `year_to_date` by default, unless four days are given
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
   * A group (`run`, `ride`, `swim`, so written) or one `sport_type` in any case (`Run` is without `TrailRun`); all by default
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, itself included
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * First local day of what it is compared with
   * @example "2025-12-06"
   */
  base_from?: string | undefined;
  /**
   * Last local day of that, itself included
   * @example "2025-12-06"
   */
  base_to?: string | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
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
    /** From base to current: activities, metres, seconds, and metres of climbing */
    change: {
      /** What has changed between two periods */
      count: Change;
      /** What has changed between two periods */
      distance: Change;
      /** What has changed between two periods */
      moving_time: Change;
      /** What has changed between two periods */
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
   * Days from the first to the last, both included
   * @example 340
   */
  days: number;
  /** Sums over activities, private ones included */
  total: Total;
}

/** What has changed between two periods */
export interface Change {
  /**
   * Current - base, in the unit of the sum
   * @example 12345.6
   */
  difference: number;
  /**
   * The difference in percent of the base
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
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** All that a front page needs */
export interface OverviewStatistic {
  type: "overview";
  data: {
    /**
     * The athlete's local day, to which all of it refers
     * @example "2025-12-06"
     */
    today: string;
    /** This local year so far */
    ytd: {
      /** Sums over activities, private ones included */
      run: Total;
      /** Sums over activities, private ones included */
      ride: Total;
      /** Sums over activities, private ones included */
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
       * Days from the first to the last, both included
       * @example 340
       */
      days: number;
      /** Sums over activities, private ones included */
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
       * Days from the first to the last, both included
       * @example 340
       */
      days: number;
      /** Sums over activities, private ones included */
      total: Total;
    };
    /** All sports in the current month and the 11 before it, newest first, empty ones too */
    last_12_months: Array<MonthTotal>;
    /** Of local days, of ISO weeks, of calendar months */
    streaks: {
      /** The longest ever, the first of equals, and the current one */
      day: Streaks;
      /** The longest ever, the first of equals, and the current one */
      week: Streaks;
      /** The longest ever, the first of equals, and the current one */
      month: Streaks;
    };
    /** All sports, in kilometres and in miles */
    eddington: {
      /** An Eddington number, and what the next one takes */
      km: EddingtonNow;
      /** An Eddington number, and what the next one takes */
      mi: EddingtonNow;
    };
    /** Of today, all sports */
    training_load: TrainingDay | null;
    /**
     * Why `training_load` is null: there is no activity yet
     * @example null
     */
    training_load_reason: "no_activity" | null;
    /** The newest 5 that the caller may see one by one, newest first */
    recent_activities: Array<RecentActivity>;
    /** The round number ahead of each sum: kilometres, miles, hours, metres of climbing, activities */
    next_milestones: {
      /** The round number ahead */
      distance_km: NextMilestone;
      /** The round number ahead */
      distance_mi: NextMilestone;
      /** The round number ahead */
      moving_time_hours: NextMilestone;
      /** The round number ahead */
      elevation_gain_m: NextMilestone;
      /** The round number ahead */
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
  /** Sums over activities, private ones included */
  total: Total;
}

/** An Eddington number, and what the next one takes */
export interface EddingtonNow {
  /**
   * On so many days at least as many kilometres or miles
   * @example 31
   */
  value: number;
  /** What one more takes */
  next: NextEddington;
  /** Run, ride, swim, then other sports by name */
  sports: Array<SportEddington>;
}

/** An activity in few words */
export interface RecentActivity {
  /**
   * Strava's id
   * @example 16543210987
   */
  id: number;
  /**
   * As the athlete wrote it
   * @example "Morning Run"
   */
  name: string;
  /**
   * Strava's older kind of sport, such as `Run` for a trail run
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
   * Instant of the start
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
   * A group (`run`, `ride`, `swim`, so written) or one `sport_type` in any case (`Run` is without `TrailRun`); all by default
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, itself included
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** Distance, time and use of each gear */
export interface GearStatistic {
  type: "gear";
  /** The most distance first; activities without gear are left out */
  data: Array<GearTotal>;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** Shoes or a bike, and what was done with them */
export interface GearTotal {
  /**
   * Strava's id: `b...` a bike, `g...` shoes and all else
   * @example "g3423618"
   */
  id: string;
  /**
   * What Strava calls it, or last did; null where unknown
   * @example "Nimbus 22 Speedy"
   */
  name: string | null;
  /**
   * Why `name` is null: no scheduled sync has asked for it yet, Strava does not know the id, or knows no name
   * @example "not_fetched"
   */
  name_reason: "not_fetched" | "unknown_to_strava" | "unnamed" | null;
  /**
   * Null where unknown
   * @example "Nimbus"
   */
  brand: string | null;
  /**
   * Null where unknown
   * @example "22"
   */
  model: string | null;
  /**
   * Null where there is none
   * @example "Speedy"
   */
  nickname: string | null;
  /**
   * Whether it is out of use; null where unknown
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
   * Local day of the first of these activities that the caller may see; null where there is none
   * @example "2024-03-02"
   */
  first_used: string | null;
  /**
   * Local day of the last of them; null where there is none
   * @example "2025-12-06"
   */
  last_used: string | null;
  /**
   * Why both are null: the caller may see none of these activities
   * @example "needs_key"
   */
  used_reason: "needs_key" | null;
}

/** Runs and rides of this year */
export interface YtdStatistic {
  type: "ytd";
  data: {
    /** Sums over activities, private ones included */
    run: Total;
    /** Sums over activities, private ones included */
    ride: Total;
  };
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** All sports by month */
export interface MonthlyStatistic {
  type: "monthly";
  /** By month, `2025-12`, newest first: the last 12 with the current one */
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
  /** Newest first, at most 30 */
  data: Array<RecentActivity>;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

export interface BySportInput {
  /** Name sports by Strava's older `type` or by its newer, finer `sport_type` */
  by?: "type" | "sport_type" | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** All time by sport */
export interface TotalsStatistic {
  type: "all_time_totals";
  /** By sport, such as `Run`. Should Strava ever call one `__proto__`, `constructor` or `prototype`, which JavaScript's objects cannot safely have for keys, `_` is added. */
  data: Record<string, Total>;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

/** Every year by sport */
export interface YearlyStatistic {
  type: "yearly_stats";
  /** By year and sport. JSON objects cannot keep an order of keys that are numbers: sort them. */
  data: Record<string, Record<string, Total>>;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  fetched_at: Date;
}

export interface InYearInput {
  /**
   * Local year; the athlete's current one by default
   * @example 2025
   */
  year?: number | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** An activity */
export interface Activity {
  /**
   * Strava's id
   * @example 16543210987
   */
  id: number;
  /**
   * As the athlete wrote it
   * @example "Morning Run"
   */
  name: string;
  /**
   * Strava's older kind of sport, such as `Run` for a trail run
   * @example "Run"
   */
  type: string;
  /**
   * Strava's newer, finer kind of sport; new ones appear unannounced
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
   * Instant of the start
   * @example "2025-12-06T08:30:12Z"
   */
  start_date: Date;
  /**
   * Wall clock of the athlete at the start, without a zone; days are counted by it
   * @example "2025-12-06T09:30:12"
   */
  start_date_local: string;
  /**
   * Seconds that the wall clock was ahead of UTC
   * @example 3600
   */
  utc_offset: number;
  /**
   * IANA name
   * @example "Europe/Berlin"
   */
  timezone: string | null;
  /**
   * Metres per second
   * @example 3.514
   */
  average_speed: number;
  /**
   * Metres per second
   * @example 5.2
   */
  max_speed: number;
  /**
   * Kudos at the last sync that saw the activity
   * @example 7
   */
  kudos_count: number;
  /** Null where none was recorded */
  heart_rate: HeartRate;
  /**
   * `everyone`, `followers_only` or `only_me`
   * @example "everyone"
   */
  visibility: string;
  /**
   * Strava's id of the shoes or the bike
   * @example "g3423618"
   */
  gear_id: string | null;
  /**
   * Strava's number: runs 0 default, 1 race, 2 long, 3 workout; rides 10 to 12
   * @example 0
   */
  workout_type: number | null;
  /**
   * Indoors, on a trainer or treadmill
   * @example false
   */
  trainer: boolean;
  /**
   * On the way to or from work
   * @example false
   */
  commute: boolean;
  /**
   * Typed in, not recorded
   * @example false
   */
  manual: boolean;
}

/** Null where none was recorded */
export interface HeartRate {
  /**
   * Beats per minute
   * @example 148.3
   */
  average: number | null;
  /**
   * Beats per minute
   * @example 171
   */
  max: number | null;
}

export interface ActivitiesInput {
  /** How many activities at most */
  limit?: number | undefined;
  /** How many of the first to leave out; for long walks take `cursor` instead */
  offset?: number | undefined;
  /** `next_cursor` of the page before, in the same order; activities that arrive meanwhile shift nothing */
  cursor?: string | undefined;
  /** By what; equals by their ids */
  sort?:
    | "date"
    | "distance"
    | "moving_time"
    | "elevation_gain"
    | "average_speed"
    | undefined;
  /** `desc`: the newest, longest or fastest first */
  order?: "desc" | "asc" | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
  /**
   * A group (`run`, `ride`, `swim`, so written) or one `sport_type` in any case (`Run` is without `TrailRun`); all by default
   * @example "run"
   */
  sport?: string | undefined;
  /**
   * First local day
   * @example "2025-12-06"
   */
  from?: string | undefined;
  /**
   * Last local day, itself included
   * @example "2025-12-06"
   */
  to?: string | undefined;
  /**
   * Only of this local year
   * @example 2025
   */
  year?: number | undefined;
  /**
   * Only of this sport, whether `type` or `sport_type`, in any case
   * @example "Run"
   */
  activity_type?: string | undefined;
  /**
   * Only with these shoes or this bike
   * @example "g3423618"
   */
  gear_id?: string | undefined;
  /**
   * Only of so many metres or more
   * @example 10000
   */
  min_distance?: number | undefined;
  /**
   * Only of so many metres or less
   * @example 21097.5
   */
  max_distance?: number | undefined;
  /**
   * Only with these words in the name, in any case, accents or not: all of them, whole; `"in this order"`, `one or another`, `-without`
   * @example "\"long run\" -race"
   */
  q?: string | undefined;
  /**
   * Only on the way to or from work, or only not
   * @example true
   */
  commute?: boolean | undefined;
  /**
   * Only indoors, on a trainer or treadmill, or only not
   * @example false
   */
  trainer?: boolean | undefined;
  /**
   * Only with a track, or only without
   * @example true
   */
  has_map?: boolean | undefined;
}

/** Activities, newest first unless asked otherwise */
export interface ActivityPage {
  /**
   * Of all pages together
   * @example 1132
   */
  total: number;
  /**
   * As asked for
   * @example 100
   */
  limit: number;
  /**
   * As asked for
   * @example 0
   */
  offset: number;
  /**
   * The `cursor` of the next page; null on the last
   * @example "1733473812000-16543210987"
   */
  next_cursor: string | null;
  data: Array<Activity>;
}

export interface ActivityInput {
  /**
   * Strava's id
   * @example 16543210987
   */
  id: number;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** An activity with its map */
export interface ActivityDetail {
  /**
   * Strava's id
   * @example 16543210987
   */
  id: number;
  /**
   * As the athlete wrote it
   * @example "Morning Run"
   */
  name: string;
  /**
   * Strava's older kind of sport, such as `Run` for a trail run
   * @example "Run"
   */
  type: string;
  /**
   * Strava's newer, finer kind of sport; new ones appear unannounced
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
   * Instant of the start
   * @example "2025-12-06T08:30:12Z"
   */
  start_date: Date;
  /**
   * Wall clock of the athlete at the start, without a zone; days are counted by it
   * @example "2025-12-06T09:30:12"
   */
  start_date_local: string;
  /**
   * Seconds that the wall clock was ahead of UTC
   * @example 3600
   */
  utc_offset: number;
  /**
   * IANA name
   * @example "Europe/Berlin"
   */
  timezone: string | null;
  /**
   * Metres per second
   * @example 3.514
   */
  average_speed: number;
  /**
   * Metres per second
   * @example 5.2
   */
  max_speed: number;
  /**
   * Kudos at the last sync that saw the activity
   * @example 7
   */
  kudos_count: number;
  /** Null where none was recorded */
  heart_rate: HeartRate;
  /**
   * `everyone`, `followers_only` or `only_me`
   * @example "everyone"
   */
  visibility: string;
  /**
   * Strava's id of the shoes or the bike
   * @example "g3423618"
   */
  gear_id: string | null;
  /**
   * Strava's number: runs 0 default, 1 race, 2 long, 3 workout; rides 10 to 12
   * @example 0
   */
  workout_type: number | null;
  /**
   * Indoors, on a trainer or treadmill
   * @example false
   */
  trainer: boolean;
  /**
   * On the way to or from work
   * @example false
   */
  commute: boolean;
  /**
   * Typed in, not recorded
   * @example false
   */
  manual: boolean;
  /** Null where there is none, and for callers without the key */
  map: ActivityMap | null;
  /**
   * Why `map` is null: the activity has no track, or the caller no key, whether it has one or not
   * @example "no_track"
   */
  map_reason: "no_track" | "needs_key" | null;
}

/** Where an activity went */
export interface ActivityMap {
  /**
   * Strava's simplified track, in Google's encoded polyline format with five decimals
   * @example "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
   */
  polyline: string;
  /** A line after RFC 7946 */
  geojson: LineString;
}

/** A line after RFC 7946 */
export interface LineString {
  type: "LineString";
  /**
   * Longitude and latitude in degrees, as RFC 7946 orders them
   * @example [[-120.2,38.5],[-120.95,40.7],[-126.453,43.252]]
   */
  coordinates: Array<Array<number>>;
}

/** How the sync stands */
export interface SyncStatus {
  /**
   * `history` while the whole history is fetched, `recent` while it is looked for what is new, `full` while the whole list is walked again, `waiting` after a failure, `idle` otherwise
   * @example "idle"
   */
  phase: "idle" | "waiting" | "recent" | "full" | "history";
  /**
   * Stored activities
   * @example 1132
   */
  activities: number;
  /**
   * Activities that are probably still to come, judged by how much of the time since the athlete joined Strava has been walked through; null where nothing can be said
   * @example 0
   */
  remaining: number | null;
  /**
   * Whether the whole history has been fetched once
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
   * When the next one begins; null for an athlete who has left
   * @example "2025-12-06T09:00:04Z"
   */
  next_due_at: Date | null;
  /** The application's budget as Strava last told it; null before the first request */
  rate_budget: RateBudget | null;
}

/** What one sync did */
export interface SyncRun {
  /**
   * The run's number
   * @example 41
   */
  id: number;
  /**
   * What began it: a new athlete, the schedule, `/strava/refresh-data`, the command
   * @example "refresh"
   */
  trigger: "connect" | "cron" | "refresh" | "shell";
  /**
   * `interrupted` by the end of the server, or a crash
   * @example "success"
   */
  status: "running" | "success" | "failed" | "interrupted";
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  started_at: Date;
  /**
   * Null while it runs
   * @example "2025-12-06T09:00:04Z"
   */
  ended_at: Date | null;
  /**
   * Pages of the list that were stored
   * @example 1
   */
  pages: number;
  /**
   * Activities on them
   * @example 9
   */
  fetched: number;
  /**
   * Activities that were new
   * @example 3
   */
  inserted: number;
  /**
   * Activities that had changed
   * @example 1
   */
  updated: number;
  /**
   * Activities that could not be read; `/strava/admin/quarantine` says why
   * @example 0
   */
  skipped: number;
  /**
   * Activities that Strava has no more
   * @example 0
   */
  deleted: number;
  /**
   * Why it failed; null where it did not
   * @example null
   */
  error: SyncError | null;
}

/** Why a sync failed */
export interface SyncError {
  /**
   * A stable code
   * @example "unreachable"
   */
  reason: string;
  /**
   * A sentence for a person
   * @example "Strava did not answer /api/v3/athlete/activities within 10 s"
   */
  detail: string;
}

/** The application's budget: requests as counted here, corrected by what Strava tells */
export interface RateBudget {
  /**
   * When a request was last counted, or an answer read
   * @example "2025-12-06T09:00:04Z"
   */
  observed_at: Date;
  /** What is allowed, and what of it is used */
  overall: RateLimit;
  /** What is allowed, and what of it is used */
  read: RateLimit;
  /** When either window begins anew, with the seconds that are waited after it */
  resets_at: RateResets;
}

/** What is allowed, and what of it is used */
export interface RateLimit {
  /** Requests in either window; null where Strava told none */
  limit: RateWindows;
  /** Requests in either window; null where Strava told none */
  usage: RateWindows;
  /** How much of the limit is left to what is new: walks through the history do not use it */
  reserve: {
    /**
     * Per quarter hour
     * @example 12
     */
    short: number | null;
    /**
     * Per UTC day
     * @example 151
     */
    daily: number | null;
  };
}

/** Requests in either window; null where Strava told none */
export interface RateWindows {
  /**
   * Per quarter hour
   * @example 12
   */
  short: number | null;
  /**
   * Per UTC day
   * @example 151
   */
  daily: number | null;
}

/** When either window begins anew, with the seconds that are waited after it */
export interface RateResets {
  /**
   * The quarter hour
   * @example "2025-12-06T09:00:04Z"
   */
  short: Date;
  /**
   * The UTC day
   * @example "2025-12-06T09:00:04Z"
   */
  daily: Date;
}

export interface SyncRunsInput {
  /** How many syncs at most */
  limit?: number | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** The last syncs */
export interface SyncRuns {
  /** Newest first */
  data: Array<SyncRun>;
}

export interface SyncProgressInput {
  /** The id of the last event that came, to be told of the next change only; `Last-Event-ID` says the same */
  lastEventId?: string | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

export interface LoginInput {
  /**
   * The username or the e-mail address, in whatever case
   * @example "ada"
   */
  username: string;
  /**
   * @example "ten thousand miles"
   */
  password: string;
  /** For clients that are no browsers: answers the tokens and sets no cookies */
  return_tokens?: boolean | undefined;
}

/** A session, whose cookies are set or whose tokens are here */
export interface Login {
  /** Somebody with an account */
  user: User;
  /**
   * When the access token ends: refresh before, or on a 401
   * @example "2025-12-06T09:00:04Z"
   */
  access_expires_at: Date;
  /**
   * When the session ends unless it is refreshed: after 7 days, and 90 days at most
   * @example "2025-12-06T09:00:04Z"
   */
  expires_at: Date;
  /**
   * With `return_tokens`: send it as `Authorization: Bearer`
   * @example "pa_9Q2vJx7mB4kT1sYwLzE8cRfN6hUaGdP0oViMqCtXbKe"
   */
  access_token?: string | undefined;
  /**
   * With `return_tokens`: good once, for `/api/auth/refresh`
   * @example "pr_lF2Ku9vqYd4m0nS7cJb1xWgZ5hT8oRiE3aQkPyNfUeM"
   */
  refresh_token?: string | undefined;
}

/** Somebody with an account */
export interface User {
  /**
   * @example "6f1c2f0e-6a3b-4a61-9a55-0c3f4a1d2b7e"
   */
  id: string;
  /**
   * @example "ada"
   */
  username: string;
  /**
   * @example "ada@example.com"
   */
  email: string;
  /**
   * @example "Ada Example"
   */
  display_name: string;
  /** `admin` sees and manages every athlete and user */
  role: "member" | "admin";
}

export interface LoginRefreshInput {
  /**
   * For clients without cookies: what login or refresh answered
   * @example "pr_lF2Ku9vqYd4m0nS7cJb1xWgZ5hT8oRiE3aQkPyNfUeM"
   */
  refresh_token?: string | undefined;
}

export interface LogoutInput {
  /**
   * For clients without cookies: what login or refresh answered
   * @example "pr_lF2Ku9vqYd4m0nS7cJb1xWgZ5hT8oRiE3aQkPyNfUeM"
   */
  refresh_token?: string | undefined;
}

/** There is no session any more, and its cookies are gone */
export interface Logout {
  status: "logged_out";
}

/** Who is logged in */
export interface Me {
  /** Somebody with an account */
  user: User;
  session: {
    /**
     * @example "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11"
     */
    id: string;
    /**
     * When the access token ends
     * @example "2025-12-06T09:00:04Z"
     */
    access_expires_at: Date;
    /**
     * When the password was last given; what cannot be undone asks for it after 10 minutes
     * @example "2025-12-06T09:00:04Z"
     */
    authenticated_at: Date;
  };
}

export interface SignUpInput {
  /**
   * @example "ada"
   */
  username: string;
  /**
   * @example "ada@example.com"
   */
  email: string;
  /**
   * How others see the user; the username where it is left out
   * @example "Ada Example"
   */
  display_name?: string | undefined;
  /**
   * 10 to 256 characters; none that is guessed quickly, nor made of the user's names
   * @example "ten thousand miles"
   */
  password: string;
  /** For clients that are no browsers: answers the tokens and sets no cookies */
  return_tokens?: boolean | undefined;
}

/** The user's sessions */
export interface Sessions {
  /** The newest first */
  data: Array<Session>;
}

/** A login that goes on */
export interface Session {
  /**
   * @example "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11"
   */
  id: string;
  /**
   * Whether it is this one
   * @example true
   */
  current: boolean;
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  created_at: Date;
  /**
   * To within a minute
   * @example "2025-12-06T09:00:04Z"
   */
  last_seen_at: Date;
  /**
   * Unless it is refreshed
   * @example "2025-12-06T09:00:04Z"
   */
  expires_at: Date;
  /**
   * Where it was last refreshed from
   * @example "203.0.113.7"
   */
  address: string | null;
  /**
   * The program, as it calls itself
   * @example "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0"
   */
  agent: string | null;
}

export interface RevokeSessionInput {
  /**
   * @example "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11"
   */
  id: string;
}

/** How many sessions have ended */
export interface RevokedSessions {
  /**
   * Sessions that have ended
   * @example 1
   */
  revoked: number;
}

export interface ConfirmPasswordInput {
  /**
   * @example "ten thousand miles"
   */
  password: string;
}

/** For 10 minutes what cannot be undone may be done */
export interface ConfirmedPassword {
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  authenticated_at: Date;
}

export interface ChangePasswordInput {
  /**
   * @example "ten thousand miles"
   */
  current_password: string;
  /**
   * 10 to 256 characters; none that is guessed quickly, nor made of the user's names
   * @example "one hundred climbs"
   */
  new_password: string;
}

export interface OwnEventsInput {
  /** How many events at most */
  limit?: number | undefined;
  /** `next_cursor` of the page before; events that arrive meanwhile shift nothing */
  cursor?: string | undefined;
}

/** Events, newest first */
export interface AuditPage {
  data: Array<AuditEvent>;
  /**
   * The `cursor` of the next page; null on the last
   * @example "943"
   */
  next_cursor: string | null;
}

/** What happened to whose account, when, and by whom */
export interface AuditEvent {
  /**
   * @example 1042
   */
  id: number;
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  at: Date;
  /** What can be recorded */
  kind: AuditKind;
  /**
   * Whose account it is about; null where there is none, as with a login under an unknown name
   * @example "8f6a2f0c-61f4-4b57-9a53-0f6b7e2f4c11"
   */
  user_id: string | null;
  /**
   * What that user is called; null once the account is deleted
   * @example "ada"
   */
  username: string | null;
  /**
   * Who did it, where that is another user
   * @example null
   */
  actor_id: string | null;
  /**
   * @example null
   */
  session_id: string | null;
  /**
   * @example "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11"
   */
  api_key_id: string | null;
  /**
   * Strava's id
   * @example null
   */
  athlete_id: number | null;
  /**
   * Where it came from
   * @example "203.0.113.7"
   */
  address: string | null;
  /**
   * The program that did it, as it calls itself
   * @example "Mozilla/5.0"
   */
  agent: string | null;
  /**
   * Further words on it, after its kind
   * @example {"prefix":"pl_Ab3dE9xZ","scopes":["stats:read"]}
   */
  detail: Record<string, string | number | boolean | null | Array<string>>;
}

/** What can be recorded */
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
  /** The user's password, given once more */
  password: string;
}

/** What went with the account */
export interface AccountDeleted {
  status: "deleted";
  /** Those that this call has ended */
  athletes: Array<DeletedAthlete>;
}

/** An athlete whose data is gone */
export interface DeletedAthlete {
  /**
   * Strava's id
   * @example 7654321
   */
  id: number;
  /**
   * False where Strava did not answer, then end it at https://www.strava.com/settings/apps, or where no grant was left
   * @example true
   */
  revoked_at_strava: boolean;
}

/** The caller's athletes */
export interface Athletes {
  /** Each owner's default first; the instance's own last */
  data: Array<Athlete>;
}

/** An athlete as its owner sees it */
export interface Athlete {
  /**
   * Strava's id
   * @example 7654321
   */
  id: number;
  /**
   * @example "Ada Example"
   */
  name: string;
  /** Null for the instance's own */
  owner: AthleteOwner | null;
  /**
   * Whether it is meant where the owner names none
   * @example true
   */
  is_default: boolean;
  /**
   * Who may see the statistics and, as `PUBLIC_VISIBILITY` allows, the activities: `private` the owner alone, `link` whoever has the share token, `public` everyone
   * @example "link"
   */
  visibility: "private" | "link" | "public";
  /**
   * What opens a shared athlete, as `athlete` of any read; null where none was made, and for API keys
   * @example "ps_9Q2vJx7mB4kT1sYwLzE8cRfN6hUaGdP0oViMqCtXbKe"
   */
  share_token: string | null;
  /**
   * Whether there is a grant to sync with
   * @example true
   */
  connected: boolean;
  /**
   * Null while Strava accepts the grant, or where there is none
   * @example null
   */
  reconnect_needed: ReconnectNeeded | null;
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  connected_at: Date;
  /**
   * Stored activities
   * @example 1132
   */
  activities: number;
  /**
   * Whether the whole history has been walked through
   * @example true
   */
  first_sync_done: boolean;
  /**
   * When the last successful sync ended
   * @example "2025-12-06T09:00:04Z"
   */
  last_success_at: Date | null;
}

/** Whose athlete it is */
export interface AthleteOwner {
  /**
   * @example "6f1c2f0e-6a3b-4a61-9a55-0c3f4a1d2b7e"
   */
  id: string;
  /**
   * @example "ada"
   */
  username: string;
  /**
   * @example "Ada Example"
   */
  display_name: string;
}

/** Strava refuses the grant: nothing is asked for the athlete until they connect again */
export interface ReconnectNeeded {
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  since: Date;
  /**
   * Where the athlete connects again
   * @example "https://training.example/strava/authorize"
   */
  url: string;
}

export interface OwnAthleteInput {
  /**
   * Strava's id
   * @example 7654321
   */
  athlete: number;
}

export interface SetVisibilityInput {
  /**
   * Strava's id
   * @example 7654321
   */
  athlete: number;
  /**
   * Who may see the statistics and, as `PUBLIC_VISIBILITY` allows, the activities: `private` the owner alone, `link` whoever has the share token, `public` everyone
   * @example "link"
   */
  visibility: "private" | "link" | "public";
}

/** What was ended and deleted */
export interface Disconnect {
  status: "disconnected";
  /**
   * Strava's id
   * @example 7654321
   */
  athlete_id: number;
  /**
   * False where Strava did not answer, then end it at https://www.strava.com/settings/apps, or where no grant was left
   * @example true
   */
  revoked_at_strava: boolean;
  /**
   * What became of the stored history
   * @example "kept"
   */
  data: "kept" | "deleted";
}

export interface AuditInput {
  /** How many events at most */
  limit?: number | undefined;
  /** `next_cursor` of the page before; events that arrive meanwhile shift nothing */
  cursor?: string | undefined;
  /**
   * Only about this user, or done by them: an id, a username or an e-mail address. Of a deleted account only the id is left
   * @example "ada"
   */
  user?: string | undefined;
  /** What can be recorded */
  kind?: AuditKind | undefined;
  /**
   * Only from this moment on; a date is its first in UTC
   * @example "2025-12-01"
   */
  from?: string | string | undefined;
  /**
   * Only before this moment
   * @example "2025-12-07T00:00:00Z"
   */
  to?: string | string | undefined;
}

export interface RefreshInput {
  /** `recent`: the last 14 days before the last sync; `full`: the whole list, with all edits and deletions */
  mode?: "recent" | "full" | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** How the sync went */
export interface Refresh {
  /** `running` when it takes longer than 20 seconds: it goes on by itself */
  status: "success" | "running";
  /**
   * @example "3 new activities, 1 changed"
   */
  message: string;
  /** What one sync did */
  run: SyncRun;
}

/** How athletes and syncs are */
export interface Status {
  athletes: Array<AthleteStatus>;
  /** How Strava's push events come in */
  webhooks: Webhooks;
  /** The application's budget; null before the first request */
  rate_budget: RateBudget | null;
  /**
   * Since when Strava has closed its API to the application, see https://www.strava.com/settings/api; null while it is open
   * @example null
   */
  app_inactive_since: Date | null;
}

/** An athlete, the last syncs and the next */
export interface AthleteStatus {
  /**
   * Strava's id
   * @example 7654321
   */
  id: number;
  /**
   * @example "Ada Example"
   */
  name: string;
  /**
   * Whether there is a grant to sync with
   * @example true
   */
  connected: boolean;
  /**
   * Null while Strava accepts the grant, or where there is none
   * @example null
   */
  reconnect_needed: ReconnectNeeded | null;
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  connected_at: Date;
  /**
   * What the athlete has allowed
   * @example ["read","activity:read_all"]
   */
  scopes: Array<string>;
  /**
   * Stored activities
   * @example 1132
   */
  activities: number;
  /**
   * Those that Strava has no more: they count nowhere and can be restored
   * @example 2
   */
  deleted: number;
  /**
   * What is missing at Strava, and too much or too doubtful to be deleted without the owner's word
   * @example null
   */
  pending_deletions: PendingDeletions | null;
  /**
   * Activities that cannot be read
   * @example 0
   */
  quarantined: number;
  /**
   * Whether the whole history has been walked through
   * @example true
   */
  first_sync_done: boolean;
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  last_success_at: Date | null;
  /**
   * When the last walk of the whole list that came to its end had begun
   * @example "2025-12-06T09:00:04Z"
   */
  full_walk_at: Date | null;
  /**
   * Null for an athlete who has left, or has to connect again first
   * @example "2025-12-06T09:00:04Z"
   */
  next_due_at: Date | null;
  /**
   * Failed syncs in a row
   * @example 0
   */
  failures: number;
  /** The last 10, newest first */
  runs: Array<SyncRun>;
}

/** Activities that look deleted, and are kept until the owner confirms it */
export interface PendingDeletions {
  /**
   * How many
   * @example 412
   */
  count: number;
  /**
   * When the first was found missing
   * @example "2025-12-06T09:00:04Z"
   */
  since: Date;
}

/** How Strava's push events come in */
export interface Webhooks {
  /**
   * Whether PUBLIC_URL and WEBHOOK_VERIFY_TOKEN are set
   * @example true
   */
  enabled: boolean;
  /**
   * Strava's id of the subscription; null where there is none
   * @example 120475
   */
  subscription_id: number | null;
  /**
   * When Strava last told of the subscription
   * @example "2025-12-06T09:00:04Z"
   */
  checked_at: Date | null;
  /**
   * When the last event was stored
   * @example "2025-12-06T09:00:04Z"
   */
  last_event_at: Date | null;
  /**
   * Events that are still to be worked off
   * @example 0
   */
  waiting: number;
  dropped: Array<DroppedEvents>;
}

/** How many push events were dropped for one reason */
export interface DroppedEvents {
  /**
   * @example "unknown_owner"
   */
  reason: string;
  /**
   * @example 2
   */
  count: number;
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  last_at: Date;
}

export interface RestoreInput {
  /**
   * Strava's ids; without them all that are deleted
   * @example [16543210987]
   */
  ids?: Array<number> | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

/** What came back */
export interface Restore {
  status: "restored";
  /**
   * Activities that count again
   * @example 2
   */
  restored: number;
}

/** Activities that cannot be read */
export interface Quarantine {
  /**
   * How many there are
   * @example 1
   */
  total: number;
  /** The first 200, what was tried last first */
  data: Array<QuarantinedActivity>;
}

/** An activity that cannot be read */
export interface QuarantinedActivity {
  /**
   * Strava's id as far as it could be read; digits beyond 2^53 are not exact
   * @example "1152921504606846976"
   */
  id: string;
  /**
   * What is wrong with it
   * @example "start_date: Invalid ISO datetime"
   */
  reason: string;
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  first_seen_at: Date;
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  last_seen_at: Date;
  /**
   * How often it was tried to read it
   * @example 31
   */
  tries: number;
}

export interface DisconnectInput {
  /** What becomes of the stored history */
  data?: "keep" | "delete" | undefined;
  /**
   * Strava's id, or the token of a share link, `ps_...`; by default the caller's own athlete and, for who has none, the one that the instance shows to everyone
   * @example 7654321
   */
  athlete?: number | string | undefined;
}

export interface CreateKeyInput {
  /**
   * What its owner calls it
   * @example "Shortcut on the phone"
   */
  name: string;
  /**
   * What it may do, at least one thing
   * @example ["stats:read","sync:write"]
   */
  scopes: Array<Scope>;
  /**
   * When it ends; without it, not until it is revoked
   * @example "2026-12-06T00:00:00Z"
   */
  expires_at?: string | undefined;
}

/** One thing that an API key may be allowed to do; `activities:read_private` shows the private ones of the key's owner, `admin` is for administrators */
export type Scope =
  | "stats:read"
  | "activities:read"
  | "activities:read_private"
  | "sync:write"
  | "export:read"
  | "admin";

/** A new API key: the only time that the key itself is shown */
export interface NewApiKey {
  /**
   * The key itself: it is shown this once and stored nowhere
   * @example "pl_Ab3dE9xZ_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
   */
  key: string;
  /**
   * The key's `id`, which is no secret
   * @example "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11"
   */
  id: string;
  /**
   * @example "Shortcut on the phone"
   */
  name: string;
  /**
   * How the key begins
   * @example "pl_Ab3dE9xZ"
   */
  prefix: string;
  /**
   * @example ["stats:read","sync:write"]
   */
  scopes: Array<Scope>;
  /**
   * Whether it opens anything: neither revoked nor expired
   * @example true
   */
  active: boolean;
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  created_at: Date;
  /**
   * Null where it ends only by being revoked
   * @example null
   */
  expires_at: Date | null;
  /**
   * To the minute; null before the first use
   * @example "2025-12-06T09:00:04Z"
   */
  last_used_at: Date | null;
  /**
   * Where it was used from then
   * @example "203.0.113.7"
   */
  last_used_address: string | null;
  /**
   * @example null
   */
  revoked_at: Date | null;
}

/** All keys of a user, revoked and expired ones too, newest first */
export interface ApiKeys {
  data: Array<ApiKey>;
}

/** An API key, without the key itself */
export interface ApiKey {
  /**
   * The key's `id`, which is no secret
   * @example "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11"
   */
  id: string;
  /**
   * @example "Shortcut on the phone"
   */
  name: string;
  /**
   * How the key begins
   * @example "pl_Ab3dE9xZ"
   */
  prefix: string;
  /**
   * @example ["stats:read","sync:write"]
   */
  scopes: Array<Scope>;
  /**
   * Whether it opens anything: neither revoked nor expired
   * @example true
   */
  active: boolean;
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  created_at: Date;
  /**
   * Null where it ends only by being revoked
   * @example null
   */
  expires_at: Date | null;
  /**
   * To the minute; null before the first use
   * @example "2025-12-06T09:00:04Z"
   */
  last_used_at: Date | null;
  /**
   * Where it was used from then
   * @example "203.0.113.7"
   */
  last_used_address: string | null;
  /**
   * @example null
   */
  revoked_at: Date | null;
}

export interface RenameKeyInput {
  /**
   * The key's `id`, which is no secret
   * @example "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11"
   */
  id: string;
  /**
   * What its owner calls it
   * @example "Shortcut on the phone"
   */
  name: string;
}

export interface RevokeKeyInput {
  /**
   * The key's `id`, which is no secret
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
