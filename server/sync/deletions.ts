import { bumpDataVersion } from "../../db/athletes.ts";
import type { Sql } from "../../db/driver/client.ts";
import { deleteActivities } from "../../db/deleted_activities.ts";
import {
  countStravaActivities,
  insertFullSyncPage,
  listMissing,
} from "../../db/full_sync.ts";
import {
  deletePendingDeletion,
  listConfirmedDeletions,
  setPendingDeletions,
  unconfirmPendingDeletion,
} from "../../db/pending_deletions.ts";
import {
  quarantineActivities,
  releaseActivities,
} from "../../db/quarantine.ts";
import { addProgress } from "../../db/sync_runs.ts";
import type { Claim } from "../../db/sync_state.ts";
import { releaseFiles } from "../imports/join_files.ts";
import { requestStrava } from "./request_strava.ts";
import type { Deps } from "../context.ts";
import { holdLease } from "./lease.ts";
import { StravaError, type StravaErrorKind } from "../strava/errors.ts";

/** Most deletions at once without confirmation: this number or this share, whichever is larger. */
const MAX_DELETIONS = 10;
const MAX_SHARE = 0.05;
/** Failed connections in a row that end the checks. */
const MAX_UNREACHABLE = 3;
/** Failures that may be those of one activity. */
const MAY_AFFECT_ONE: ReadonlySet<StravaErrorKind> = new Set([
  "unreachable",
  "unavailable",
  "refused",
]);

/**
 * Deletes stored activities that a complete full sync has not seen, if Strava answers 404 for each.
 * Doubtful ones wait for the owner's confirmation. So do all of them if they are too many to be the
 * athlete's own doing.
 */
export async function deleteMissing(
  deps: Deps,
  claim: Claim,
  { startedAt }: { startedAt: Date },
): Promise<void> {
  const { athleteId, runId } = claim;
  const missing = await listMissing(deps.sql, { athleteId, startedAt });
  const total = missing.length === 0
    ? 0
    : await countStravaActivities(deps.sql, { athleteId });
  const isTooMuch = missing.length > Math.max(MAX_DELETIONS, total * MAX_SHARE);
  const isHeldBack = ({ isDoubtful }: { isDoubtful: boolean }): boolean =>
    isTooMuch || isDoubtful;
  const pending = missing.filter(isHeldBack).map(({ id }) => id);
  await deps.sql.begin(async (sql) => {
    const now = new Date(deps.now());
    await holdLease(sql, { athleteId, runId, now });
    await setPendingDeletions(sql, { athleteId, ids: pending, now });
  });
  if (pending.length > 0) {
    deps.log.warning(
      "{count} of {total} activities of athlete {athleteId} are missing at Strava: they are kept until POST /strava/admin/confirm-deletions",
      { count: pending.length, total, athleteId },
    );
  }
  const ids = missing.filter((each) => !isHeldBack(each)).map(({ id }) => id);
  await checkEach(deps, claim, { ids, isFullSync: true });
}

/** Deletes the activities whose deletion the owner confirmed, if Strava answers 404 for each. */
export async function deleteConfirmed(deps: Deps, claim: Claim): Promise<void> {
  const { athleteId } = claim;
  const ids = await listConfirmedDeletions(deps.sql, { athleteId });
  await checkEach(deps, claim, { ids, isFullSync: false });
}

/**
 * Checks each activity and stores the result. `MAX_UNREACHABLE` failed connections in a row end the
 * run, because Strava is the cause.
 */
async function checkEach(
  deps: Deps,
  claim: Claim,
  { ids, isFullSync }: { ids: readonly number[]; isFullSync: boolean },
): Promise<void> {
  let unreachable = 0;
  for (const id of ids) {
    const existence = await checkExistence(deps, claim, { id });
    const error = existence.kind === "unclear" ? existence.error : undefined;
    unreachable = error?.kind === "unreachable" ? unreachable + 1 : 0;
    if (unreachable === MAX_UNREACHABLE) throw error;
    await storeExistence(deps, claim, { id, existence, isFullSync });
  }
}

/** Whether an activity exists at Strava. */
type Existence = { kind: "gone" } | { kind: "exists" } | Unclear;

interface Unclear {
  kind: "unclear";
  error: StravaError;
}

/**
 * Asks Strava whether an activity exists. Only a 404 means that it is gone. A failure that would
 * affect every request ends the run, and the next run continues.
 */
async function checkExistence(
  deps: Deps,
  { athleteId, runId }: Claim,
  { id }: { id: number },
): Promise<Existence> {
  try {
    await requestStrava(deps, {
      athleteId,
      priority: "history",
      send: (options) => deps.strava.getActivity({ ...options, id }),
      beforeRetry: () =>
        holdLease(deps.sql, { athleteId, runId, now: new Date(deps.now()) }),
    });
    return { kind: "exists" };
  } catch (error) {
    if (!(error instanceof StravaError)) throw error;
    if (error.kind === "not_found") return { kind: "gone" };
    if (!MAY_AFFECT_ONE.has(error.kind)) throw error;
    return { kind: "unclear", error };
  }
}

/** Stores the result for one activity, so that a crash loses at most one request. */
async function storeExistence(
  deps: Deps,
  { athleteId, runId }: Claim,
  { id, existence, isFullSync }: {
    id: number;
    existence: Existence;
    isFullSync: boolean;
  },
): Promise<void> {
  const now = new Date(deps.now());
  await deps.sql.begin(async (sql) => {
    await holdLease(sql, { athleteId, runId, now });
    if (existence.kind === "unclear") {
      const activities = [{ id: String(id), reason: existence.error.message }];
      await quarantineActivities(sql, { athleteId, activities, now });
      await unconfirmPendingDeletion(sql, { athleteId, id });
      return;
    }
    await deletePendingDeletion(sql, { athleteId, id });
    await releaseActivities(sql, { athleteId, ids: [id] });
    if (existence.kind === "gone") await markDeleted(sql);
    // Counts as seen, so that an interrupted full sync does not ask again.
    else if (isFullSync) {
      await insertFullSyncPage(sql, { athleteId, ids: [id] });
    }
  });

  async function markDeleted(sql: Sql): Promise<void> {
    const ids = await deleteActivities(sql, { athleteId, ids: [id], now });
    if (ids.length === 0) return;
    await releaseFiles(sql, { athleteId, ids, now });
    await addProgress(sql, {
      athleteId,
      id: runId,
      progress: { deleted: ids.length },
    });
    await bumpDataVersion(sql, { id: athleteId });
  }
}
