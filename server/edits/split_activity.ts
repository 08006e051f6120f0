import { bumpDataVersion, FIRST_OWN_ID } from "../../db/athletes.ts";
import { restoreActivities } from "../../db/deleted_activities.ts";
import type { Sql } from "../../db/driver/client.ts";
import type { RecordingRef } from "../../db/edits/activity_edits.ts";
import {
  forgetRemoval,
  listMerged,
} from "../../db/edits/removed_activities.ts";
import {
  listSpans,
  upsertFileActivity,
} from "../../db/imports/file_activities.ts";
import {
  listRecordings,
  placeRecordings,
  type RecordingRow,
} from "../../db/imports/recordings.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import type { Deps } from "../context.ts";
import { toActivityId } from "../imports/activity_id.ts";
import { isRecording } from "../imports/apply_edits.ts";
import { renewActivities } from "../imports/join_files.ts";
import { findFirst, resolveActivity } from "../imports/resolve_activity.ts";

/** The sources to split off: recordings, and ids of Strava's activities that were merged. */
export interface SplitSources {
  recordings: readonly RecordingRef[];
  stravaIds: readonly number[];
}

/** The result of a split: the new activity's id, or the reason why nothing was changed. */
export type SplitResult =
  | { id: number }
  | "activity_not_found"
  | "source_not_found"
  | "last_source";

/**
 * Splits sources off an activity, so that they are a separate activity, which the rules do not join with
 * others. One of Strava's activities that was merged is there again, with its recordings.
 */
export async function splitActivity(
  { sql, now }: Pick<Deps, "sql" | "now">,
  { athleteId, id, sources }: {
    athleteId: number;
    id: number;
    sources: SplitSources;
  },
): Promise<SplitResult> {
  return await sql.begin(async (tx) => {
    await lockSyncState(tx, { athleteId });
    const [[activity], recordings, merged] = await Promise.all([
      listSpans(tx, { athleteId, ids: [id] }),
      listRecordings(tx, { athleteId, activityIds: [id] }),
      listMerged(tx, { athleteId, into: [id] }),
    ]);
    const leaving = recordings.filter((each) =>
      sources.recordings.some((ref) => isRecording(each, ref))
    );
    if (!activity) return "activity_not_found";
    if (
      leaving.length < sources.recordings.length ||
      sources.stravaIds.some((each) => !merged.includes(each))
    ) return "source_not_found";
    const options = { athleteId, id, now: new Date(now()) };
    const [stravaId] = sources.stravaIds;
    const staysWithout = activity.source === "strava" ||
      leaving.length < recordings.length;
    if (!staysWithout) return "last_source";
    const other = stravaId === undefined
      ? await splitFiles(tx, { ...options, recordings, leaving })
      : await splitStrava(tx, { ...options, stravaId, recordings, leaving });
    await renewActivities(tx, { ...options, ids: [id, other] });
    await bumpDataVersion(tx, { id: athleteId });
    return { id: other };
  });
}

interface SplitOptions {
  athleteId: number;
  id: number;
  recordings: readonly RecordingRow[];
  leaving: readonly RecordingRow[];
  now: Date;
}

/** Moves recordings to a separate activity. Returns its id. */
async function splitFiles(
  sql: Sql,
  { athleteId, id, recordings, leaving, now }: SplitOptions,
): Promise<number> {
  const other = await findFreeId(sql, { athleteId, recordings: leaving });
  await upsertFileActivity(sql, {
    athleteId,
    activity: resolveActivity(leaving, { id: other }),
    now,
  });
  const options = { athleteId, placement: "split" } as const;
  await placeRecordings(sql, { ...options, recordings: leaving, to: other });
  if (id >= FIRST_OWN_ID) {
    // Neither of two activities that came by file may take the other's recordings again.
    const staying = recordings.filter((each) => !leaving.includes(each));
    await placeRecordings(sql, { ...options, recordings: staying, to: id });
  }
  return other;
}

/** Brings one of Strava's activities back, with its recordings. Returns its id. */
async function splitStrava(
  sql: Sql,
  { athleteId, stravaId, recordings, leaving, now }: SplitOptions & {
    stravaId: number;
  },
): Promise<number> {
  const ids = [stravaId];
  await forgetRemoval(sql, { athleteId, ids });
  await restoreActivities(sql, { athleteId, ids, now });
  const named = recordings.filter((each) =>
    each.stravaId === stravaId && !leaving.includes(each)
  );
  const options = { athleteId, to: stravaId };
  await placeRecordings(sql, {
    ...options,
    recordings: named,
    placement: "automatic",
  });
  await placeRecordings(sql, {
    ...options,
    recordings: leaving,
    placement: "merged",
  });
  return stravaId;
}

/** Returns an id for an activity of these recordings that no activity has, and that is always the same. */
async function findFreeId(
  sql: Sql,
  { athleteId, recordings }: {
    athleteId: number;
    recordings: readonly RecordingRow[];
  },
): Promise<number> {
  const { contentHash, place } = findFirst(recordings);
  for (let attempt = 0;; attempt++) {
    const id = toActivityId({ contentHash, place, attempt });
    const taken = await listSpans(sql, {
      athleteId,
      ids: [id],
      withDeleted: true,
    });
    if (taken.length === 0) return id;
  }
}
