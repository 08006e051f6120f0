import {
  type ActivityInput,
  listChangedActivities,
  upsertActivities,
} from "../../db/activities.ts";
import { bumpDataVersion } from "../../db/athletes.ts";
import type { Sql } from "../../db/driver/client.ts";
import { deleteActivities } from "../../db/deleted_activities.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import { readPage } from "./parse_activity.ts";
import { askStrava } from "./request_strava.ts";
import type { Deps } from "../context.ts";
import { StravaError } from "../strava/errors.ts";

/**
 * What fetching one activity anew has brought:
 * - `stored`: new, changed, or restored;
 * - `unchanged`: as it is stored;
 * - `deleted`: Strava does not show it any more, and it is marked as deleted;
 * - `gone`: Strava does not show it, and it was not stored, or the owner has restored it;
 * - `refused`: it is another athlete's, or cannot be stored; the log says why.
 */
export type Refetched =
  | "stored"
  | "unchanged"
  | "deleted"
  | "gone"
  | "refused";

export interface RefetchOptions {
  athleteId: number;
  id: number;
  /** Runs before each further attempt, such as to hold a lease. */
  beforeRetry?: () => Promise<void>;
  /** Runs in the transaction that stores the activity; what it throws undoes both. */
  settle?: (sql: Sql, result: Refetched) => Promise<void>;
}

/**
 * Fetches one activity and stores what Strava shows of it now.
 *
 * @throws {StravaError} What Strava answered, but for its 404, which is a result.
 */
export async function refetchActivity(
  deps: Deps,
  {
    athleteId,
    id,
    beforeRetry = async () => {},
    settle = async () => {},
  }: RefetchOptions,
): Promise<Refetched> {
  const detail = await fetchDetail(deps, { athleteId, id, beforeRetry });
  const activity = detail && readDetail(deps, { detail, athleteId, id });
  const now = new Date(deps.now());
  return await deps.sql.begin(async (sql) => {
    await lockSyncState(sql, { athleteId });
    const result = detail === undefined
      ? await markDeleted(sql, { athleteId, id, now })
      : activity === undefined
      ? "refused"
      : await store(sql, { athleteId, activity, now });
    if (result === "stored" || result === "deleted") {
      await bumpDataVersion(sql, { id: athleteId });
    }
    await settle(sql, result);
    return result;
  });
}

/** The detail, or `undefined` for what Strava does not show (any more). */
async function fetchDetail(
  deps: Deps,
  { athleteId, id, beforeRetry }: Required<Omit<RefetchOptions, "settle">>,
): Promise<Record<string, unknown> | undefined> {
  try {
    return await askStrava(deps, {
      athleteId,
      // What is new goes before what is old.
      priority: "fresh",
      ask: (options) => deps.strava.getActivity({ ...options, id }),
      beforeRetry,
    });
  } catch (error) {
    if (error instanceof StravaError && error.kind === "not_found") {
      return undefined;
    }
    throw error;
  }
}

/** What is to be stored; `undefined`, with a line in the log, for what is none of this athlete's. */
function readDetail(
  { log }: Deps,
  { detail, athleteId, id }: {
    detail: Record<string, unknown>;
    athleteId: number;
    id: number;
  },
): ActivityInput | undefined {
  if (detail["id"] !== id || readOwner(detail) !== athleteId) {
    log.warning("Activity {id} is not one of athlete {athleteId}", {
      id,
      athleteId,
    });
    return undefined;
  }
  const { activities: [activity], skipped } = readPage([toSummary(detail)]);
  for (const { reason } of skipped) {
    log.warning("Activity {id} cannot be stored: {reason}", { id, reason });
  }
  return activity;
}

function readOwner({ athlete }: Record<string, unknown>): unknown {
  return typeof athlete === "object" && athlete !== null && "id" in athlete
    ? athlete.id
    : undefined;
}

async function store(
  sql: Sql,
  { athleteId, activity, now }: {
    athleteId: number;
    activity: ActivityInput;
    now: Date;
  },
): Promise<Refetched> {
  const changed = await listChangedActivities(sql, {
    athleteId,
    activities: [activity],
  });
  const { inserted, updated } = await upsertActivities(sql, {
    athleteId,
    activities: changed,
    now,
  });
  return inserted + updated > 0 ? "stored" : "unchanged";
}

async function markDeleted(
  sql: Sql,
  { athleteId, id, now }: { athleteId: number; id: number; now: Date },
): Promise<Refetched> {
  const ids = await deleteActivities(sql, {
    athleteId,
    ids: [id],
    keepRestored: true,
    now,
  });
  return ids.length > 0 ? "deleted" : "gone";
}

/** What `GET /activities/{id}` has and the list has not. */
const DETAIL_ONLY: ReadonlySet<string> = new Set([
  "available_zones",
  "best_efforts",
  "calories",
  "description",
  "embed_token",
  "gear",
  "hide_from_home",
  "highlighted_kudosers",
  "laps",
  "partner_brand_tag",
  "perceived_exertion",
  "photos",
  "prefer_perceived_exertion",
  "private_note",
  "segment_efforts",
  "segment_leaderboard_opt_out",
  "similar_activities",
  "splits_metric",
  "splits_standard",
  "stats_visibility",
]);

/**
 * The item that the list would have: what is stored is the same whichever way it came, so that the
 * next walk does not take it for changed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const map = { id: "a1", polyline: "abc", summary_polyline: "a", resource_state: 3 };
 * assert.deepEqual(toSummary({ id: 1, resource_state: 3, laps: [], map }), {
 *   id: 1,
 *   resource_state: 2,
 *   map: { id: "a1", summary_polyline: "a", resource_state: 2 },
 * });
 * ```
 */
export function toSummary(
  detail: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const kept = Object.entries(detail).filter(([key]) => !DETAIL_ONLY.has(key));
  const summary: Record<string, unknown> = Object.fromEntries(kept);
  if ("resource_state" in summary) summary["resource_state"] = 2;
  const { map } = summary;
  if (typeof map === "object" && map !== null) {
    const { polyline: _, ...rest } = map as Record<string, unknown>;
    summary["map"] = "resource_state" in rest
      ? { ...rest, resource_state: 2 }
      : rest;
  }
  return summary;
}
