import type { Sql } from "./driver/client.ts";

/** Replaces what waits for the owner's word by these; what waits already keeps its place. */
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

/** The owner's word: what waits may go; returns how many. */
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

/** The ids of those that the owner has given up. */
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

/** Strava has said what became of the activity: it waits no longer. */
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

/** Strava did not say what became of the activity: the owner may give it up once more. */
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
