import type { Sql } from "../driver/client.ts";

/** A deleted activity, for its owner to restore. */
export interface DeletedActivity {
  id: number;
  name: string;
  sportType: string;
  /** Wall clock of the start, `2025-12-06T08:30:12`. */
  startDateLocal: string;
  distance: number;
  deletedAt: Date;
  /** `owner`, or `strava` if Strava no longer has it. */
  deletedBy: "owner" | "strava";
}

/**
 * Deletes activities for their owner. No sync or import brings them back. Returns the ids of those that
 * were there.
 */
export async function deleteForOwner(
  sql: Sql,
  { athleteId, ids, now }: {
    athleteId: number;
    ids: readonly number[];
    now: Date;
  },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    with deleted as (
      update activities
      set deleted_at = ${now}, restored_at = null
      where athlete_id = ${athleteId}
        and id = any(${[...ids]}::bigint[])
        and deleted_at is null
      returning id
    ),
    noted as (
      insert into activity_edits (athlete_id, activity_id, removed, edited_at)
      select ${athleteId}, id, 'deleted', ${now}
      from deleted
      on conflict (athlete_id, activity_id) do update
      set removed = excluded.removed, edited_at = excluded.edited_at
    )
    select id
    from deleted
    order by id
  `;
  return rows.map(({ id }) => id);
}

/** Takes one of Strava's activities out of the history: it is a part of another one. */
export async function mergeInto(
  sql: Sql,
  { athleteId, id, target, now }: {
    athleteId: number;
    id: number;
    target: number;
    now: Date;
  },
): Promise<void> {
  await sql`
    with removed as (
      update activities
      set deleted_at = ${now}, restored_at = null
      where athlete_id = ${athleteId}
        and id = ${id}
    )
    insert into activity_edits (athlete_id, activity_id, removed, merged_into, edited_at)
    values (${athleteId}, ${id}, 'merged', ${target}, ${now})
    on conflict (athlete_id, activity_id) do update
    set
      removed = excluded.removed,
      merged_into = excluded.merged_into,
      edited_at = excluded.edited_at
  `;
}

/** Forgets the deletion or merge of activities, before they are restored. */
export async function forgetRemoval(
  sql: Sql,
  { athleteId, ids }: { athleteId: number; ids: readonly number[] },
): Promise<void> {
  await sql`
    update activity_edits
    set removed = null, merged_into = null
    where athlete_id = ${athleteId}
      and activity_id = any(${[...ids]}::bigint[])
  `;
}

/** Marks those of the activities as deleted that the owner has deleted, or that are a part of another. */
export async function deleteRemoved(
  sql: Sql,
  { athleteId, ids, now }: {
    athleteId: number;
    ids: readonly number[];
    now: Date;
  },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    update activities
    set deleted_at = ${now}
    where athlete_id = ${athleteId}
      and id = any(${[...ids]}::bigint[])
      and deleted_at is null
      and ${whereRemoved(sql, athleteId)}
    returning id
  `;
  return rows.map(({ id }) => id);
}

/**
 * Returns the condition for activities that the owner has deleted or merged into others, or only for
 * the deleted ones.
 */
export function whereRemoved(
  sql: Sql,
  athleteId: number,
  removed: "deleted" | null = null,
): ReturnType<Sql> {
  return sql`
    exists (
      select
      from activity_edits
      where activity_edits.athlete_id = ${athleteId}
        and activity_id = id
        and removed = coalesce(${removed}::text, removed)
    )
  `;
}

/** Lists Strava's activities that are a part of others. */
export async function listMerged(
  sql: Sql,
  { athleteId, into }: { athleteId: number; into: readonly number[] },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select activity_id as id
    from activity_edits
    where athlete_id = ${athleteId}
      and merged_into = any(${[...into]}::bigint[])
    order by activity_id
  `;
  return rows.map(({ id }) => id);
}

/** Moves the parts of an activity to another one that takes its place. */
export async function moveMerged(
  sql: Sql,
  { athleteId, from, to }: { athleteId: number; from: number; to: number },
): Promise<void> {
  await sql`
    update activity_edits
    set merged_into = ${to}
    where athlete_id = ${athleteId}
      and merged_into = ${from}
  `;
}

/** Lists the deleted activities, the last deleted first. */
export async function listDeletedActivities(
  sql: Sql,
  { athleteId, limit }: { athleteId: number; limit: number },
): Promise<DeletedActivity[]> {
  return await sql<DeletedActivity[]>`
    select
      id, name, sport_type as "sportType", start_date_local as "startDateLocal", distance,
      deleted_at as "deletedAt",
      case when removed is null then 'strava' else 'owner' end as "deletedBy"
    from activities
    left join activity_edits
      on activity_edits.athlete_id = activities.athlete_id
      and activity_id = id
    where activities.athlete_id = ${athleteId}
      and deleted_at is not null
      and removed is distinct from 'merged'
    order by deleted_at desc, id desc
    limit ${limit}
  `;
}
