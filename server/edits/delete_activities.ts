import { bumpDataVersion } from "../../db/athletes.ts";
import { restoreActivities } from "../../db/deleted_activities.ts";
import {
  deleteForOwner,
  forgetRemoval,
} from "../../db/edits/removed_activities.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import type { Deps } from "../context.ts";
import { withdrawEdits } from "../imports/apply_edits.ts";
import { joinFiles } from "../imports/join_files.ts";

/**
 * Deletes activities for their owner, whatever their source. No sync or import brings them back.
 * Returns the ids of those that were there.
 */
export async function deleteActivities(
  { sql, now }: Pick<Deps, "sql" | "now">,
  { athleteId, ids }: { athleteId: number; ids: readonly number[] },
): Promise<number[]> {
  return await sql.begin(async (tx) => {
    await lockSyncState(tx, { athleteId });
    const options = { athleteId, ids, now: new Date(now()) };
    const deleted = await deleteForOwner(tx, options);
    if (deleted.length > 0) await bumpDataVersion(tx, { id: athleteId });
    return deleted;
  });
}

/**
 * Restores deleted activities; without `ids` all that the owner has not deleted. Returns the ids of
 * those that were deleted.
 */
export async function restoreDeleted(
  { sql, now }: Pick<Deps, "sql" | "now">,
  { athleteId, ids }: {
    athleteId: number;
    ids?: readonly number[] | undefined;
  },
): Promise<number[]> {
  return await sql.begin(async (tx) => {
    await lockSyncState(tx, { athleteId });
    const options = { athleteId, ids, now: new Date(now()) };
    const restored = await restoreActivities(tx, options);
    const written = { ...options, ids: restored };
    await forgetRemoval(tx, written);
    await withdrawEdits(tx, written);
    await joinFiles(tx, written);
    if (restored.length > 0) await bumpDataVersion(tx, { id: athleteId });
    return restored;
  });
}
