import {
  type ActivitySpan,
  deleteEmptyFileActivities,
  findListedActivity,
  listOverlapping,
  upsertFileActivity,
} from "../../db/imports/file_activities.ts";
import type { Pool, Sql } from "../../db/driver/client.ts";
import {
  hasImportedFile,
  insertImportedFile,
  markImported,
} from "../../db/imports/imported_files.ts";
import {
  insertRecording,
  type ListedFigures,
  listOutdated,
  moveRecordings,
  type RecordingInput,
  updateListed,
} from "../../db/imports/recordings.ts";
import { updateTracks } from "../../db/imports/tracks.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import { toActivityId } from "./activity_id.ts";
import { applyEdits } from "./apply_edits.ts";
import { findBest, moveEdits, renewActivities } from "./join_files.ts";
import { storeFileGear } from "./join_gear.ts";
import type { ParsedImport, ReadFile } from "./read_file.ts";
import { resolveActivity } from "./resolve_activity.ts";
import { isSameActivity } from "./same_activity.ts";

/**
 * The result of importing a file:
 * - `imported`: it gave at least one new activity
 * - `merged`: all of its recordings belong to activities that were stored before
 * - `updated`: it was imported before, and the bulk export now says something else about it
 * - `unchanged`: it was imported before
 */
export type StoreResult = "imported" | "merged" | "updated" | "unchanged";

/** The athlete was deleted while files were imported. */
export class AthleteGoneError extends Error {
  override readonly name = "AthleteGoneError";
}

/** Ends the transaction of a dry run. */
class DryRun extends Error {
  constructor(readonly result: StoreResult) {
    super("dry run");
  }
}

/** Records the result of a file, in the transaction that stores it. */
export type Settle = (sql: Sql, result: StoreResult) => Promise<void>;

/**
 * Imports a file in one transaction, so that a crash leaves all of it or nothing. A file that is known
 * by its content is not parsed again. One that also has the same row of the bulk export as before is
 * only looked up.
 *
 * @throws {FileRefused} If no activity can be read from it.
 * @throws {AthleteGoneError} If the athlete does not exist any more.
 */
export async function storeFile(
  sql: Pool,
  { athleteId, file, isDryRun = false, settle, now }: {
    athleteId: number;
    file: ReadFile;
    /** Whether to find out what would happen, and store nothing. */
    isDryRun?: boolean;
    settle?: Settle;
    now: Date;
  },
): Promise<StoreResult> {
  const { contentHash, listed } = file;
  const isKnown = await hasImportedFile(sql, { athleteId, contentHash });
  if (isKnown) {
    const options = { athleteId, files: [{ contentHash, listed }] };
    // Not in a transaction: locking the athlete's row would write to the disk.
    if ((await listOutdated(sql, options)).length === 0) {
      if (settle) await sql.begin((tx) => settle(tx, "unchanged"));
      return "unchanged";
    }
  }
  // Parsed before the transaction, which holds the athlete's lock.
  const parsed = isKnown ? undefined : await file.parse();
  try {
    return await sql.begin(async (tx) => {
      const state = await lockSyncState(tx, { athleteId });
      if (!state) {
        throw new AthleteGoneError(`There is no athlete ${athleteId}`);
      }
      // Another process may have imported it since.
      const isStored = await hasImportedFile(tx, { athleteId, contentHash });
      const result = isStored || !parsed
        ? await updateStored(tx, { athleteId, file, now })
        : await insertParsed(tx, { athleteId, parsed, now });
      if (result !== "unchanged") await markImported(tx, { athleteId, now });
      await settle?.(tx, result);
      if (isDryRun) throw new DryRun(result);
      return result;
    });
  } catch (error) {
    if (error instanceof DryRun) return error.result;
    throw error;
  }
}

