import type { Sql } from "./driver/client.ts";

/** Remembers which activities a page of the walk of the whole list had. */
export async function insertFullSyncPage(
  sql: Sql,
  { athleteId, ids }: { athleteId: number; ids: readonly number[] },
): Promise<void> {
  await sql`
    insert into full_sync_pages (athlete_id, activity_ids)
    values (${athleteId}, ${[...ids]}::bigint[])
  `;
}

/** An activity that is stored, and that a walk of the whole list has not come across. */
export interface Missing {
  id: number;
  /** No 404 alone makes it a deleted one: the owner has restored it, or the walk may be blind to it. */
  isDoubtful: boolean;
}

/**
 * The activities that the walk should have seen and has not: stored before it began, untouched since,
 * and, if they are Only You, within what the grant allows to see. Where it does and yet the walk has
 * seen none that is Only You, the token may have lost that right, and they are doubtful.
 */
export async function listMissing(
  sql: Sql,
  { athleteId, beganAt }: { athleteId: number; beganAt: Date },
): Promise<Missing[]> {
  return await sql<Missing[]>`
    select
      id,
      restored_at is not null or visibility = 'only_me' and not exists (
        select
        from activities
        where athlete_id = ${athleteId}
          and visibility = 'only_me'
          and deleted_at is null
          and id in (${seenIds(sql, athleteId)})
      ) as "isDoubtful"
    from activities
    where athlete_id = ${athleteId}
      and ${whereMissing(sql, { athleteId, beganAt })}
    order by id
  `;
}

/** Whether something is missing that started before this moment: then the list may go on. */
export async function isMissingBefore(
  sql: Sql,
  { athleteId, beganAt, before }: {
    athleteId: number;
    beganAt: Date;
    before: Date;
  },
): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (
      select
      from activities
      where athlete_id = ${athleteId}
        and start_date < ${before}
        and ${whereMissing(sql, { athleteId, beganAt })}
    ) as found
  `;
  return row!.found;
}

function whereMissing(
  sql: Sql,
  { athleteId, beganAt }: { athleteId: number; beganAt: Date },
): ReturnType<Sql> {
  return sql`
    deleted_at is null
    and fetched_at < ${beganAt}
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

/** Asks for a walk of the whole list that begins from now on. */
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

/** Whether the owner has asked for something that no run has done yet: a walk, or deletions. */
export async function isAnythingAsked(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<boolean> {
  const [row] = await sql<{ isAsked: boolean }[]>`
    select
      full_sync_requested_at is not null or exists (
        select
        from pending_deletions
        where athlete_id = ${athleteId}
          and confirmed_at is not null
      ) as "isAsked"
    from sync_state
    where athlete_id = ${athleteId}
  `;
  return row?.isAsked ?? false;
}

/**
 * Ends a walk that has come to the list's end; what it remembered goes. Tells whether the run still
 * holds the lease, and whether another walk was asked for after this one had begun.
 */
export async function finishFullSync(
  sql: Sql,
  { athleteId, runId, beganAt }: {
    athleteId: number;
    runId: number;
    beganAt: Date;
  },
): Promise<{ isHeld: boolean; isAsked: boolean }> {
  const [row] = await sql<{ isAsked: boolean }[]>`
    update sync_state
    set
      full_sync_cursor = null,
      full_sync_started_at = null,
      last_full_sync_at = ${beganAt},
      full_sync_requested_at = case when full_sync_requested_at > ${beganAt} then full_sync_requested_at end
    where athlete_id = ${athleteId}
      and run_id = ${runId}
    returning full_sync_requested_at is not null as "isAsked"
  `;
  if (!row) return { isHeld: false, isAsked: false };
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
  return { isHeld: true, isAsked: row.isAsked };
}
