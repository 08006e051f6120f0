import { bumpDataVersion } from "../../db/athletes.ts";
import type { Sql } from "../../db/driver/client.ts";
import { mergeInto, moveMerged } from "../../db/edits/removed_activities.ts";
import {
  type ActivitySpan,
  deleteEmptyFileActivities,
  listSpans,
} from "../../db/imports/file_activities.ts";
import {
  listRecordings,
  placeRecordings,
} from "../../db/imports/recordings.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import type { Deps } from "../context.ts";
import { moveEdits, renewActivities } from "../imports/join_files.ts";
import { computeOverlap } from "../imports/same_activity.ts";

/** The result of a merge: `merged`, or the reason why nothing was changed. */
export type MergeResult =
  | "merged"
  | "activity_not_found"
  | "activities_apart"
  | "file_is_target";

/**
 * Merges activities into one that stays, since their owner says that they are the same:
 * - their recordings move to it, and activities that came by file are no more
 * - Strava's activities are kept out of the history until they are split off again
 *
 * Without effect if an activity does not exist, if one does not overlap in time with the one that
 * stays, or if one of Strava's would be merged into one that came by file.
 */
export async function mergeActivities(
  { sql, now }: Pick<Deps, "sql" | "now">,
  { athleteId, id, ids }: {
    athleteId: number;
    /** The activity that stays. */
    id: number;
    ids: readonly number[];
  },
): Promise<MergeResult> {
  return await sql.begin(async (tx) => {
    await lockSyncState(tx, { athleteId });
    const spans = await listSpans(tx, { athleteId, ids: [id, ...ids] });
    const target = spans.find((each) => each.id === id);
    const others = spans.filter((each) => each.id !== id);
    if (!target || new Set(ids).size !== others.length) {
      return "activity_not_found";
    }
    if (others.some((each) => computeOverlap(target, each) === 0)) {
      return "activities_apart";
    }
    if (target.source === "file" && others.some(isStrava)) {
      return "file_is_target";
    }
    for (const other of others) {
      await mergeOne(tx, {
        athleteId,
        other,
        target: id,
        now: new Date(now()),
      });
    }
    await renewActivities(tx, { athleteId, ids: [id], now: new Date(now()) });
    await bumpDataVersion(tx, { id: athleteId });
    return "merged";
  });
}

async function mergeOne(
  sql: Sql,
  { athleteId, other, target, now }: {
    athleteId: number;
    other: ActivitySpan;
    target: number;
    now: Date;
  },
): Promise<void> {
  const recordings = await listRecordings(sql, {
    athleteId,
    activityIds: [other.id],
  });
  await placeRecordings(sql, {
    athleteId,
    recordings,
    to: target,
    placement: "merged",
  });
  if (isStrava(other)) {
    await moveMerged(sql, { athleteId, from: other.id, to: target });
    await mergeInto(sql, { athleteId, id: other.id, target, now });
  } else {
    await moveEdits(sql, { athleteId, from: other.id, to: target });
    await deleteEmptyFileActivities(sql, { athleteId, ids: [other.id] });
  }
}

function isStrava({ source }: ActivitySpan): boolean {
  return source === "strava";
}
