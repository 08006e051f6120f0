import type { Pool, Sql } from "./driver/client.ts";
import { lockSyncState } from "./sync_state.ts";
import type { EventInput, EventOutcome } from "./webhook_events.ts";

/** An event that this process has claimed. */
export interface ClaimedEvent {
  aspectType: EventInput["aspectType"];
  eventTime: Date;
  subscriptionId: number;
  raw: string;
  receivedAt: Date;
  /** Number of earlier attempts. */
  attempts: number;
}

/** All waiting events of one object, and the lease on them. */
export interface EventClaim {
  athleteId: number;
  objectType: EventInput["objectType"];
  objectId: number;
  lease: string;
  /** In the order of arrival. */
  events: ClaimedEvent[];
}

/**
 * Lease length. It is longer than a request to Strava with its refresh and its pause, because the lease
 * is renewed before each request.
 */
const LEASE_SECONDS = 60;

/**
 * Claims all waiting events of one due object, an athlete before activities. Returns `undefined` if no
 * object is due.
 *
 * All events of an activity are processed together. The athlete's row is locked during the claim, so
 * that no two processes fetch the same activity at once.
 */
export async function claimEvents(
  pool: Pool,
  { athleteId, onlyAthlete = false, now }: {
    athleteId: number;
    /** Whether to leave out events of activities. */
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
    const events = await sql<ClaimedEvent[]>`
      with claimed as (
        update webhook_events
        set lease = ${lease}, leased_until = ${computeLeaseEnd(now)}
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
 * Returns the object that waits longest and that no process has claimed.
 *
 * This takes two statements. In a single one, PostgreSQL would compare each waiting event with each
 * leased one as long as it estimates that there are few rows, as it does for every new table.
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

/** Renews the lease. Returns `false` if another process has claimed the events. */
export async function renewEventLease(
  sql: Sql,
  { athleteId, lease, now }: { athleteId: number; lease: string; now: Date },
): Promise<boolean> {
  const rows = await sql`
    update webhook_events
    set leased_until = ${computeLeaseEnd(now)}
    where athlete_id = ${athleteId}
      and lease = ${lease}
    returning id
  `;
  return rows.length > 0;
}

/**
 * Marks the claimed events as processed. Returns `false` if another process has claimed them: then the
 * caller must roll back its transaction.
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

/**
 * Drops the claimed events that have another subscription and were never tried. Counts them under
 * `unknown_subscription` and returns their number.
 */
export async function dropUnknownSubscriptionEvents(
  sql: Sql,
  { athleteId, lease, subscriptionId, now }: {
    athleteId: number;
    lease: string;
    /** The application's subscription, or null without one. */
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

/** Releases the claimed events. They are due again at `until`, and no attempt is counted. */
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
 * Releases the claimed events after a failed attempt. Each event is due again after its next pause, or
 * is processed with `outcome` after the last one. Returns the number of events to try again, or
 * `undefined` if another process has claimed them.
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
  const rows = await sql<{ isProcessed: boolean }[]>`
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
    returning processed_at is not null as "isProcessed"
  `;
  if (rows.length === 0) return undefined;
  return rows.filter(({ isProcessed }) => !isProcessed).length;
}

function computeLeaseEnd(now: Date): Date {
  return new Date(now.getTime() + LEASE_SECONDS * 1000);
}
