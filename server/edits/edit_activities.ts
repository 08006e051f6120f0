import { bumpDataVersion } from "../../db/athletes.ts";
import type { Sql } from "../../db/driver/client.ts";
import {
  type ActivityEdit,
  deleteEdits,
  type EditableColumns,
  listEdits,
  type RecordingRef,
  upsertEdit,
} from "../../db/edits/activity_edits.ts";
import { hasGear } from "../../db/gear.ts";
import { listSpans } from "../../db/imports/file_activities.ts";
import { listRecordings } from "../../db/imports/recordings.ts";
import { toActivityType } from "../../db/sports.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import type { Deps } from "../context.ts";
import { isRecording, writeEdits } from "../imports/apply_edits.ts";
import { toRaceType } from "../imports/resolve_activity.ts";

/** The fields that an owner can set. */
export interface EditedFields {
  name?: string | undefined;
  sport_type?: string | undefined;
  description?: string | null | undefined;
  gear_id?: string | null | undefined;
  visibility?: string | undefined;
  commute?: boolean | undefined;
  race?: boolean | undefined;
  trainer?: boolean | undefined;
  excluded?: boolean | undefined;
  /** The recording whose totals count. */
  preferred?: RecordingRef | undefined;
}

/** A field that an owner can set. */
export type EditedField = keyof EditedFields;

/** Sets fields of activities, and gives others the values of their sources again. */
export interface EditChange {
  athleteId: number;
  ids: readonly number[];
  set: EditedFields;
  reset: readonly EditedField[];
}

/** `workout_type` of a race in a sport that has none at Strava. */
const OTHER_RACE = 1;

/** The columns that each field writes. */
const COLUMNS: Readonly<
  Record<Exclude<EditedField, "preferred">, readonly (keyof EditableColumns)[]>
> = {
  name: ["name"],
  sport_type: ["sport_type", "type"],
  description: ["description"],
  gear_id: ["gear_id"],
  visibility: ["visibility"],
  commute: ["commute"],
  race: ["workout_type"],
  trainer: ["trainer"],
  excluded: ["excluded"],
};

/** The result of an edit: `edited`, or the reason why nothing was changed. */
export type EditResult =
  | "edited"
  | "activity_not_found"
  | "gear_not_found"
  | "source_not_found";

/** Edits activities. Edits win over every source, and no sync or import undoes them. */
export async function editActivities(
  { sql, now }: Pick<Deps, "sql" | "now">,
  { athleteId, ids, set, reset }: EditChange,
): Promise<EditResult> {
  return await sql.begin(async (tx) => {
    await lockSyncState(tx, { athleteId });
    const activities = await listSpans(tx, { athleteId, ids });
    if (activities.length < ids.length) return "activity_not_found";
    const { gear_id: gearId, preferred } = set;
    if (gearId && !await hasGear(tx, { athleteId, id: gearId })) {
      return "gear_not_found";
    }
    const recordings = preferred
      ? await listRecordings(tx, { athleteId, activityIds: ids })
      : [];
    if (
      preferred &&
      !ids.every((id) =>
        recordings.some((each) =>
          each.activityId === id && isRecording(each, preferred)
        )
      )
    ) return "source_not_found";
    await storeEdits(tx, {
      athleteId,
      activities,
      set,
      reset,
      now: new Date(now()),
    });
    await bumpDataVersion(tx, { id: athleteId });
    return "edited";
  });
}

/** Stores edits of activities and writes them. Runs in a transaction, after the athlete's lock. */
export async function storeEdits(
  sql: Sql,
  { athleteId, activities, set, reset, now }:
    & Pick<EditChange, "athleteId" | "set" | "reset">
    & {
      activities: readonly { id: number; sportType: string }[];
      now: Date;
    },
): Promise<void> {
  const ids = activities.map(({ id }) => id);
  const known = await listEdits(sql, { athleteId, ids });
  for (const { id, sportType } of activities) {
    const edit = known.find(({ activityId }) => activityId === id);
    const changed = changeEdit(edit, {
      set,
      reset,
      // A race is another type for a run than for a ride.
      sportType: set.sport_type ?? sportType,
    });
    await upsertEdit(sql, {
      athleteId,
      edit: { activityId: id, ...changed },
      now,
    });
  }
  await settle(sql, { athleteId, ids });
}

/** Writes the edits, and forgets those that have become empty. */
async function settle(
  sql: Sql,
  { athleteId, ids }: { athleteId: number; ids: readonly number[] },
): Promise<void> {
  const edits = await listEdits(sql, { athleteId, ids });
  await writeEdits(sql, { athleteId, edits });
  const empty = edits.filter((each) =>
    each.preferred === null && Object.keys(each.edits).length === 0
  );
  await deleteEdits(sql, {
    athleteId,
    ids: empty.map(({ activityId }) => activityId),
  });
}

/** Returns an edit with a change. */
function changeEdit(
  known: ActivityEdit | undefined,
  { set, reset, sportType }: Pick<EditChange, "set" | "reset"> & {
    sportType: string;
  },
): Pick<ActivityEdit, "edits" | "preferred"> {
  const dropped = new Set(
    reset.flatMap((field): readonly string[] =>
      field === "preferred" ? [] : COLUMNS[field]
    ),
  );
  const kept = Object.entries(known?.edits ?? {}).filter(([column]) =>
    !dropped.has(column)
  );
  return {
    edits: { ...Object.fromEntries(kept), ...toColumns(set, sportType) },
    preferred: set.preferred ??
      (reset.includes("preferred") ? null : known?.preferred ?? null),
  };
}

/** Returns the columns that fields write. */
function toColumns(
  { preferred: _, race, sport_type, ...fields }: EditedFields,
  sportType: string,
): Partial<EditableColumns> {
  const given = Object.entries(fields).filter(([, value]) =>
    value !== undefined
  );
  return {
    ...Object.fromEntries(given),
    ...sport_type !== undefined &&
      { sport_type, type: toActivityType(sport_type) },
    ...race !== undefined &&
      { workout_type: race ? toRaceType(sportType) ?? OTHER_RACE : null },
  };
}

/** Returns the fields that the owner has set. */
export function listEditedFields(
  edit: ActivityEdit | undefined,
): EditedField[] {
  const fields = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  return [
    ...fields.filter((field) =>
      COLUMNS[field].some((column) => column in (edit?.edits ?? {}))
    ),
    ...edit?.preferred ? ["preferred" as const] : [],
  ];
}
