import { FIRST_OWN_ID } from "../../db/athletes.ts";
import { restoreActivities } from "../../db/deleted_activities.ts";
import { copyEdits, deleteEdits } from "../../db/edits/activity_edits.ts";
import {
  forgetRemoval,
  listMerged,
} from "../../db/edits/removed_activities.ts";
import {
  type ActivitySpan,
  deleteEmptyFileActivities,
  fillHeartRate,
  listOverlapping,
  listStravaSpans,
  upsertFileActivity,
} from "../../db/imports/file_activities.ts";
import type { Sql } from "../../db/driver/client.ts";
import {
  hasRecordings,
  listRecordings,
  moveListedRecordings,
  moveRecordings,
  type RecordingRow,
} from "../../db/imports/recordings.ts";
import { updateTracks } from "../../db/imports/tracks.ts";
import { toActivityId } from "./activity_id.ts";
import { applyEdits, withdrawEdits } from "./apply_edits.ts";
import {
  findFirst,
  findTotal,
  rank,
  resolveActivity,
} from "./resolve_activity.ts";
import { computeOverlap, isSameActivity } from "./same_activity.ts";

interface JoinOptions {
  athleteId: number;
  /** Ids of Strava's activities. */
  ids: readonly number[];
  now: Date;
}

/**
 * Joins Strava's activities with the files of the same activities: the recordings move to Strava's
 * activity, and the one that came by file is no more, so that nothing counts twice. Then applies the
 * owner's edits. Runs in the transaction that has stored Strava's activities, after the athlete's lock.
 * The activities hold Strava's values.
 */
export async function joinFiles(
  sql: Sql,
  { athleteId, ids, now }: JoinOptions,
): Promise<void> {
  if (ids.length === 0) return;
  const left = await hasRecordings(sql, { athleteId })
    ? await moveFiles(sql, { athleteId, ids, now })
    : [];
  await applyEdits(sql, { athleteId, ids: [...ids, ...left], now });
}

/** Moves files to Strava's activities. Returns the activities that they have left. */
async function moveFiles(
  sql: Sql,
  { athleteId, ids, now }: JoinOptions,
): Promise<number[]> {
  const strava = await listStravaSpans(sql, { athleteId, ids });
  if (strava.length === 0) return [];
  const left = await moveListedRecordings(sql, {
    athleteId,
    ids: strava.map(({ id }) => id),
  });
  const files = await listOverlapping(sql, {
    athleteId,
    ...toRange(strava),
    source: "file",
  });
  for (const file of files) {
    const same = findBest(strava, file);
    if (!same) continue;
    await moveRecordings(sql, { athleteId, from: [file.id], to: same.id });
    await moveEdits(sql, { athleteId, from: file.id, to: same.id });
    left.push(file.id);
  }
  await deleteEmptyFileActivities(sql, { athleteId, ids: left });
  const activityIds = [...left, ...strava.map(({ id }) => id)];
  await restateActivities(sql, { athleteId, ids: activityIds, now });
  return left;
}

/** Gives an activity the edits of one that it replaces. */
export async function moveEdits(
  sql: Sql,
  options: { athleteId: number; from: number; to: number },
): Promise<void> {
  const { athleteId, from } = options;
  await copyEdits(sql, options);
  await deleteEdits(sql, { athleteId, ids: [from] });
}

/**
 * Computes activities again from their recordings: all values of one that came by file, and only the
 * missing heart rates and the track of one of Strava's, which must hold Strava's values.
 */
async function restateActivities(
  sql: Sql,
  { athleteId, ids, now }: JoinOptions,
): Promise<void> {
  const recordings = groupByActivity(
    await listRecordings(sql, { athleteId, activityIds: ids }),
  );
  for (const id of ids) {
    const own = recordings.get(id) ?? [];
    if (id < FIRST_OWN_ID) {
      const ranked = rank(own);
      await fillHeartRate(sql, {
        athleteId,
        id,
        average: findTotal(ranked, "average_heart_rate"),
        max: findTotal(ranked, "max_heart_rate"),
      });
    } else if (own.length > 0) {
      const activity = resolveActivity(own, { id });
      await upsertFileActivity(sql, { athleteId, activity, now });
    }
  }
  await updateTracks(sql, { athleteId, ids });
}

/** Computes activities again whose recordings have changed, and applies the owner's edits again. */
export async function renewActivities(
  sql: Sql,
  { athleteId, ids, now }: JoinOptions,
): Promise<void> {
  await withdrawEdits(sql, { athleteId, ids });
  await restateActivities(sql, { athleteId, ids, now });
  await applyEdits(sql, { athleteId, ids, now });
}

/**
 * Gives the recordings of Strava's deleted activities a separate activity again, with the owner's
 * edits: what came by file stays. Activities that were merged into a deleted one return as well. Runs
 * in the transaction that has deleted them.
 */
export async function releaseFiles(
  sql: Sql,
  { athleteId, ids, now }: JoinOptions,
): Promise<void> {
  const merged = await listMerged(sql, { athleteId, into: ids });
  await forgetRemoval(sql, { athleteId, ids: merged });
  await restoreActivities(sql, { athleteId, ids: merged, now });
  const recordings = await listRecordings(sql, { athleteId, activityIds: ids });
  for (const [from, own] of groupByActivity(recordings)) {
    const id = toActivityId(findFirst(own));
    await upsertFileActivity(sql, {
      athleteId,
      activity: resolveActivity(own, { id }),
      now,
    });
    await moveRecordings(sql, { athleteId, from: [from], to: id });
    // Recordings that were left behind may have had this id before.
    await restateActivities(sql, { athleteId, ids: [id], now });
    await copyEdits(sql, { athleteId, from, to: id });
    await applyEdits(sql, { athleteId, ids: [id], now });
  }
}

/** Returns the activity that overlaps most with another, if it is the same. */
export function findBest<T extends ActivitySpan>(
  activities: readonly T[],
  other: Omit<ActivitySpan, "id" | "source">,
): T | undefined {
  return activities.filter((each) => isSameActivity(each, other))
    .toSorted((a, b) =>
      computeOverlap(b, other) - computeOverlap(a, other) || a.id - b.id
    )[0];
}

function groupByActivity(
  recordings: readonly RecordingRow[],
): Map<number, RecordingRow[]> {
  return Map.groupBy(recordings, ({ activityId }) => activityId);
}

function toRange(
  spans: readonly ActivitySpan[],
): { from: Date; until: Date } {
  const starts = spans.map(({ startDate }) => startDate.getTime());
  const ends = spans.map(({ startDate, elapsedTime }) =>
    startDate.getTime() + elapsedTime * 1000
  );
  return {
    from: new Date(Math.min(...starts)),
    until: new Date(Math.max(...ends)),
  };
}
