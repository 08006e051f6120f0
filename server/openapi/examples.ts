import type { inferRouterOutputs } from "@trpc/server";
import { Instant } from "../../db/driver/client.ts";
import { ATHLETE_EXAMPLES } from "./examples_athletes.ts";
import { AUTH_EXAMPLES } from "./examples_auth.ts";
import { AUDIT_EXAMPLE, KEY_EXAMPLES } from "./examples_accounts.ts";
import { LOAD_EXAMPLES } from "./examples_load.ts";
import { OVERVIEW_EXAMPLES } from "./examples_overview.ts";
import { RECORDS_EXAMPLES } from "./examples_records.ts";
import type { AppRouter } from "../router.ts";

type AllOutputs = inferRouterOutputs<AppRouter>;
/** A stream is none of REST's. */
type Outputs = Omit<AllOutputs, "sync"> & {
  sync: Omit<AllOutputs["sync"], "progress">;
};
type Total = Outputs["stats"]["totals"]["data"][string];
type Activity = Outputs["activities"]["list"]["data"][number];
type Run = Outputs["admin"]["refresh"]["run"];

const FETCHED_AT = new Instant("2025-12-06T09:00:04Z");

const MORNING_RUN: Activity = {
  id: 16543210987,
  name: "Morning Run",
  type: "Run",
  sport_type: "TrailRun",
  distance: 10234.5,
  moving_time: 2912,
  elapsed_time: 3050,
  total_elevation_gain: 143.2,
  start_date: new Instant("2025-12-06T07:30:12Z"),
  start_date_local: "2025-12-06T08:30:12",
  utc_offset: 3600,
  timezone: "Europe/Berlin",
  average_speed: 3.514,
  max_speed: 5.2,
  kudos_count: 7,
  heart_rate: { average: 148.3, max: 171 },
  visibility: "everyone",
  gear_id: "g3423618",
  workout_type: 0,
  trainer: false,
  commute: false,
  manual: false,
};

const LONG_RIDE: Activity = {
  ...MORNING_RUN,
  id: 15201987654,
  name: "Round the lake",
  type: "Ride",
  sport_type: "GravelRide",
  distance: 121480.6,
  moving_time: 16834,
  elapsed_time: 20311,
  total_elevation_gain: 1312,
  start_date: new Instant("2025-07-19T06:12:40Z"),
  start_date_local: "2025-07-19T08:12:40",
  utc_offset: 7200,
  average_speed: 7.216,
  max_speed: 16.9,
  kudos_count: 31,
  heart_rate: { average: null, max: null },
  gear_id: "b8812345",
  workout_type: 10,
};

const SYNC_RUN: Run = {
  id: 41,
  trigger: "refresh",
  status: "success",
  started_at: new Instant("2025-12-06T09:00:01Z"),
  ended_at: FETCHED_AT,
  pages: 1,
  fetched: 9,
  inserted: 3,
  updated: 1,
  skipped: 0,
  deleted: 0,
  error: null,
};

const RATE_BUDGET: Outputs["admin"]["status"]["rate_budget"] = {
  observed_at: FETCHED_AT,
  overall: {
    limit: { short: 200, daily: 2000 },
    usage: { short: 4, daily: 151 },
    reserve: { short: 40, daily: 400 },
  },
  read: {
    limit: { short: 100, daily: 1000 },
    usage: { short: 4, daily: 150 },
    reserve: { short: 20, daily: 200 },
  },
  resets_at: {
    short: new Instant("2025-12-06T09:15:07Z"),
    daily: new Instant("2025-12-07T00:00:07Z"),
  },
};

