// Written by `deno task sdk:contract` from the server's procedures and their schemas.

import type { Mutation, Query, Subscription } from "./procedure.ts";

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
  /** How many of the newest to leave out; for long walks take `cursor` instead */
  offset?: number | undefined;
  /** `next_cursor` of the page before; activities that arrive meanwhile shift nothing */
  cursor?: string | undefined;
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
}

/** Activities, newest first */
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
   * Activities that could not be read; `/strava/admin/quarantine` says why
   * @example 0
   */
  skipped: number;
  /**
   * Activities that Strava has no more
   * @example 0
   */
  deleted: number;
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

export interface RefreshInput {
  /** `recent`: the last 14 days before the last sync; `full`: the whole list, with all edits and deletions */
  mode?: "recent" | "full" | undefined;
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
  /** Null while Strava accepts the grant, or where there is none */
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
  /** What is missing at Strava, and too much or too doubtful to be deleted without the owner's word */
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
     * Activities, newest first.
     *
     * Without the API key only those that `PUBLIC_VISIBILITY` lets everyone see.
     */
    list: Query<ActivitiesInput | undefined, ActivityPage>;
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
    confirmDeletions: Mutation<Record<string, never> | undefined, Refresh>;
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
    quarantine: Query<void, Quarantine>;
    /**
     * Disconnect the athlete.
     *
     * Revokes the grant at Strava and deletes the tokens. The history stays and is served on, unless `data` is `delete`.
     */
    disconnect: Mutation<DisconnectInput | undefined, Disconnect>;
  };
}
