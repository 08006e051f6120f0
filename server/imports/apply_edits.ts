import {
  type ActivityEdit,
  type EditableColumns,
  listEdits,
  type RecordingRef,
  refreshEdits,
  updateEditableColumns,
} from "../../db/edits/activity_edits.ts";
import { deleteRemoved } from "../../db/edits/removed_activities.ts";
import type { Sql } from "../../db/driver/client.ts";
import {
  listRecordings,
  type RecordingRow,
} from "../../db/imports/recordings.ts";
import { resolveActivity } from "./resolve_activity.ts";

/** The columns of totals, and the name of each among the figures of a recording. */
export const TOTAL_NAMES = {
  distance: "distance_metres",
  moving_time: "moving_seconds",
  elapsed_time: "elapsed_seconds",
  total_elevation_gain: "ascent_metres",
  average_speed: "average_speed",
  max_speed: "max_speed",
  average_heartrate: "average_heart_rate",
  max_heartrate: "max_heart_rate",
} as const satisfies Partial<Record<keyof EditableColumns, string>>;

/** A column that holds a total. */
export type TotalColumn = keyof typeof TOTAL_NAMES;

interface EditOptions {
  athleteId: number;
  ids: readonly number[];
}

/**
 * Applies the owner's edits again, and deletes again what the owner has deleted. Runs in each
 * transaction in which a source has written activities, after that.
 */
export async function applyEdits(
  sql: Sql,
  { athleteId, ids, now }: EditOptions & { now: Date },
): Promise<void> {
  if (ids.length === 0) return;
  const [edits] = await Promise.all([
    refreshEdits(sql, { athleteId, ids }),
    deleteRemoved(sql, { athleteId, ids, now }),
  ]);
  await writeEdits(sql, { athleteId, edits });
}

/** Gives edited activities the values of their sources, so that a source can write some of them. */
export async function withdrawEdits(
  sql: Sql,
  { athleteId, ids }: EditOptions,
): Promise<void> {
  const edits = await listEdits(sql, { athleteId, ids });
  const rows = edits.map(({ activityId: id, unedited }) => ({
    id,
    ...unedited,
  }));
  if (rows.length > 0) await updateEditableColumns(sql, { athleteId, rows });
}

/** Writes what edits make of the values of the sources. */
export async function writeEdits(
  sql: Sql,
  { athleteId, edits }: { athleteId: number; edits: readonly ActivityEdit[] },
): Promise<void> {
  if (edits.length === 0) return;
  const activityIds = edits.filter(({ preferred }) => preferred)
    .map(({ activityId }) => activityId);
  const recordings = activityIds.length > 0
    ? await listRecordings(sql, { athleteId, activityIds })
    : [];
  const rows = edits.map((edit) => ({
    id: edit.activityId,
    ...edit.unedited,
    ...readTotals(recordings, edit),
    ...edit.edits,
  }));
  await updateEditableColumns(sql, { athleteId, rows });
}

/** Returns the totals of the preferred recording, as far as it still belongs to the activity. */
function readTotals(
  recordings: readonly RecordingRow[],
  { activityId, preferred }: ActivityEdit,
): Partial<EditableColumns> {
  const recording = recordings.find((each) =>
    each.activityId === activityId && isRecording(each, preferred)
  );
  if (!recording) return {};
  const resolved = resolveActivity([recording], { id: activityId });
  const known = Object.entries(TOTAL_NAMES).filter(([, name]) =>
    recording.figures.totals[name] ?? recording.listed?.totals[name]
  );
  return Object.fromEntries(
    known.map(([column]) => [column, resolved[column as TotalColumn]]),
  );
}

/** Reports whether a recording is the one that is meant. */
export function isRecording(
  { contentHash, place }: RecordingRef,
  ref: RecordingRef | null,
): boolean {
  return contentHash === ref?.contentHash && place === ref.place;
}
