import type { Sql } from "./driver/client.ts";

/** Replaces the deletions that wait for confirmation. Those already waiting keep their date. */
export async function setPendingDeletions(
  sql: Sql,
  { athleteId, ids, now }: {
    athleteId: number;
    ids: readonly number[];
    now: Date;
  },
): Promise<void> {
  await sql`
    with left_over as (
      delete from pending_deletions
      where athlete_id = ${athleteId}
        and activity_id <> all(${[...ids]}::bigint[])
    )
    insert into pending_deletions (athlete_id, activity_id, since)
    select ${athleteId}, id, ${now}
    from unnest(${[...ids]}::bigint[]) as missing (id)
    on conflict (athlete_id, activity_id) do nothing
  `;
}

/** Confirms every pending deletion. Returns their number. */
export async function confirmPendingDeletions(
  sql: Sql,
  { athleteId, now }: { athleteId: number; now: Date },
): Promise<number> {
  const rows = await sql`
    update pending_deletions
    set confirmed_at = ${now}
    where athlete_id = ${athleteId}
    returning activity_id
  `;
  return rows.length;
}

/** Returns the ids of confirmed deletions. */
export async function listConfirmedDeletions(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select activity_id as id
    from pending_deletions
    where athlete_id = ${athleteId}
      and confirmed_at is not null
    order by activity_id
  `;
  return rows.map(({ id }) => id);
}

/** Removes a pending deletion after Strava has answered whether the activity exists. */
export async function deletePendingDeletion(
  sql: Sql,
  { athleteId, id }: { athleteId: number; id: number },
): Promise<void> {
  await sql`
    delete from pending_deletions
    where athlete_id = ${athleteId}
      and activity_id = ${id}
  `;
}

/** Takes a confirmation back after Strava gave no clear answer. The owner may confirm again. */
export async function unconfirmPendingDeletion(
  sql: Sql,
  { athleteId, id }: { athleteId: number; id: number },
): Promise<void> {
  await sql`
    update pending_deletions
    set confirmed_at = null
    where athlete_id = ${athleteId}
      and activity_id = ${id}
  `;
}
