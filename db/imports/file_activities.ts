import { type ActivityColumns, replaceColumns } from "../activities.ts";
import type { Sql } from "../driver/client.ts";
import { whereRemoved } from "../edits/removed_activities.ts";

/** An activity as far as it decides whether another is the same. */
export interface ActivitySpan {
  id: number;
  source: "strava" | "file";
  startDate: Date;
  elapsedTime: number;
  sportType: string;
  /** Strava's id: its own, or the one that a bulk export names. */
  stravaId: number | null;
}

/** The columns of an activity that came by file. */
export interface FileActivityColumns extends ActivityColumns {
  description: string | null;
}

/** An activity that began longer before than this is not compared: the index needs a bound. */
const MAX_DAYS = 7;

/**
 * Lists the activities that overlap with a span of time, those of a source if one is given. Includes
 * those that the owner has deleted: another source must not bring them back. Leaves out those that the
 * owner has split off.
 */
export async function listOverlapping(
  sql: Sql,
  { athleteId, from, until, source = null }: {
    athleteId: number;
    from: Date;
    until: Date;
    source?: "strava" | "file" | null;
  },
): Promise<ActivitySpan[]> {
  const earliest = new Date(from.getTime() - MAX_DAYS * 24 * 60 * 60 * 1000);
  return await sql<ActivitySpan[]>`
    select ${spanColumns(sql, athleteId)}
    from activities
    where athlete_id = ${athleteId}
      and (deleted_at is null or ${whereRemoved(sql, athleteId, "deleted")})
      and start_date between ${earliest} and ${until}
      and start_date + make_interval(secs => elapsed_time) >= ${from}
      and not exists (
        select
        from recordings
        where recordings.athlete_id = ${athleteId}
          and activity_id = activities.id
          and placement = 'split'
          and activities.source = 'file'
      )
      and (${source}::text is null or source = ${source})
    order by start_date, id
  `;
}

/** Returns those of Strava's activities with these ids that are not deleted. */
export async function listStravaSpans(
  sql: Sql,
  { athleteId, ids }: { athleteId: number; ids: readonly number[] },
): Promise<ActivitySpan[]> {
  return await sql<ActivitySpan[]>`
    select ${spanColumns(sql, athleteId)}
    from activities
    where athlete_id = ${athleteId}
      and id = any(${[...ids]}::bigint[])
      and source = 'strava'
      and deleted_at is null
    order by id
  `;
}

/** Lists the activities with these ids, whatever their source; deleted ones only on request. */
export async function listSpans(
  sql: Sql,
  { athleteId, ids, withDeleted = false }: {
    athleteId: number;
    ids: readonly number[];
    withDeleted?: boolean;
  },
): Promise<ActivitySpan[]> {
  return await sql<ActivitySpan[]>`
    select ${spanColumns(sql, athleteId)}
    from activities
    where athlete_id = ${athleteId}
      and id = any(${[...ids]}::bigint[])
      and (${withDeleted} or deleted_at is null)
    order by id
  `;
}

function spanColumns(sql: Sql, athleteId: number): ReturnType<Sql> {
  return sql`
    id, source, start_date as "startDate", elapsed_time as "elapsedTime",
    sport_type as "sportType",
    case
      when source = 'strava' then id
      else (
        select min(strava_id)
        from recordings
        where recordings.athlete_id = ${athleteId}
          and activity_id = activities.id
      )
    end as "stravaId"
  `;
}

/**
 * Returns the activity that a recording named by the bulk export belongs to: Strava's own, or the one
 * of an earlier recording with the same id.
 */
