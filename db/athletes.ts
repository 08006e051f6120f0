import type { Sql } from "./driver/client.ts";

/** Returns the ids of all athletes, disconnected ones included. */
export async function listAthletes(sql: Sql): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id
    from athletes
    order by id
  `;
  return rows.map(({ id }) => id);
}

/** Key of the advisory lock: a number that no other program on this database is likely to use. */
const CONNECTING_LOCK = 5_001_707_312;

/**
 * Waits until no other transaction connects an athlete, and blocks others until this one ends. Without
 * it, two concurrent connections could both find themselves the first.
 */
export async function lockConnecting(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(${CONNECTING_LOCK})`;
}

/** The ids of athletes and activities without Strava begin here. Strava's are far smaller. */
export const FIRST_OWN_ID = 2 ** 52;

/** Reports whether another athlete of Strava is stored, connected or not. */
export async function hasOtherAthlete(
  sql: Sql,
  { id }: { id: number },
): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (
      select
      from athletes
      where id <> ${id}
        and id < ${FIRST_OWN_ID}
    ) as found
  `;
  return row?.found ?? false;
}

/** Stores an athlete as connected. One that connected before keeps its `connected_at`, and so its rank. */
export async function upsertAthlete(
  sql: Sql,
  { id, profile, now }: { id: number; profile: object; now: Date },
): Promise<void> {
  await sql`
    insert into athletes (id, profile, connected_at)
    values (${id}, ${sql.json(profile as never)}, ${now})
    on conflict (id) do update
    set
      profile = excluded.profile,
      revoked_at = null,
      delete_at = null
  `;
}

/** Marks an athlete as disconnected. The data is deleted at `deleteAt`, unless they reconnect before. */
export async function revokeAthlete(
  sql: Sql,
  { id, deleteAt = null, now }: {
    id: number;
    deleteAt?: Date | null;
    now: Date;
  },
): Promise<void> {
  await sql`
    update athletes
    set revoked_at = coalesce(revoked_at, ${now}), delete_at = ${deleteAt}
    where id = ${id}
  `;
}

/** Returns the ids of the disconnected athletes whose data is due for deletion. */
export async function listAthletesToDelete(
  sql: Sql,
  { now }: { now: Date },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id
    from athletes
    where delete_at <= ${now}
    order by id
  `;
  return rows.map(({ id }) => id);
}

/** Deletes an athlete and, through the foreign keys, all of their rows. */
export async function deleteAthlete(
  sql: Sql,
  { id }: { id: number },
): Promise<void> {
  await sql`
    delete from athletes
    where id = ${id}
  `;
}

/** Increments an athlete's data version, which invalidates everything computed from the data. */
export async function bumpDataVersion(
  sql: Sql,
  { id }: { id: number },
): Promise<void> {
  await sql`
    update sync_state
    set data_version = data_version + 1
    where athlete_id = ${id}
  `;
}
