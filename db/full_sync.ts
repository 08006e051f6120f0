import type { Sql } from "./driver/client.ts";

/** Stores the ids on a page of a full sync. */
export async function insertFullSyncPage(
  sql: Sql,
  { athleteId, ids }: { athleteId: number; ids: readonly number[] },
): Promise<void> {
  await sql`
    insert into full_sync_pages (athlete_id, activity_ids)
    values (${athleteId}, ${[...ids]}::bigint[])
  `;
}

/** A stored activity that a full sync has not seen. */
export interface Missing {
  id: number;
  /** Whether a 404 is not proof enough: the owner restored it, or the token may not show it. */
  isDoubtful: boolean;
}

/** Returns the number of Strava's activities that are not deleted. */
export async function countStravaActivities(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count
    from activities
    where athlete_id = ${athleteId}
      and source = 'strava'
      and deleted_at is null
  `;
  return row!.count;
}

/**
 * Returns the activities that a full sync should have seen but did not: Strava's, stored before it
 * started and unchanged since. Only You activities count if the grant's scopes include them. If the
 * sync saw no Only You activity at all, the token may have lost that scope, and they are doubtful.
 */
export async function listMissing(
  sql: Sql,
  { athleteId, startedAt }: { athleteId: number; startedAt: Date },
): Promise<Missing[]> {
  return await sql<Missing[]>`
    select
      id,
      restored_at is not null or visibility = 'only_me' and not exists (
        select
        from activities
        where athlete_id = ${athleteId}
          and visibility = 'only_me'
          and source = 'strava'
          and deleted_at is null
          and id in (${seenIds(sql, athleteId)})
      ) as "isDoubtful"
    from activities
    where athlete_id = ${athleteId}
      and ${whereMissing(sql, { athleteId, startedAt })}
    order by id
  `;
}

/** Reports whether an unseen activity started before this moment. Then the list may continue. */
export async function isMissingBefore(
  sql: Sql,
  { athleteId, startedAt, before }: {
    athleteId: number;
    startedAt: Date;
    before: Date;
  },
): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (
      select
      from activities
      where athlete_id = ${athleteId}
        and start_date < ${before}
        and ${whereMissing(sql, { athleteId, startedAt })}
    ) as found
  `;
  return row!.found;
}

function whereMissing(
  sql: Sql,
  { athleteId, startedAt }: { athleteId: number; startedAt: Date },
): ReturnType<Sql> {
  return sql`
    source = 'strava'
    and deleted_at is null
    and fetched_at < ${startedAt}
    and id not in (${seenIds(sql, athleteId)})
    and (
      visibility <> 'only_me'
      or exists (
        select
        from grants
        where athlete_id = ${athleteId}
          and 'activity:read_all' = any(scopes)
      )
    )
  `;
}

function seenIds(sql: Sql, athleteId: number): ReturnType<Sql> {
  return sql`
    select unnest(activity_ids)
    from full_sync_pages
    where athlete_id = ${athleteId}
  `;
}

/** Requests a full sync that starts after `now`. */
export async function requestFullSync(
  sql: Sql,
  { athleteId, now }: { athleteId: number; now: Date },
): Promise<void> {
  await sql`
    update sync_state
    set full_sync_requested_at = ${now}
    where athlete_id = ${athleteId}
  `;
}

/** Reports whether a requested full sync or confirmed deletions are still to be done. */
export async function hasRequestedWork(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<boolean> {
  const [row] = await sql<{ isRequested: boolean }[]>`
    select
      full_sync_requested_at is not null or exists (
        select
        from pending_deletions
        where athlete_id = ${athleteId}
          and confirmed_at is not null
      ) as "isRequested"
    from sync_state
    where athlete_id = ${athleteId}
  `;
  return row?.isRequested ?? false;
}

/**
 * Finishes a full sync that reached the end of the list, and deletes the stored page ids. Returns
 * whether the run still holds the lease, and whether another full sync was requested in between.
 */
export async function finishFullSync(
  sql: Sql,
  { athleteId, runId, startedAt }: {
    athleteId: number;
    runId: number;
    startedAt: Date;
  },
): Promise<{ isHeld: boolean; isRequested: boolean }> {
  const [row] = await sql<{ isRequested: boolean }[]>`
    update sync_state
    set
      full_sync_cursor = null,
      full_sync_started_at = null,
      last_full_sync_at = ${startedAt},
      full_sync_requested_at = case when full_sync_requested_at > ${startedAt} then full_sync_requested_at end
    where athlete_id = ${athleteId}
      and run_id = ${runId}
    returning full_sync_requested_at is not null as "isRequested"
  `;
  if (!row) return { isHeld: false, isRequested: false };
  await sql`
    update activities
    set restored_at = null
    where athlete_id = ${athleteId}
      and restored_at is not null
      and id in (${seenIds(sql, athleteId)})
  `;
  await sql`
    delete from full_sync_pages
    where athlete_id = ${athleteId}
  `;
  return { isHeld: true, isRequested: row.isRequested };
}