/** What each procedure answers to a good request; the compiler keeps it complete. */
export const OUTPUT_EXAMPLES: Outputs = {
  auth: AUTH_EXAMPLES,
  stats: {
    ...RECORDS_EXAMPLES,
    ...LOAD_EXAMPLES,
    ...OVERVIEW_EXAMPLES,
    gear: {
      type: "gear",
      data: [{
        id: "g3423618",
        name: "Nimbus 22 Speedy",
        name_reason: null,
        brand: "Nimbus",
        model: "22",
        nickname: "Speedy",
        retired: false,
        distance: 512345.6,
        moving_time: 162345,
        count: 61,
        first_used: "2024-03-02",
        last_used: "2025-12-06",
        used_reason: null,
      }],
      fetched_at: FETCHED_AT,
    },
    ytd: {
      type: "ytd",
      data: {
        run: total(143, 1482310.4, 421870, 14211.5),
        ride: total(61, 2904551.9, 412044, 30122),
      },
      fetched_at: FETCHED_AT,
    },
    monthly: {
      type: "monthly",
      data: {
        "2025-12": total(4, 41820.2, 12040, 410.5),
        "2025-11": total(17, 201377.8, 61022, 2204.1),
        "2025-10": total(20, 388410.5, 83371, 4410),
        "2025-09": total(22, 501263.3, 97420, 5718.6),
        "2025-08": total(24, 612044.1, 113865, 7204),
        "2025-07": total(26, 702918.7, 128811, 8313.4),
        "2025-06": total(23, 580114.6, 106230, 6610.2),
        "2025-05": total(21, 491872, 92715, 5240.8),
        "2025-04": total(18, 330210.9, 71204, 3622.7),
        "2025-03": total(16, 250811.4, 60140, 2517.3),
        "2025-02": total(0, 0, 0, 0),
        "2025-01": total(13, 122406.7, 40112, 1388.9),
      },
      fetched_at: FETCHED_AT,
    },
    activities: {
      type: "recent_activities",
      data: [{
        id: MORNING_RUN.id,
        name: MORNING_RUN.name,
        type: MORNING_RUN.type,
        distance: MORNING_RUN.distance,
        moving_time: MORNING_RUN.moving_time,
        elevation_gain: MORNING_RUN.total_elevation_gain,
        start_date: MORNING_RUN.start_date,
      }],
      fetched_at: FETCHED_AT,
    },
    totals: {
      type: "all_time_totals",
      data: {
        Run: total(812, 8211543.9, 2390411, 81023.4),
        Ride: total(301, 14120398.2, 2010442, 150211),
        Swim: total(19, 28550, 33610, 0),
      },
      fetched_at: FETCHED_AT,
    },
    yearly: {
      type: "yearly_stats",
      data: {
        "2025": {
          Run: total(143, 1482310.4, 421870, 14211.5),
          Ride: total(61, 2904551.9, 412044, 30122),
        },
        "2024": { Run: total(160, 1690022.6, 489120, 16804) },
      },
      fetched_at: FETCHED_AT,
    },
    longestRun: { ...MORNING_RUN, workout_type: 2 },
    longestRide: LONG_RIDE,
  },
  activities: {
    list: {
      total: 1132,
      limit: 2,
      offset: 0,
      next_cursor: "1752905560000-15201987654",
      data: [MORNING_RUN, LONG_RIDE],
    },
    get: {
      ...MORNING_RUN,
      map: {
        polyline: "_p~iF~ps|U_ulLnnqC_mqNvxq`@",
        geojson: {
          type: "LineString",
          coordinates: [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]],
        },
      },
      map_reason: null,
    },
  },
  sync: {
    status: {
      phase: "idle",
      activities: 1132,
      remaining: 0,
      first_sync_done: true,
      run: SYNC_RUN,
      last_success_at: FETCHED_AT,
      next_due_at: new Instant("2025-12-06T10:00:00Z"),
      rate_budget: RATE_BUDGET,
    },
    runs: { data: [SYNC_RUN] },
  },
  keys: KEY_EXAMPLES,
  athletes: ATHLETE_EXAMPLES,
  admin: {
    audit: AUDIT_EXAMPLE,
    refresh: {
      status: "success",
      message: "3 new activities, 1 changed",
      run: SYNC_RUN,
    },
    status: {
      athletes: [{
        id: 7654321,
        name: "Ada Example",
        connected: true,
        reconnect_needed: null,
        connected_at: new Instant("2025-03-02T17:41:09Z"),
        scopes: [
          "read",
          "activity:read",
          "activity:read_all",
          "profile:read_all",
        ],
        activities: 1132,
        deleted: 2,
        pending_deletions: null,
        quarantined: 1,
        first_sync_done: true,
        last_success_at: FETCHED_AT,
        full_walk_at: new Instant("2025-12-05T14:00:01Z"),
        next_due_at: new Instant("2025-12-06T10:00:00Z"),
        failures: 0,
        runs: [SYNC_RUN],
      }],
      webhooks: {
        enabled: true,
        subscription_id: 120475,
        checked_at: FETCHED_AT,
        last_event_at: FETCHED_AT,
        waiting: 0,
        dropped: [{ reason: "unknown_owner", count: 2, last_at: FETCHED_AT }],
      },
      rate_budget: RATE_BUDGET,
      app_inactive_since: null,
    },
    confirmDeletions: {
      status: "success",
      message: "0 new activities, 0 changed, 412 deleted",
      run: { ...SYNC_RUN, inserted: 0, updated: 0, deleted: 412 },
    },
    restore: { status: "restored", restored: 2 },
    quarantine: {
      total: 1,
      data: [{
        id: "1152921504606846976",
        reason: "start_date: Invalid ISO datetime",
        first_seen_at: new Instant("2025-11-29T11:00:02Z"),
        last_seen_at: FETCHED_AT,
        tries: 167,
      }],
    },
    disconnect: {
      status: "disconnected",
      athlete_id: 7654321,
      revoked_at_strava: true,
      data: "kept",
    },
  },
};

function total(
  count: number,
  distance: number,
  moving_time: number,
  elevation_gain: number,
): Total {
  return { count, distance, moving_time, elevation_gain };
}
