import { countActivities } from "../../db/activity_list.ts";
import { bumpDataVersion } from "../../db/athletes.ts";
import type { Sql } from "../../db/driver/client.ts";
import {
  deleteActivities,
  restoreActivities,
} from "../../db/deleted_activities.ts";
import { insertFullSyncPage, listMissing } from "../../db/full_sync.ts";
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
import { type Claim, lockSyncState } from "../../db/sync_state.ts";
import { askStrava } from "./request_strava.ts";
import type { Deps } from "../context.ts";
import { holdLease } from "./lease.ts";
import { StravaError } from "../strava/errors.ts";

/** So many activities may go at once without the owner's word: this number, or this share. */
const MAX_DELETIONS = 10;
const MAX_SHARE = 0.05;

/**
 * Deletes what a walk that has come to the list's end has not seen, where Strava says of each that it
 * is not there. What is doubtful waits for the owner's word, and so does everything where it is too
 * much to be the athlete's doing.
 */
export async function deleteMissing(
  deps: Deps,
  claim: Claim,
  { beganAt }: { beganAt: Date },
): Promise<void> {
  const { athleteId, runId } = claim;
  const missing = await listMissing(deps.sql, { athleteId, beganAt });
  const total = missing.length === 0
    ? 0
    : await countActivities(deps.sql, { athleteId, visibility: undefined });
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
  for (const { id } of missing.filter((each) => !isHeldBack(each))) {
    const fate = await askFate(deps, claim, { id });
    await commitFate(deps, claim, { id, fate, isWalk: true });
  }
}

/** Deletes what the owner has given up, where Strava says of each that it is not there. */
export async function deleteConfirmed(deps: Deps, claim: Claim): Promise<void> {
  const { athleteId } = claim;
  for (const id of await listConfirmedDeletions(deps.sql, { athleteId })) {
    const fate = await askFate(deps, claim, { id });
    await commitFate(deps, claim, { id, fate, isWalk: false });
  }
}

/** What Strava says of one activity. */
type Fate = { kind: "gone" } | { kind: "there" } | Unclear;

interface Unclear {
  kind: "unclear";
  reason: string;
}

/** Only a 404 is a deletion. What stops every request ends the run, and the next goes on. */
async function askFate(
  deps: Deps,
  { athleteId, runId }: Claim,
  { id }: { id: number },
): Promise<Fate> {
  try {
    await askStrava(deps, {
      athleteId,
      priority: "history",
      ask: (options) => deps.strava.getActivity({ ...options, id }),
      beforeRetry: () =>
        holdLease(deps.sql, { athleteId, runId, now: new Date(deps.now()) }),
    });
    return { kind: "there" };
  } catch (error) {
    if (!(error instanceof StravaError)) throw error;
    if (error.kind === "not_found") return { kind: "gone" };
    const isOfThisOne = error.kind === "unavailable" ||
      error.kind === "refused";
    if (!isOfThisOne) throw error;
    return { kind: "unclear", reason: error.message };
  }
}

/** Stores each answer by itself, so that a crash loses one request at most. */
async function commitFate(
  deps: Deps,
  { athleteId, runId }: Claim,
  { id, fate, isWalk }: { id: number; fate: Fate; isWalk: boolean },
): Promise<void> {
  const now = new Date(deps.now());
  await deps.sql.begin(async (sql) => {
    await holdLease(sql, { athleteId, runId, now });
    if (fate.kind === "unclear") {
      const activities = [{ id: String(id), reason: fate.reason }];
      await quarantineActivities(sql, { athleteId, activities, now });
      await unconfirmPendingDeletion(sql, { athleteId, id });
      return;
    }
    await deletePendingDeletion(sql, { athleteId, id });
    await releaseActivities(sql, { athleteId, ids: [id] });
    if (fate.kind === "gone") await markDeleted(sql);
    // Seen after all: a walk that is cut off does not ask again.
    else if (isWalk) await insertFullSyncPage(sql, { athleteId, ids: [id] });
  });

  async function markDeleted(sql: Sql): Promise<void> {
    const ids = await deleteActivities(sql, { athleteId, ids: [id], now });
    if (ids.length === 0) return;
    await addProgress(sql, {
      athleteId,
      id: runId,
      progress: { deleted: ids.length },
    });
    await bumpDataVersion(sql, { id: athleteId });
  }
}

/** Takes deletions back, all of them where no ids are given; returns how many. */
export async function restoreDeleted(
  { sql, now }: Pick<Deps, "sql" | "now">,
  { athleteId, ids }: {
    athleteId: number;
    ids?: readonly number[] | undefined;
  },
): Promise<number> {
  return await sql.begin(async (tx) => {
    await lockSyncState(tx, { athleteId });
    const options = { athleteId, ids, now: new Date(now()) };
    const restored = await restoreActivities(tx, options);
    if (restored.length > 0) await bumpDataVersion(tx, { id: athleteId });
    return restored.length;
  });
}
