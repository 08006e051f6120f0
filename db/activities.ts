import type { Sql } from "./driver/client.ts";
import { whereRemoved } from "./edits/removed_activities.ts";

/**
 * The columns of `activities` that come from Strava's activity, named as in the table: they are
 * sent to PostgreSQL as one JSON record.
 */
export interface ActivityColumns {
  id: number;
  name: string;
  type: string;
  sport_type: string;
  start_date: string;
  start_date_local: string;
  utc_offset: number;
  timezone: string | null;
  distance: number;
  moving_time: number;
  elapsed_time: number;
  total_elevation_gain: number;
  average_speed: number;
  max_speed: number;
  average_heartrate: number | null;
  max_heartrate: number | null;
  suffer_score: number | null;
  /** Whether the athlete hides heart rate and Relative Effort from others. */
  heartrate_opt_out: boolean;
  kudos_count: number;
  visibility: string;
  gear_id: string | null;
  workout_type: number | null;
  trainer: boolean;
  commute: boolean;
  manual: boolean;
  /** SHA-256 of the raw activity in hexadecimal; it differs as soon as anything changes. */
  content_hash: string;
}

/** An activity ready to be stored. */
export interface ActivityInput extends ActivityColumns {
  /** The columns as JSON. */
  json: string;
  /** Strava's activity as JSON. */
  raw: string;
}

/** The written activities: how many were new, how many replaced a different version, and the ids of both. */
export interface Written {
  inserted: number;
  updated: number;
  ids: number[];
}

/** Serializes an activity for storing, before a transaction starts that would wait for it. */
export function toActivityInput(
  { columns, raw }: { columns: ActivityColumns; raw: string },
): ActivityInput {
  return { ...columns, json: JSON.stringify(columns), raw };
}

/**
 * Stores activities in one statement. A deleted activity that comes back loses its tombstone, unless
 * the owner has deleted it: then it is left out.
 *
 * The statement does not update unchanged rows, but call `listChangedActivities` first all the
 * same: `on conflict` locks the rows it meets, and a lock is a write. The rows are written in the
 * order of their ids, so that two runs cannot deadlock.
 */
export async function upsertActivities(
  sql: Sql,
  { athleteId, activities, now }: {
    athleteId: number;
    activities: readonly ActivityInput[];
    now: Date;
  },
): Promise<Written> {
  if (activities.length === 0) return { inserted: 0, updated: 0, ids: [] };
  const [row] = await sql<Written[]>`
    with written as (
      insert into activities (
        athlete_id, id, name, type, sport_type, start_date, start_date_local, utc_offset,
        timezone, distance, moving_time, elapsed_time, total_elevation_gain, average_speed,
        max_speed, average_heartrate, max_heartrate, kudos_count, visibility, gear_id,
        workout_type, trainer, commute, manual, suffer_score, heartrate_opt_out, raw,
        content_hash, first_seen_at, fetched_at
      )
      select
        ${athleteId}, id, name, type, sport_type, start_date, start_date_local, utc_offset,
        timezone, distance, moving_time, elapsed_time, total_elevation_gain, average_speed,
        max_speed, average_heartrate, max_heartrate, kudos_count, visibility, gear_id,
        workout_type, trainer, commute, manual, suffer_score, heartrate_opt_out, raw,
        decode(content_hash, 'hex'), ${now}, ${now}
      from rows from (
        json_to_recordset(${toJsonArray(activities, "json")}::text::json) as (
          id bigint, name text, type text, sport_type text, start_date timestamptz,
          start_date_local timestamp, utc_offset integer, timezone text,
          distance double precision, moving_time integer, elapsed_time integer,
          total_elevation_gain double precision, average_speed double precision,
          max_speed double precision, average_heartrate double precision,
          max_heartrate double precision, kudos_count integer, visibility text, gear_id text,
          workout_type integer, trainer boolean, commute boolean, manual boolean,
          suffer_score double precision, heartrate_opt_out boolean, content_hash text
        ),
        jsonb_array_elements(${toJsonArray(activities, "raw")}::text::jsonb)
      ) as page (
        id, name, type, sport_type, start_date, start_date_local, utc_offset, timezone, distance,
        moving_time, elapsed_time, total_elevation_gain, average_speed, max_speed,
        average_heartrate, max_heartrate, kudos_count, visibility, gear_id, workout_type, trainer,
        commute, manual, suffer_score, heartrate_opt_out, content_hash, raw
      )
      where not ${whereRemoved(sql, athleteId)}
      order by id
      on conflict (athlete_id, id) do update
      set
        ${replaceColumns(sql)},
        raw = excluded.raw,
        dropped_raw_hash = null,
        content_hash = excluded.content_hash,
        fetched_at = excluded.fetched_at,
        deleted_at = null,
        restored_at = null
      where activities.content_hash <> excluded.content_hash
        or activities.deleted_at is not null
      returning id, xmax = 0 as is_new
    )
    select
      count(*) filter (where is_new) as inserted,
      count(*) filter (where not is_new) as updated,
      coalesce(array_agg(id), '{}') as ids
    from written
  `;
  return row!;
}

