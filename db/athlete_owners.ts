import type { Visibility } from "./athlete_sharing.ts";
import type { Sql } from "./driver/client.ts";

/** An athlete as its owner sees it. */
export interface OwnedAthlete {
  id: number;
  name: string;
  /** The user it belongs to; null for an athlete of the instance itself. */
  owner: { id: string; username: string; displayName: string } | null;
  /** Whether it is served when its owner names no athlete: the chosen one, else the first. */
  isDefault: boolean;
  /** Null until the owner has chosen. */
  visibility: Visibility | null;
  /** Share token, sealed. */
  shareToken: string | null;
  connected: boolean;
  /** Time since which Strava refuses the grant. */
  deadSince: Date | null;
  connectedAt: Date;
  /** Number of activities that are not deleted. */
  activities: number;
  firstSyncedAt: Date | null;
  lastSuccessAt: Date | null;
}

/**
 * Returns one athlete, a user's athletes or all of them. They are ordered by their owners'
 * usernames, the instance's own last; each owner's default comes first.
 */
export async function listOwnedAthletes(
  sql: Sql,
  which: { userId: string } | { id: number } | "all",
): Promise<OwnedAthlete[]> {
  const whereChosen = which === "all"
    ? sql`true`
    : "id" in which
    ? sql`places.id = ${which.id}`
    : sql`places.user_id = ${which.userId}`;
  return await sql<OwnedAthlete[]>`
    with places as (
      select
        id,
        user_id,
        row_number() over (
          partition by user_id
          order by not is_default, revoked_at is not null, connected_at, id
        ) as place
      from athletes
    )
    select
      athletes.id,
      concat_ws(' ', profile ->> 'firstname', profile ->> 'lastname') as name,
      case when users.id is not null then json_build_object(
        'id', users.id,
        'username', users.username,
        'displayName', users.display_name
      ) end as owner,
      place = 1 as "isDefault",
      visibility,
      share_token as "shareToken",
      grants.athlete_id is not null as connected,
      grants.dead_since as "deadSince",
      connected_at as "connectedAt",
      (
        select count(*)
        from activities
        where athlete_id = sync_state.athlete_id
          and deleted_at is null
      ) as activities,
      first_synced_at as "firstSyncedAt",
      last_success_at as "lastSuccessAt"
    from places
    join athletes on athletes.id = places.id
    join sync_state on sync_state.athlete_id = athletes.id
    left join grants on grants.athlete_id = athletes.id
    left join users on users.id = athletes.user_id
    where ${whereChosen}
    order by lower(users.username collate pg_c_utf8), place
  `;
}

/** Returns the ids of a user's athletes, ordered by when they first connected. */
export async function listUserAthletes(
  sql: Sql,
  { userId }: { userId: string },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id
    from athletes
    where user_id = ${userId}
    order by connected_at, id
  `;
  return rows.map(({ id }) => id);
}

/**
 * Returns an athlete's owner and locks the athlete's row until the transaction ends. `undefined` if
 * the athlete does not exist; `userId` is null for an athlete of the instance itself.
 */
export async function lockAthleteOwner(
  sql: Sql,
  { id }: { id: number },
): Promise<{ userId: string | null } | undefined> {
  const [athlete] = await sql<{ userId: string | null }[]>`
    select user_id as "userId"
    from athletes
    where id = ${id}
    for update
  `;
  return athlete;
}

/**
 * Makes a user the owner of an athlete. It becomes the default if the user has none. Its visibility
 * stays as it is unless one is given.
 */
export async function setAthleteOwner(
  sql: Sql,
  { id, userId, visibility = null }: {
    id: number;
    userId: string;
    visibility?: Visibility | null;
  },
): Promise<void> {
  await sql`
    update athletes
    set
      user_id = ${userId},
      is_default = is_default or not exists (
        select
        from athletes as others
        where others.user_id = ${userId}
          and others.is_default
      ),
      visibility = coalesce(${visibility}::text, visibility)
    where id = ${id}
  `;
}

/** Makes an athlete its user's only default; returns `false` if it does not belong to the user. */
export async function setDefaultAthlete(
  sql: Sql,
  { id, userId }: { id: number; userId: string },
): Promise<boolean> {
  // Without this lock two concurrent choices would violate the unique index. The later one wins.
  await sql`
    select
    from users
    where id = ${userId}
    for no key update
  `;
  if ((await lockAthleteOwner(sql, { id }))?.userId !== userId) return false;
  await sql`
    update athletes
    set is_default = false
    where user_id = ${userId}
      and is_default
      and id <> ${id}
  `;
  await sql`
    update athletes
    set is_default = true
    where id = ${id}
  `;
  return true;
}

/**
 * Gives all athletes without an owner to a user; returns their ids. The first that is connected
 * becomes the default.
 */
export async function adoptAthletes(
  sql: Sql,
  { userId }: { userId: string },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    with orphans as (
      select
        id,
        row_number() over (order by revoked_at is not null, connected_at, id) as place
      from athletes
      where user_id is null
    )
    update athletes
    set user_id = ${userId}, is_default = orphans.place = 1
    from orphans
    where athletes.id = orphans.id
    returning athletes.id
  `;
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}
