import type { Sql } from "./driver/client.ts";

/** A push event to store. */
export interface EventInput {
  ownerId: number;
  objectType: "activity" | "athlete";
  objectId: number;
  aspectType: "create" | "update" | "delete";
  eventTime: Date;
  subscriptionId: number;
  /** The body as received. */
  raw: string;
  /** SHA-256 of the content in hexadecimal. Duplicates, which have the same hash, are not stored. */
  contentHash: string;
  receivedAt: Date;
}

/** The result of processing an event. */
export type EventOutcome =
  | "stored"
  | "unchanged"
  | "deleted"
  | "gone"
  | "refused"
  | "given_up"
  | "deauthorized"
  | "ignored"
  | "unknown_subscription";

/** Number of received events of one kind, and the time of the last one. */
export interface EventCount {
  kind: string;
  count: number;
  lastAt: Date;
}

/**
 * Stores events of connected athletes, and counts all events and `drops`, in one statement. Writes
 * rows in the order of their keys, so that two processes cannot deadlock. Returns the number of new
 * events.
 */
export async function insertEvents(
  sql: Sql,
  { events, drops, now }: {
    events: readonly EventInput[];
    /** Number of events that were dropped before, by reason. */
    drops: Readonly<Record<string, number>>;
    now: Date;
  },
): Promise<number> {
  const [row] = await sql<{ stored: number }[]>`
    with event as (
      select
        "ownerId" as owner_id, "objectType" as object_type, "objectId" as object_id,
        "aspectType" as aspect_type, "eventTime" as event_time,
        "subscriptionId" as subscription_id, raw,
        decode("contentHash", 'hex') as content_hash, "receivedAt" as received_at
      from json_to_recordset(${JSON.stringify(events)}::text::json) as input (
        "ownerId" bigint, "objectType" text, "objectId" bigint, "aspectType" text,
        "eventTime" timestamptz, "subscriptionId" bigint, raw text, "contentHash" text,
        "receivedAt" timestamptz
      )
    ), known as (
      select
        athletes.id as athlete_id, content_hash, object_type, object_id, aspect_type, event_time,
        subscription_id, raw, received_at
      from event
      join athletes on athletes.id = owner_id
      where revoked_at is null
    ), stored as (
      insert into webhook_events (
        athlete_id, content_hash, object_type, object_id, aspect_type, event_time,
        subscription_id, raw, received_at, next_attempt_at
      )
      select
        athlete_id, content_hash, object_type, object_id, aspect_type, event_time,
        subscription_id, raw, received_at, received_at
      from known
      order by athlete_id, content_hash, received_at
      on conflict (athlete_id, content_hash) do nothing
      returning id
    ), counted as (
      insert into webhook_counts (kind, count, last_at)
      select kind, count, ${now}
      from (
        select 'stored', (select count(*) from stored)
        union all
        select 'duplicate', (select count(*) from known) - (select count(*) from stored)
        union all
        select 'unknown_owner', (select count(*) from event) - (select count(*) from known)
        union all
        select key, value::bigint
        from json_each_text(${JSON.stringify(drops)}::text::json)
      ) as seen (kind, count)
      where count > 0
      order by kind
      on conflict (kind) do update
      set
        count = webhook_counts.count + excluded.count,
        last_at = greatest(webhook_counts.last_at, excluded.last_at)
    )
    select count(*) as stored
    from stored
  `;
  return row!.stored;
}

/** Lists the ids of athletes with due events, the longest wait first. */
export async function listAthletesWithEvents(
  sql: Sql,
  { now }: { now: Date },
): Promise<number[]> {
  const rows = await sql<{ athleteId: number }[]>`
    select athlete_id as "athleteId"
    from webhook_events
    where processed_at is null
      and next_attempt_at <= ${now}
    group by athlete_id
    order by min(next_attempt_at), athlete_id
  `;
  return rows.map(({ athleteId }) => athleteId);
}

/** Counts the events that are not processed yet. */
export async function countWaitingEvents(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count
    from webhook_events
    where processed_at is null
  `;
  return row!.count;
}

/** Lists the counts since the database was created: stored, duplicate, and dropped by reason. */
export async function listEventCounts(sql: Sql): Promise<EventCount[]> {
  return await sql<EventCount[]>`
    select kind, count, last_at as "lastAt"
    from webhook_counts
    order by kind
  `;
}

/** Deletes events that were processed before this time. Strava does not deliver them again. */
export async function deleteProcessedEvents(
  sql: Sql,
  { before }: { before: Date },
): Promise<void> {
  await sql`
    delete from webhook_events
    where processed_at < ${before}
  `;
}
