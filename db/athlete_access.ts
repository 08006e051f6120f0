import type { Sql } from "./driver/client.ts";

/** Who may see an athlete. */
export type Visibility = "private" | "link" | "public";

/** An athlete as its owner sees it. */
export interface OwnedAthlete {
  id: number;
  name: string;
  /** Null for the instance's own. */
  owner: { id: string; username: string; displayName: string } | null;
  /** Whether it is meant where the owner names none: the chosen one or else the first. */
  isDefault: boolean;
  /** Null until the owner has chosen. */
  visibility: Visibility | null;
  /** Sealed. */
  shareToken: string | null;
  connected: boolean;
  /** Since when Strava refuses the grant. */
  deadSince: Date | null;
  connectedAt: Date;
  activities: number;
  firstSyncedAt: Date | null;
  lastSuccessAt: Date | null;
}

/** The athletes of a user, or all by their owners' names, the default of each first and the instance's own last. */
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
        where athlete_id = athletes.id
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
    order by lower(users.username), place
  `;
}

/** Whose an athlete is, its row locked until the transaction ends; `undefined` where there is none. */
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

/** Makes an athlete a user's, and the default where the user has none; without `visibility` that stays. */
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

/** Makes one of a user's athletes the default, and no other; `false` where it is none of theirs. */
export async function setDefaultAthlete(
  sql: Sql,
  { id, userId }: { id: number; userId: string },
): Promise<boolean> {
  // Of two that are chosen at once the later stays: without the lock the two would collide.
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

/** How an athlete is shared, and the token sealed. */
export interface Sharing {
  visibility: Visibility | null;
  shareHash: Uint8Array | null;
  shareToken: string | null;
}

/** How an athlete is shared, its row locked until the transaction ends. */
export async function lockSharing(
  sql: Sql,
  { id }: { id: number },
): Promise<Sharing | undefined> {
  const [sharing] = await sql<Sharing[]>`
    select
      visibility,
      share_hash as "shareHash",
      share_token as "shareToken"
    from athletes
    where id = ${id}
    for update
  `;
  return sharing;
}

/** Stores how an athlete is shared. */
export async function updateSharing(
  sql: Sql,
  { id, visibility, shareHash, shareToken }: Sharing & { id: number },
): Promise<void> {
  await sql`
    update athletes
    set
      visibility = ${visibility},
      share_hash = ${shareHash},
      share_token = ${shareToken}
    where id = ${id}
  `;
}

/** The athletes that have a share token. */
export async function listSharedAthletes(sql: Sql): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id
    from athletes
    where share_token is not null
    order by id
  `;
  return rows.map(({ id }) => id);
}
