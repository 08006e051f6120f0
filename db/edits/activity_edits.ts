import type { Sql } from "../driver/client.ts";

/** The columns of `activities` that an edit may replace, named as in the table. */
export interface EditableColumns {
  name: string;
  type: string;
  sport_type: string;
  description: string | null;
  /** Metres. */
  distance: number;
  /** Seconds. */
  moving_time: number;
  /** Seconds. */
  elapsed_time: number;
  /** Metres. */
  total_elevation_gain: number;
  /** Metres per second. */
  average_speed: number;
  /** Metres per second. */
  max_speed: number;
  /** Beats per minute. */
  average_heartrate: number | null;
  /** Beats per minute. */
  max_heartrate: number | null;
  visibility: string;
  gear_id: string | null;
  workout_type: number | null;
  trainer: boolean;
  commute: boolean;
  /** True if statistics leave it out. */
  excluded: boolean;
}

/** A recording: the hash of its file in hexadecimal, and the place within the file. */
export interface RecordingRef {
  contentHash: string;
  place: number;
}

/** The owner's changes to an activity. */
export interface ActivityEdit {
  activityId: number;
  edits: Partial<EditableColumns>;
  /** The recording whose totals count. */
  preferred: RecordingRef | null;
  /** The columns as the sources have them. */
  unedited: EditableColumns;
}

/** Lists the edits of activities. An activity without one is not in the result. */
export async function listEdits(
  sql: Sql,
  { athleteId, ids }: { athleteId: number; ids: readonly number[] },
): Promise<ActivityEdit[]> {
  const rows = await sql<EditRow[]>`
    select ${editColumns(sql)}
    from activity_edits
    where athlete_id = ${athleteId}
      and activity_id = any(${[...ids]}::bigint[])
      and unedited is not null
    order by activity_id
  `;
  return rows.map(toEdit);
}

/**
 * Takes over what the sources now say about edited activities, and returns their edits. The columns of
 * `activities` must hold the sources' values.
 */
export async function refreshEdits(
  sql: Sql,
  { athleteId, ids }: { athleteId: number; ids: readonly number[] },
): Promise<ActivityEdit[]> {
  if (ids.length === 0) return [];
  const rows = await sql<EditRow[]>`
    update activity_edits
    set unedited = source.columns
    from (
      select id, ${toColumnsObject(sql)} as columns
      from activities
      where athlete_id = ${athleteId}
        and id = any(${[...ids]}::bigint[])
    ) as source
    where athlete_id = ${athleteId}
      and activity_id = source.id
      and unedited is not null
    returning ${editColumns(sql)}
  `;
  return rows.map(toEdit);
}

/** Stores the edits of an activity. The first ones also store what the sources say. */
export async function upsertEdit(
  sql: Sql,
  { athleteId, edit: { activityId, edits, preferred }, now }: {
    athleteId: number;
    edit: Omit<ActivityEdit, "unedited">;
    now: Date;
  },
): Promise<void> {
  await sql`
    insert into activity_edits (
      athlete_id, activity_id, edits, preferred_hash, preferred_place, unedited, edited_at
    )
    select
      ${athleteId}, id, ${JSON.stringify(edits)}::text::jsonb,
      decode(${preferred?.contentHash ?? null}::text, 'hex'), ${
    preferred?.place ?? null
  },
      ${toColumnsObject(sql)}, ${now}
    from activities
    where athlete_id = ${athleteId}
      and id = ${activityId}
    on conflict (athlete_id, activity_id) do update
    set
      edits = excluded.edits,
      preferred_hash = excluded.preferred_hash,
      preferred_place = excluded.preferred_place,
      unedited = coalesce(activity_edits.unedited, excluded.unedited),
      edited_at = excluded.edited_at
  `;
}

/**
 * Gives an activity the edits of another one, and its deletion by the owner. Where both have an edit, the
 * activity keeps its own. The columns of the activity must hold the values of its sources, unless it has edits.
 */