async function updateStored(
  sql: Sql,
  { athleteId, file: { contentHash, listed }, now }: {
    athleteId: number;
    file: ReadFile;
    now: Date;
  },
): Promise<StoreResult> {
  if (!listed) return "unchanged";
  await storeListedGear(sql, { athleteId, listed: [listed], now });
  const id = await updateListed(sql, {
    athleteId,
    contentHash,
    place: 0,
    listed,
  });
  if (id === undefined) return "unchanged";
  await renewActivities(sql, { athleteId, ids: [id], now });
  return "updated";
}

/** Stores a parsed file and its recordings. Runs in a transaction, after the athlete's lock. */
export async function insertParsed(
  sql: Sql,
  { athleteId, parsed: { file, recordings }, now }: {
    athleteId: number;
    parsed: ParsedImport;
    now: Date;
  },
): Promise<StoreResult> {
  await insertImportedFile(sql, { athleteId, file, now });
  const listed = recordings.map((each) => each.listed);
  await storeListedGear(sql, { athleteId, listed, now });
  let result: StoreResult = "merged";
  for (const recording of recordings) {
    const isNew = await insertOne(sql, { athleteId, recording, file, now });
    if (isNew) result = "imported";
  }
  return result;
}

/** Stores the gear that rows of a bulk export name. */
async function storeListedGear(
  sql: Sql,
  { athleteId, listed, now }: {
    athleteId: number;
    listed: readonly (ListedFigures | null)[];
    now: Date;
  },
): Promise<void> {
  const gear = listed.flatMap((each) => each?.gear ?? []);
  await storeFileGear(sql, { athleteId, gear, now });
}

/** Stores a recording with its activity. Returns whether the activity is a new one. */
async function insertOne(
  sql: Sql,
  { athleteId, recording, file, now }: {
    athleteId: number;
    recording: RecordingInput;
    file: ParsedImport["file"];
    now: Date;
  },
): Promise<boolean> {
  const id = toActivityId(recording);
  const activity = resolveActivity(
    [{ ...recording, kind: file.kind, importedAt: now }],
    { id },
  );
  const span = {
    startDate: new Date(activity.start_date),
    elapsedTime: activity.elapsed_time,
    sportType: activity.sport_type,
    stravaId: recording.stravaId,
  };
  const [target, ...others] = await findSame(sql, { athleteId, span });
  if (!target) {
    await upsertFileActivity(sql, { athleteId, activity, now });
  } else if (others.length > 0) {
    const from = others.map((other) => other.id);
    await moveRecordings(sql, { athleteId, from, to: target.id });
    for (const each of from) {
      await moveEdits(sql, { athleteId, from: each, to: target.id });
    }
    await deleteEmptyFileActivities(sql, { athleteId, ids: from });
  }
  const activityId = target?.id ?? id;
  await insertRecording(sql, { athleteId, activityId, recording });
  const written = { athleteId, ids: [activityId], now };
  if (target) await renewActivities(sql, written);
  else {
    await updateTracks(sql, written);
    await applyEdits(sql, written);
  }
  return !target;
}

/**
 * Returns the stored activities that are the same as a new recording: the one that stays first, then
 * those that turn out to be parts of it.
 */
async function findSame(
  sql: Sql,
  { athleteId, span }: {
    athleteId: number;
    span: Omit<ActivitySpan, "id" | "source">;
  },
): Promise<ActivitySpan[]> {
  const { startDate: from, elapsedTime, stravaId } = span;
  const listed = stravaId === null
    ? undefined
    : await findListedActivity(sql, { athleteId, stravaId });
  const until = new Date(from.getTime() + elapsedTime * 1000);
  const near = await listOverlapping(sql, { athleteId, from, until });
  const target = listed ??
    findBest(near.filter(({ source }) => source === "strava"), span) ??
    findBest(near.filter((each) => each.stravaId !== null), span) ??
    findBest(near, span);
  if (!target) return [];
  const parts = near.filter((each) =>
    each.id !== target.id && each.source === "file" &&
    each.stravaId === null && isSameActivity(each, span)
  );
  return [target, ...parts];
}