/** Returns the assignments of an upsert that replace the columns of an activity. */
export function replaceColumns(sql: Sql): ReturnType<Sql> {
  return sql`
    name = excluded.name,
    type = excluded.type,
    sport_type = excluded.sport_type,
    start_date = excluded.start_date,
    start_date_local = excluded.start_date_local,
    utc_offset = excluded.utc_offset,
    timezone = excluded.timezone,
    distance = excluded.distance,
    moving_time = excluded.moving_time,
    elapsed_time = excluded.elapsed_time,
    total_elevation_gain = excluded.total_elevation_gain,
    average_speed = excluded.average_speed,
    max_speed = excluded.max_speed,
    average_heartrate = excluded.average_heartrate,
    max_heartrate = excluded.max_heartrate,
    kudos_count = excluded.kudos_count,
    visibility = excluded.visibility,
    gear_id = excluded.gear_id,
    workout_type = excluded.workout_type,
    trainer = excluded.trainer,
    commute = excluded.commute,
    manual = excluded.manual,
    suffer_score = excluded.suffer_score,
    heartrate_opt_out = excluded.heartrate_opt_out
  `;
}

/**
 * Returns those of the activities that are not stored yet, are stored differently, or are marked as
 * deleted. The result is empty for a page that was stored before.
 */
export async function listChangedActivities(
  sql: Sql,
  { athleteId, activities }: {
    athleteId: number;
    activities: readonly ActivityInput[];
  },
): Promise<ActivityInput[]> {
  const rows = await sql<{ id: number; contentHash: string }[]>`
    select id, encode(content_hash, 'hex') as "contentHash"
    from activities
    where athlete_id = ${athleteId}
      and id = any(${activities.map(({ id }) => id)}::bigint[])
      and deleted_at is null
  `;
  const stored = new Map(rows.map((row) => [row.id, row.contentHash]));
  const differing = activities.filter((activity) =>
    stored.get(activity.id) !== activity.content_hash
  );
  const reordered = await listReordered(sql, {
    athleteId,
    activities: differing.filter(({ id }) => stored.has(id)),
  });
  return differing.filter(({ id }) => !reordered.has(id));
}

/** Returns the ids of activities that are stored with the same fields in another order. */
async function listReordered(
  sql: Sql,
  { athleteId, activities }: {
    athleteId: number;
    activities: readonly ActivityInput[];
  },
): Promise<Set<number>> {
  if (activities.length === 0) return new Set();
  const rows = await sql<{ id: number }[]>`
    select id
    from rows from (
      unnest(${activities.map(({ id }) => id)}::bigint[]),
      jsonb_array_elements(${toJsonArray(activities, "raw")}::text::jsonb)
    ) as page (id, raw)
    join activities as stored using (id)
    where stored.athlete_id = ${athleteId}
      and (
        stored.raw = page.raw
        or stored.dropped_raw_hash = sha256(convert_to(page.raw::text, 'UTF8'))
      )
  `;
  return new Set(rows.map(({ id }) => id));
}

/** Joins one JSON field of all activities into a JSON array. */
function toJsonArray(
  activities: readonly ActivityInput[],
  field: "json" | "raw",
): string {
  return `[${activities.map((activity) => activity[field]).join()}]`;
}

/**
 * Updates PostgreSQL's statistics of the table. Until its own next round, within a minute, it would
 * otherwise believe that a new table is empty, and scan all of it for each query.
 */
export async function vacuumActivities(sql: Sql): Promise<void> {
  await sql`vacuum (analyze) activities`;
}
