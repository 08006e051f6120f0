import { FIRST_OWN_ID } from "../../db/athletes.ts";
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
import { toActivityId } from "./activity_id.ts";
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
 * activity, and the one that came by file is no more, so that nothing counts twice. Runs in the
 * transaction that has stored Strava's activities, after the athlete's lock.
 */
export async function joinFiles(
  sql: Sql,
  { athleteId, ids, now }: JoinOptions,
): Promise<void> {
  if (ids.length === 0 || !await hasRecordings(sql, { athleteId })) return;
  const strava = await listStravaSpans(sql, { athleteId, ids });
  if (strava.length === 0) return;
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
    left.push(file.id);
  }
  await settle(sql, { athleteId, left, joined: strava, now });
}

/** Restates the activities that recordings have left, and those that they have joined. */
async function settle(
  sql: Sql,
  { athleteId, left, joined, now }: {
    athleteId: number;
    left: readonly number[];
    joined: readonly ActivitySpan[];
    now: Date;
  },
): Promise<void> {
  await deleteEmptyFileActivities(sql, { athleteId, ids: left });
  const activityIds = [...left, ...joined.map(({ id }) => id)];
  await restateActivities(sql, { athleteId, ids: activityIds, now });
}

/**
 * Computes activities again from their recordings: all figures of one that came by file, and only the
 * missing heart rates of one of Strava's.
 */
export async function restateActivities(
  sql: Sql,
  { athleteId, ids, now }: JoinOptions,
): Promise<void> {
  const recordings = await listRecordings(sql, { athleteId, activityIds: ids });
  for (const [id, own] of groupByActivity(recordings)) {
    if (id >= FIRST_OWN_ID) {
      const activity = resolveActivity(own, { id });
      await upsertFileActivity(sql, { athleteId, activity, now });
      continue;
    }
    const ranked = rank(own);
    await fillHeartRate(sql, {
      athleteId,
      id,
      average: findTotal(ranked, "average_heart_rate"),
      max: findTotal(ranked, "max_heart_rate"),
    });
  }
}

/**
 * Gives the recordings of Strava's deleted activities a separate activity again: what came by file
 * stays. Runs in the transaction that has deleted them.
 */
export async function releaseFiles(
  sql: Sql,
  { athleteId, ids, now }: JoinOptions,
): Promise<void> {
  const recordings = await listRecordings(sql, { athleteId, activityIds: ids });
  for (const [from, own] of groupByActivity(recordings)) {
    const id = toActivityId(findFirst(own));
    await upsertFileActivity(sql, {
      athleteId,
      activity: resolveActivity(own, { id }),
      now,
    });
    await moveRecordings(sql, { athleteId, from: [from], to: id });
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