export async function copyEdits(
  sql: Sql,
  { athleteId, from, to }: { athleteId: number; from: number; to: number },
): Promise<void> {
  await sql`
    insert into activity_edits (
      athlete_id, activity_id, edits, preferred_hash, preferred_place, unedited, removed, edited_at
    )
    select
      ${athleteId}, ${to}, edits, preferred_hash, preferred_place,
      (
        select ${toColumnsObject(sql)}
        from activities
        where athlete_id = ${athleteId}
          and id = ${to}
          and activity_edits.unedited is not null
      ),
      removed, edited_at
    from activity_edits
    where athlete_id = ${athleteId}
      and activity_id = ${from}
      and removed is distinct from 'merged'
    on conflict (athlete_id, activity_id) do update
    set
      edits = excluded.edits || activity_edits.edits,
      preferred_hash = coalesce(activity_edits.preferred_hash, excluded.preferred_hash),
      preferred_place = coalesce(activity_edits.preferred_place, excluded.preferred_place),
      unedited = coalesce(activity_edits.unedited, excluded.unedited),
      removed = coalesce(activity_edits.removed, excluded.removed)
  `;
}

/** Deletes the edits of activities, and with them the deletion or merge of these. */
export async function deleteEdits(
  sql: Sql,
  { athleteId, ids }: { athleteId: number; ids: readonly number[] },
): Promise<void> {
  await sql`
    delete from activity_edits
    where athlete_id = ${athleteId}
      and activity_id = any(${[...ids]}::bigint[])
  `;
}

/** Writes these columns of activities. */
export async function updateEditableColumns(
  sql: Sql,
  { athleteId, rows }: {
    athleteId: number;
    rows: readonly (EditableColumns & { id: number })[];
  },
): Promise<void> {
  await sql`
    update activities
    set
      name = wanted.name,
      type = wanted.type,
      sport_type = wanted.sport_type,
      description = wanted.description,
      distance = wanted.distance,
      moving_time = wanted.moving_time,
      elapsed_time = wanted.elapsed_time,
      total_elevation_gain = wanted.total_elevation_gain,
      average_speed = wanted.average_speed,
      max_speed = wanted.max_speed,
      average_heartrate = wanted.average_heartrate,
      max_heartrate = wanted.max_heartrate,
      visibility = wanted.visibility,
      gear_id = wanted.gear_id,
      workout_type = wanted.workout_type,
      trainer = wanted.trainer,
      commute = wanted.commute,
      excluded = wanted.excluded
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as wanted (
      id bigint, name text, type text, sport_type text, description text,
      distance double precision, moving_time integer, elapsed_time integer,
      total_elevation_gain double precision, average_speed double precision,
      max_speed double precision, average_heartrate double precision,
      max_heartrate double precision, visibility text, gear_id text, workout_type integer,
      trainer boolean, commute boolean, excluded boolean
    )
    where activities.athlete_id = ${athleteId}
      and activities.id = wanted.id
  `;
}

/** A row of `activity_edits`, as a query returns it. */
interface EditRow extends Omit<ActivityEdit, "preferred"> {
  preferredHash: string | null;
  preferredPlace: number | null;
}

function editColumns(sql: Sql): ReturnType<Sql> {
  return sql`
    activity_id as "activityId", edits, unedited,
    encode(preferred_hash, 'hex') as "preferredHash", preferred_place as "preferredPlace"
  `;
}

function toEdit(
  { preferredHash, preferredPlace, ...edit }: EditRow,
): ActivityEdit {
  const preferred = preferredHash === null || preferredPlace === null
    ? null
    : { contentHash: preferredHash, place: preferredPlace };
  return { ...edit, preferred };
}

/**
 * Returns an object of the editable columns as the sources have them. Strava gives no description, and
 * no source excludes an activity: these two columns may still hold an edit.
 */
function toColumnsObject(sql: Sql): ReturnType<Sql> {
  return sql`
    jsonb_build_object(
      'name', name, 'type', type, 'sport_type', sport_type,
      'description', case when source = 'file' then description end,
      'distance', distance, 'moving_time', moving_time, 'elapsed_time', elapsed_time,
      'total_elevation_gain', total_elevation_gain, 'average_speed', average_speed,
      'max_speed', max_speed, 'average_heartrate', average_heartrate,
      'max_heartrate', max_heartrate, 'visibility', visibility, 'gear_id', gear_id,
      'workout_type', workout_type, 'trainer', trainer, 'commute', commute, 'excluded', false
    )
  `;
}
