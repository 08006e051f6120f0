import type { Pool, Sql } from "./driver/client.ts";
import { lockSyncState } from "./sync_state.ts";
import type { EventInput, EventOutcome } from "./webhook_events.ts";

/** An event that this process works on. */
export interface WaitingEvent {
  aspectType: EventInput["aspectType"];
  eventTime: Date;
  subscriptionId: number;
  raw: string;
  receivedAt: Date;
  /** How often it was tried before. */
  attempts: number;
}

/** All waiting events of one object, and the lease on them. */
export interface EventClaim {
  athleteId: number;
  objectType: EventInput["objectType"];
  objectId: number;
  lease: string;
  /** In the order in which they came. */
  events: WaitingEvent[];
}

/** Longer than a request to Strava with its token and its pause, before each of which it is renewed. */
const LEASE_SECONDS = 60;

/**
 * Takes the lease on all waiting events of one object that is due, an athlete before activities;
 * `undefined` where none is left. So many events of one activity are one piece of work, and no two
 * processes ask for the same activity at once: the athlete's row is locked while it is decided.
 */
export async function claimEvents(
  pool: Pool,
  { athleteId, onlyAthlete = false, now }: {
    athleteId: number;
    /** Leaves activities out. */
    onlyAthlete?: boolean;
    now: Date;
  },
): Promise<EventClaim | undefined> {
  const lease = crypto.randomUUID();
  const types = onlyAthlete ? ["athlete"] : ["activity", "athlete"];
  return await pool.begin(async (sql) => {
    if (!await lockSyncState(sql, { athleteId })) return undefined;
    const object = await findDueObject(sql, { athleteId, types, now });
    if (!object) return undefined;
    const events = await sql<WaitingEvent[]>`
      with claimed as (
        update webhook_events
        set lease = ${lease}, leased_until = ${leaseEnd(now)}
        where athlete_id = ${athleteId}
          and object_type = ${object.objectType}
          and object_id = ${object.objectId}
          and processed_at is null
        returning id, aspect_type, event_time, subscription_id, raw, received_at, attempts
      )
      select
        aspect_type as "aspectType",
        event_time as "eventTime",
        subscription_id as "subscriptionId",
        raw,
        received_at as "receivedAt",
        attempts
      from claimed
      order by id
    `;
    return { athleteId, ...object, lease, events: [...events] };
  });
}

/**
 * The object that waits longest and that nobody works on. In two statements, since in one
 * PostgreSQL compares each waiting event with each leased one as long as it believes, as of every
 * new table, that there are few.
 */
async function findDueObject(
  sql: Sql,
  { athleteId, types, now }: {
    athleteId: number;
    types: readonly string[];
    now: Date;
  },
): Promise<Pick<EventClaim, "objectType" | "objectId"> | undefined> {
  const busy = await sql<{ objectType: string; objectId: number }[]>`
    select distinct object_type as "objectType", object_id as "objectId"
    from webhook_events
    where athlete_id = ${athleteId}
      and lease is not null
      and leased_until > ${now}
  `;
  const [object] = await sql<Pick<EventClaim, "objectType" | "objectId">[]>`
    select object_type as "objectType", object_id as "objectId"
    from webhook_events
    where athlete_id = ${athleteId}
      and processed_at is null
      and next_attempt_at <= ${now}
      and object_type = any(${[...types]})
      and object_type || ' ' || object_id <> all(${
    busy.map(({ objectType, objectId }) => `${objectType} ${objectId}`)
  })
    order by object_type desc, next_attempt_at, id
    limit 1
  `;
  return object;
}

/** Prolongs the lease; `false` where it has passed on. */
export async function renewEventLease(
  sql: Sql,
  { athleteId, lease, now }: { athleteId: number; lease: string; now: Date },
): Promise<boolean> {
  const rows = await sql`
    update webhook_events
    set leased_until = ${leaseEnd(now)}
    where athlete_id = ${athleteId}
      and lease = ${lease}
    returning id
  `;
  return rows.length > 0;
}

/**
 * Notes what came of the claimed events; `false` where the lease has passed on: whatever shares the transaction must then be rolled back.
 */
export async function finishEvents(
  sql: Sql,
  { athleteId, lease, outcome, now }: {
    athleteId: number;
    lease: string;
    outcome: EventOutcome;
    now: Date;
  },
): Promise<boolean> {
  const rows = await sql`
    update webhook_events
    set processed_at = ${now}, outcome = ${outcome}, lease = null, leased_until = null
    where athlete_id = ${athleteId}
      and lease = ${lease}
    returning id
  `;
  return rows.length > 0;
}

/** Ends the claimed events of all subscriptions but one that were never tried, and counts them; returns how many. */
export async function dropStrangeEvents(
  sql: Sql,
  { athleteId, lease, subscriptionId, now }: {
    athleteId: number;
    lease: string;
    /** The application's own; null where it has none. */
    subscriptionId: number | null;
    now: Date;
  },
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    with dropped as (
      update webhook_events
      set processed_at = ${now}, outcome = 'unknown_subscription', lease = null, leased_until = null
      where athlete_id = ${athleteId}
        and lease = ${lease}
        and attempts = 0
        and subscription_id is distinct from ${subscriptionId}::bigint
      returning id
    ), counted as (
      insert into webhook_counts (kind, count, last_at)
      select 'unknown_subscription', count(*), ${now}
      from dropped
      having count(*) > 0
      on conflict (kind) do update
      set count = webhook_counts.count + excluded.count, last_at = excluded.last_at
    )
    select count(*) as count
    from dropped
  `;
  return row!.count;
}

/** Gives the claimed events back, for another try at that moment; this one does not count. */
export async function postponeEvents(
  sql: Sql,
  { athleteId, lease, until }: {
    athleteId: number;
    lease: string;
    until: Date;
  },
): Promise<void> {
  await sql`
    update webhook_events
    set next_attempt_at = ${until}, lease = null, leased_until = null
    where athlete_id = ${athleteId}
      and lease = ${lease}
  `;
}

/**
 * Gives the claimed events back after a try that failed: for another after the pause that is due,
 * or as worked off with `outcome` where all pauses are used up. Returns how many are left, or
 * `undefined` where the lease has passed on.
 */
export async function retryEvents(
  sql: Sql,
  { athleteId, lease, pausesMinutes, outcome, now }: {
    athleteId: number;
    lease: string;
    pausesMinutes: readonly number[];
    outcome: EventOutcome;
    now: Date;
  },
): Promise<number | undefined> {
  const rows = await sql<{ isOver: boolean }[]>`
    update webhook_events
    set
      attempts = attempts + 1,
      next_attempt_at = ${now}::timestamptz
        + make_interval(mins => coalesce((${[
    ...pausesMinutes,
  ]}::integer[])[attempts + 1], 0)),
      processed_at = case when attempts >= ${pausesMinutes.length} then ${now}::timestamptz end,
      outcome = case when attempts >= ${pausesMinutes.length} then ${outcome} end,
      lease = null,
      leased_until = null
    where athlete_id = ${athleteId}
      and lease = ${lease}
    returning processed_at is not null as "isOver"
  `;
  if (rows.length === 0) return undefined;
  return rows.filter(({ isOver }) => !isOver).length;
}

function leaseEnd(now: Date): Date {
  return new Date(now.getTime() + LEASE_SECONDS * 1000);
}
