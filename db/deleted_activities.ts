import type { Sql } from "./driver/client.ts";
import { whereRemoved } from "./edits/removed_activities.ts";

/**
 * Marks Strava's activities as deleted: they no longer count anywhere but can be restored. Activities
 * that came by file are not Strava's to delete. Returns the ids that were newly marked.
 * `keepRestored` leaves out activities that the owner has restored.
 */
export async function deleteActivities(
  sql: Sql,
  { athleteId, ids, keepRestored = false, now }: {
    athleteId: number;
    ids: readonly number[];
    keepRestored?: boolean;
    now: Date;
  },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    update activities
    set deleted_at = ${now}, restored_at = null
    where athlete_id = ${athleteId}
      and id = any(${[...ids]}::bigint[])
      and source = 'strava'
      and deleted_at is null
      ${keepRestored ? sql`and restored_at is null` : sql``}
    returning id
  `;
  return rows.map(({ id }) => id);
}

/**
 * Restores deleted activities; without `ids` all that the owner has not deleted. Returns the restored
 * ids. A full sync does not delete such an activity again without confirmation until Strava lists it
 * once more.
 */
export async function restoreActivities(
  sql: Sql,
  { athleteId, ids, now }: {
    athleteId: number;
    ids?: readonly number[] | undefined;
    now: Date;
  },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    update activities
    set deleted_at = null, restored_at = ${now}
    where athlete_id = ${athleteId}
      and deleted_at is not null
      ${
    ids
      ? sql`and id = any(${[...ids]}::bigint[])`
      : sql`and not ${whereRemoved(sql, athleteId)}`
  }
    returning id
  `;
  return rows.map(({ id }) => id);
}

/**
 * Permanently deletes activities that were marked before a moment, with their recordings and files.
 * Skips locked rows. Returns the number.
 */
export async function purgeDeletedActivities(
  sql: Sql,
  { athleteId, deletedBefore }: { athleteId: number; deletedBefore: Date },
): Promise<number> {
  const rows = await sql`
    with old as materialized (
      select id
      from activities
      where athlete_id = ${athleteId}
        and deleted_at < ${deletedBefore}
      order by id
      for update skip locked
    ),
    emptied as (
      delete from imported_files
      where athlete_id = ${athleteId}
        and content_hash in (
          select content_hash
          from recordings
          where athlete_id = ${athleteId}
          group by content_hash
          having bool_and(activity_id in (select id from old))
        )
    )
    delete from activities
    where athlete_id = ${athleteId}
      and id in (select id from old)
    returning id
  `;
  return rows.length;
}
