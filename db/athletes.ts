import type { Sql } from "./driver/client.ts";
import { whereUnfinished } from "./sync_status.ts";

/** The athlete whose data this instance serves. */
export interface ServedAthlete {
  id: number;
  /** Whose it is; null for the instance's own. */
  userId: string | null;
  /** Who may see it; null until the owner has chosen. */
  visibility: "private" | "link" | "public" | null;
  dataVersion: number;
  lastSuccessAt: Date | null;
  /** When the athlete left; the data may have stayed. */
  revokedAt: Date | null;
  /** IANA name of the zone of the newest activity; null where Strava named none. */
  timezone: string | null;
  /** Seconds east of UTC at the newest activity. */
  utcOffset: number | null;
}

/** An athlete as the administrator sees it. */
export interface AthleteStatus {
  id: number;
  name: string;
  connectedAt: Date;
  revokedAt: Date | null;
  scopes: string[] | null;
  /** Since when Strava refuses the grant. */
  deadSince: Date | null;
  activities: number;
  /** Those that Strava has no more. */
  deleted: number;
  /** Those that look deleted and wait for the owner's word, and since when the first of them does. */
  pending: number;
  pendingSince: Date | null;
  /** Those that cannot be read. */
  quarantined: number;
  lastSuccessAt: Date | null;
  firstSyncedAt: Date | null;
  lastFullSyncAt: Date | null;
  nextDueAt: Date | null;
  failures: number;
  /** Something is left to do at the next minute's tick. */
  isUnfinished: boolean;
}

/** One athlete of those that there are. */
export type AthleteChoice =
  | { which: "id"; id: number }
  /** By the hash of a share token, as long as the athlete shares by link. */
  | { which: "link"; hash: Uint8Array }
  /** A user's default or else first. */
  | { which: "user"; userId: string }
  /** The first that everyone may see; `publicStats` decides for owners who have not chosen. */
  | { which: "public"; publicStats: boolean }
  | { which: "any" };

/**
 * The athlete whose data is served. Of several a default comes first, then one who is connected
 * before one who has left, then the one who connected first. `undefined` where there is none.
 */
export async function getServedAthlete(
  sql: Sql,
  choice: AthleteChoice,
): Promise<ServedAthlete | undefined> {
  // Chosen first: only then is the newest activity looked up, of one instead of of everyone.
  const [athlete] = await sql<ServedAthlete[]>`
    with chosen as materialized (
      select
        athletes.id,
        athletes.user_id,
        athletes.visibility,
        athletes.data_version,
        sync_state.last_success_at,
        athletes.revoked_at
      from athletes
      join sync_state on sync_state.athlete_id = athletes.id
      where ${whereChosen(sql, choice)}
      order by
        ${choice.which === "user" ? sql`not athletes.is_default,` : sql``}
        athletes.revoked_at is not null,
        athletes.connected_at,
        athletes.id
      limit 1
    )
    select
      chosen.id,
      user_id as "userId",
      visibility,
      data_version as "dataVersion",
      last_success_at as "lastSuccessAt",
      revoked_at as "revokedAt",
      newest.timezone,
      newest.utc_offset as "utcOffset"
    from chosen
    left join lateral (
      select timezone, utc_offset
      from activities
      where athlete_id = chosen.id
        and deleted_at is null
      order by start_date desc, id desc
      limit 1
    ) newest on true
  `;
  return athlete;
}

function whereChosen(sql: Sql, choice: AthleteChoice): ReturnType<Sql> {
  switch (choice.which) {
    case "id":
      return sql`athletes.id = ${choice.id}`;
    case "link":
      return sql`
        athletes.share_hash = ${choice.hash}
        and athletes.visibility in ('link', 'public')
      `;
    case "user":
      return sql`athletes.user_id = ${choice.userId}`;
    case "public": {
      const unset = choice.publicStats ? "public" : "private";
      return sql`coalesce(athletes.visibility, ${unset}) = 'public'`;
    }
    case "any":
      return sql`true`;
  }
}

/** Every athlete with what the administrator wants to know. */
export async function listAthleteStatus(sql: Sql): Promise<AthleteStatus[]> {
  return await sql<AthleteStatus[]>`
    select
      athletes.id,
      concat_ws(' ', profile ->> 'firstname', profile ->> 'lastname') as name,
      connected_at as "connectedAt",
      revoked_at as "revokedAt",
      grants.scopes,
      grants.dead_since as "deadSince",
      (
        select count(*)
        from activities
        where athlete_id = athletes.id
          and deleted_at is null
      ) as activities,
      (
        select count(*)
        from activities
        where athlete_id = athletes.id
          and deleted_at is not null
      ) as deleted,
      pending.count as pending,
      pending.since as "pendingSince",
      (
        select count(*)
        from quarantined_activities
        where athlete_id = athletes.id
      ) as quarantined,
      last_success_at as "lastSuccessAt",
      first_synced_at as "firstSyncedAt",
      last_full_sync_at as "lastFullSyncAt",
      case when revoked_at is null and dead_since is null then next_due_at end as "nextDueAt",
      failures,
      ${whereUnfinished(sql)} as "isUnfinished"
    from athletes
    join sync_state on sync_state.athlete_id = athletes.id
    left join grants on grants.athlete_id = athletes.id
    cross join lateral (
      select count(*) as count, min(since) as since
      from pending_deletions
      where athlete_id = athletes.id
    ) pending
    order by connected_at, athletes.id
  `;
}

/** Everyone who has connected and was not deleted. */
export async function listAthletes(sql: Sql): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id
    from athletes
    order by id
  `;
  return rows.map(({ id }) => id);
}

/** Any number that no other program on the same database is likely to lock. */
const CONNECTING_LOCK = 5_001_707_312;

/** Lets athletes connect one after the other: of two who come first, one is. Until the transaction ends. */
export async function lockConnecting(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(${CONNECTING_LOCK})`;
}

/** Whether an athlete other than this one has ever connected and was not deleted. */
export async function hasOtherAthlete(
  sql: Sql,
  { id }: { id: number },
): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (select from athletes where id <> ${id}) as found
  `;
  return row?.found ?? false;
}

/** Stores the athlete as connected; who connected before keeps the place in the order. */
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
      delete_at = null,
      data_version = athletes.data_version + 1
  `;
}

/** Marks the athlete as gone; the data stays, or goes at `deleteAt` unless they connect again. */
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

/** The athletes who have left and whose data is to go by now. */
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

/** Deletes the athlete and, by the foreign keys, every row of theirs. */
export async function deleteAthlete(
  sql: Sql,
  { id }: { id: number },
): Promise<void> {
  await sql`
    delete from athletes
    where id = ${id}
  `;
}

/** Says that the athlete's data has changed: what was computed from it is out of date. */
export async function bumpDataVersion(
  sql: Sql,
  { id }: { id: number },
): Promise<void> {
  await sql`
    update athletes
    set data_version = data_version + 1
    where id = ${id}
  `;
}
