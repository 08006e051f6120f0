// Written by `deno task sdk:contract` from the server's procedures and their schemas.

import type { Mutation, Query, Subscription } from "./procedure.ts";

export interface GearInput {
  /**
   * A group (`run`, `ride`, `swim`) or one sport, whether `type` or `sport_type`, in any case; all by default
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

export interface BySportInput {
  /** Name sports by Strava's older `type` or by its newer, finer `sport_type` */
  by?: "type" | "sport_type" | undefined;
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
   * A group (`run`, `ride`, `swim`) or one sport, whether `type` or `sport_type`, in any case; all by default
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
   * `history` while the whole history is fetched, `recent` while it is looked for what is new, `waiting` after a failure, `idle` otherwise
   * @example "history"
   */
  phase: "idle" | "waiting" | "recent" | "history";
  /**
   * Stored activities
   * @example 1200
   */
  activities: number;
  /**
   * Activities that are probably still to come, judged by how much of the time since the athlete joined Strava has been walked through; null where nothing can be said
   * @example 1740
   */
  remaining: number | null;
  /**
   * Whether the whole history has been fetched once
   * @example false
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
   * Activities that could not be stored; the log says why
   * @example 0
   */
  skipped: number;
  /** Why it failed; null where it did not */
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

/** The application's budget as Strava last told it */
export interface RateBudget {
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  observed_at: Date;
  /** What is allowed, and what of it is used */
  overall: RateLimit;
  /** What is allowed, and what of it is used */
  read: RateLimit;
}

/** What is allowed, and what of it is used */
export interface RateLimit {
  /** Requests in either window; null where Strava told none */
  limit: RateWindows;
  /** Requests in either window; null where Strava told none */
  usage: RateWindows;
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

export interface SyncRunsInput {
  /** How many syncs at most */
  limit?: number | undefined;
}

/** The last syncs */
export interface SyncRuns {
  /** Newest first */
  data: Array<SyncRun>;
}

export interface SyncProgressInput {
  /** The id of the last event that came, to be told of the next change only; `Last-Event-ID` says the same */
  lastEventId?: string | undefined;
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
  /** The application's budget as Strava last told it; null before the first request */
  rate_budget: RateBudget | null;
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
   * Whether the whole history has been walked through
   * @example true
   */
  first_sync_done: boolean;
  /**
   * @example "2025-12-06T09:00:04Z"
   */
  last_success_at: Date | null;
  /**
   * Null for an athlete who has left
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

export interface DisconnectInput {
  /** What becomes of the stored history */
  data?: "keep" | "delete" | undefined;
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

/**
 * Why the server refused a call, as a stable code:
 * - `activity_not_found`: No activity matches
 * - `body_too_large`: The request's body is larger than this server accepts
 * - `body_too_slow`: The request's body did not arrive within 10 seconds
 * - `database_unavailable`: The database does not answer; try again shortly
 * - `internal_error`: Something failed here; the request id finds it in the log
 * - `invalid_api_key`: The API key is not valid
 * - `invalid_input`: The request does not fit what this route takes
 * - `invalid_json`: The request's body or input is not valid JSON
 * - `method_not_allowed`: This route does not take this method
 * - `missing_api_key`: This route needs the API key, in X-API-Key or as Authorization: Bearer
 * - `not_connected`: No athlete is connected yet: open /strava/authorize in a browser
 * - `not_found`: There is nothing at this address
 * - `not_synced`: The first sync has not finished yet: GET /strava/admin/status shows how far it is
 * - `reconnect_needed`: Strava does not accept the grant any more: open /strava/authorize to connect again
 * - `strava_app_inactive`: Strava has closed its API to this application: see https://www.strava.com/settings/api
 * - `strava_rate_limited`: Strava's rate limit is used up; try again later
 * - `strava_unavailable`: Strava did not give a usable answer; try again later
 * - `sync_failed`: The sync failed; the log says why
 * - `too_many_credentials`: Give the API key once, either in X-API-Key or as Authorization: Bearer
 * - `unsupported_media_type`: Send the body as application/json
 */
export type Reason =
  | "activity_not_found"
  | "body_too_large"
  | "body_too_slow"
  | "database_unavailable"
  | "internal_error"
  | "invalid_api_key"
  | "invalid_input"
  | "invalid_json"
  | "method_not_allowed"
  | "missing_api_key"
  | "not_connected"
  | "not_found"
  | "not_synced"
  | "reconnect_needed"
  | "strava_app_inactive"
  | "strava_rate_limited"
  | "strava_unavailable"
  | "sync_failed"
  | "too_many_credentials"
  | "unsupported_media_type";

/** Every procedure of the server. */
export interface Api {
  /** Statistics of the whole history */
  stats: {
    /**
     * Shoes and bikes.
     *
     * Distance, time and number of activities of each gear, with its name. Without the API key `first_used` and `last_used` are those of the activities that `PUBLIC_VISIBILITY` lets everyone see; the sums count all.
     */
    gear: Query<GearInput | undefined, GearStatistic>;
    /**
     * This year so far.
     *
     * Totals of runs and rides in the athlete's current local year.
     */
    ytd: Query<void, YtdStatistic>;
    /**
     * The last 12 months.
     *
     * Totals of all sports for the last 12 local calendar months with the current one, newest first; months without activities are zeros.
     */
    monthly: Query<void, MonthlyStatistic>;
    /**
     * The newest activities.
     *
     * The last 30 activities, newest first. Without the API key only those that `PUBLIC_VISIBILITY` lets everyone see.
     */
    activities: Query<void, RecentActivitiesStatistic>;
    /**
     * All time, by sport.
     *
     * Totals of each sport over the whole history, the most frequent first.
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
     * By distance; trail and virtual runs count. 404 where the year has no run that the caller may see.
     */
    longestRun: Query<InYearInput | undefined, Activity>;
    /**
     * The longest ride of a year.
     *
     * By distance; gravel, mountain bike, electric and virtual rides count. 404 where the year has no ride that the caller may see.
     */
    longestRide: Query<InYearInput | undefined, Activity>;
  };

  /** The activities themselves */
  activities: {
    /**
     * Activities, newest first unless asked otherwise.
     *
     * Without the API key only those that `PUBLIC_VISIBILITY` lets everyone see.
     */
    list: Query<ActivitiesInput | undefined, ActivityPage>;
    /**
     * One activity.
     *
     * With the API key the map too, as Strava's polyline and as GeoJSON. Without it 404 for what `PUBLIC_VISIBILITY` does not let everyone see, as for what is not there.
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
    status: Query<void, SyncStatus>;
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

  /** For the owner of the instance, with the API key */
  admin: {
    /**
     * Sync now.
     *
     * Fetches what is new or changed and waits up to 20 seconds for the end. While a sync is under way no second one begins: its end is waited for.
     */
    refresh: Mutation<Record<string, never> | undefined, Refresh>;
    /**
     * How the instance is.
     *
     * Athletes with their last syncs and the next, and the budget at Strava.
     */
    status: Query<void, Status>;
    /**
     * Disconnect the athlete.
     *
     * Revokes the grant at Strava and deletes the tokens. The history stays and is served on, unless `data` is `delete`.
     */
    disconnect: Mutation<DisconnectInput | undefined, Disconnect>;
  };
}