export async function findListedActivity(
  sql: Sql,
  { athleteId, stravaId }: { athleteId: number; stravaId: number },
): Promise<ActivitySpan | undefined> {
  const [activity] = await sql<ActivitySpan[]>`
    select ${spanColumns(sql, athleteId)}
    from activities
    where athlete_id = ${athleteId}
      and (deleted_at is null or ${whereRemoved(sql, athleteId, "deleted")})
      and id in (
        select ${stravaId}::bigint
        union all
        select merged_into
        from activity_edits
        where activity_edits.athlete_id = ${athleteId}
          and activity_id = ${stravaId}
        union all
        select activity_id
        from recordings
        where athlete_id = ${athleteId}
          and strava_id = ${stravaId}
      )
    order by source = 'strava' desc, id
    limit 1
  `;
  return activity;
}

/** Stores an activity that came by file, or replaces its columns. */
export async function upsertFileActivity(
  sql: Sql,
  { athleteId, activity, now }: {
    athleteId: number;
    activity: FileActivityColumns;
    now: Date;
  },
): Promise<void> {
  const gearId = activity.gear_id === null ? null : sql`
    coalesce(
      (
        select same_as
        from gear
        where gear.athlete_id = ${athleteId}
          and gear.id = ${activity.gear_id}
      ),
      ${activity.gear_id}
    )
  `;
  await sql`
    insert into activities (
      athlete_id, source, id, description, name, type, sport_type, start_date, start_date_local, utc_offset,
      timezone, distance, moving_time, elapsed_time, total_elevation_gain, average_speed,
      max_speed, average_heartrate, max_heartrate, suffer_score, heartrate_opt_out, kudos_count,
      visibility, gear_id, workout_type, trainer, commute, manual, content_hash, first_seen_at,
      fetched_at
    )
    values (
      ${athleteId}, 'file', ${activity.id}, ${activity.description}, ${activity.name}, ${activity.type},
      ${activity.sport_type}, ${activity.start_date}, ${activity.start_date_local},
      ${activity.utc_offset}, ${activity.timezone}, ${activity.distance},
      ${activity.moving_time}, ${activity.elapsed_time}, ${activity.total_elevation_gain},
      ${activity.average_speed}, ${activity.max_speed}, ${activity.average_heartrate},
      ${activity.max_heartrate}, ${activity.suffer_score}, ${activity.heartrate_opt_out},
      ${activity.kudos_count}, ${activity.visibility},
      ${gearId},
      ${activity.workout_type}, ${activity.trainer}, ${activity.commute}, ${activity.manual},
      decode(${activity.content_hash}, 'hex'), ${now}, ${now}
    )
    on conflict (athlete_id, id) do update
    set
      ${replaceColumns(sql)},
      description = excluded.description,
      content_hash = excluded.content_hash,
      fetched_at = excluded.fetched_at
    where activities.source = 'file'
  `;
}

/** Deletes activities that came by file and have no recording any more. */
export async function deleteEmptyFileActivities(
  sql: Sql,
  { athleteId, ids }: { athleteId: number; ids: readonly number[] },
): Promise<void> {
  await sql`
    delete from activities
    where athlete_id = ${athleteId}
      and id = any(${[...ids]}::bigint[])
      and source = 'file'
      and not exists (
        select
        from recordings
        where recordings.athlete_id = ${athleteId}
          and activity_id = activities.id
      )
  `;
}

/**
 * Gives an activity of Strava the heart rates that Strava does not have. If Strava's answer is still
 * stored, the heart rates of files that have left the activity are withdrawn.
 */
export async function fillHeartRate(
  sql: Sql,
  { athleteId, id, average, max }: {
    athleteId: number;
    id: number;
    average: number | null;
    max: number | null;
  },
): Promise<void> {
  const [own, ownMax] = ["average_heartrate", "max_heartrate"].map((column) =>
    sql`case
      when raw is null then ${sql(column)}
      when jsonb_typeof(raw -> ${column}) = 'number'
        then (raw ->> ${column})::double precision
    end`
  );
  await sql`
    update activities
    set
      average_heartrate = coalesce(${own!}, ${average}),
      max_heartrate = coalesce(${ownMax!}, ${max})
    where athlete_id = ${athleteId}
      and id = ${id}
      and source = 'strava'
  `;
}
