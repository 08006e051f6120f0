import {
  type ActivityInput,
  listChangedActivities,
  upsertActivities,
} from "../../db/activities.ts";
import { bumpDataVersion } from "../../db/athletes.ts";
import type { Sql } from "../../db/driver/client.ts";
import { deleteActivities } from "../../db/deleted_activities.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import { joinFiles, releaseFiles } from "../imports/join_files.ts";
import { parsePage } from "./parse_activity.ts";
import { requestStrava } from "./request_strava.ts";
import type { Deps } from "../context.ts";
import { StravaError } from "../strava/errors.ts";

/**
 * The result of fetching one activity again:
 * - `stored`: it is new, changed or restored
 * - `unchanged`: it equals the stored one
 * - `deleted`: Strava no longer shows it, and it is now marked as deleted
 * - `gone`: Strava does not show it, and it was not stored or the owner has restored it
 * - `refused`: it belongs to another athlete or cannot be stored; the log has the reason
 */
export type RefetchResult =
  | "stored"
  | "unchanged"
  | "deleted"
  | "gone"
  | "refused";

/** Options of {@link refetchActivity}. */
export interface RefetchOptions {
  athleteId: number;
  id: number;
  /** Runs before each retry, for example to renew a lease. */
  beforeRetry?: () => Promise<void>;
  /** Runs in the transaction that stores the activity. An error rolls both back. */
  settle?: (sql: Sql, result: RefetchResult) => Promise<void>;
}

/**
 * Fetches one activity and stores its current state.
 *
 * @throws {StravaError} Any failure except a 404, which is a result.
 */
export async function refetchActivity(
  deps: Deps,
  {
    athleteId,
    id,
    beforeRetry = async () => {},
    settle = async () => {},
  }: RefetchOptions,
): Promise<RefetchResult> {
  const detail = await fetchDetail(deps, { athleteId, id, beforeRetry });
  const activity = detail && parseDetail(deps, { detail, athleteId, id });
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

/** Returns the activity's detail, or `undefined` if Strava does not show it. */
async function fetchDetail(
  deps: Deps,
  { athleteId, id, beforeRetry }: Required<Omit<RefetchOptions, "settle">>,
): Promise<Record<string, unknown> | undefined> {
  try {
    return await requestStrava(deps, {
      athleteId,
      // New activities come before old ones.
      priority: "fresh",
      send: (options) => deps.strava.getActivity({ ...options, id }),
      beforeRetry,
    });
  } catch (error) {
    if (error instanceof StravaError && error.kind === "not_found") {
      return undefined;
    }
    throw error;
  }
}

/** Returns the activity to store. Logs and returns `undefined` if it belongs to another athlete. */
function parseDetail(
  { log }: Deps,
  { detail, athleteId, id }: {
    detail: Record<string, unknown>;
    athleteId: number;
    id: number;
  },
): ActivityInput | undefined {
  if (Number(detail["id"]) !== id || Number(readOwner(detail)) !== athleteId) {
    log.warning("Activity {id} does not belong to athlete {athleteId}", {
      id,
      athleteId,
    });
    return undefined;
  }
  const { activities: [activity], skipped } = parsePage([toSummary(detail)]);
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
): Promise<RefetchResult> {
  const changed = await listChangedActivities(sql, {
    athleteId,
    activities: [activity],
  });
  const written = await upsertActivities(sql, {
    athleteId,
    activities: changed,
    now,
  });
  await joinFiles(sql, { athleteId, ids: written.ids, now });
  return written.ids.length > 0 ? "stored" : "unchanged";
}

async function markDeleted(
  sql: Sql,
  { athleteId, id, now }: { athleteId: number; id: number; now: Date },
): Promise<RefetchResult> {
  const ids = await deleteActivities(sql, {
    athleteId,
    ids: [id],
    keepRestored: true,
    now,
  });
  await releaseFiles(sql, { athleteId, ids, now });
  return ids.length > 0 ? "deleted" : "gone";
}

/** Fields of `GET /activities/{id}` that the list lacks. */
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
 * Returns the item that the list would contain. The stored form is the same for both sources, so that
 * the next full sync does not consider the activity changed.
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
