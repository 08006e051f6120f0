import type { Pool, Sql } from "./driver/client.ts";

/** The kind of an audit event. */
export type AuditKind =
  | "account_deleted"
  | "account_exported"
  | "athlete_connected"
  | "athlete_deleted"
  | "athlete_disconnected"
  | "athlete_shared"
  | "files_uploaded"
  | "key_created"
  | "key_renamed"
  | "key_revoked"
  | "login"
  | "login_failed"
  | "login_throttled"
  | "logout"
  | "password_changed"
  | "password_reset"
  | "refresh_reused"
  | "session_revoked"
  | "signup"
  | "user_created"
  | "user_disabled"
  | "user_enabled";

/** Further details of an event. Never a secret, never text typed as a name or a password. */
export type AuditDetail = Record<
  string,
  string | number | boolean | null | string[]
>;

/** An event in the history of an account. */
export interface AuditEvent {
  id: number;
  at: Date;
  kind: AuditKind;
  /** The user concerned; null if there is none, as for a login with an unknown name. */
  userId: string | null;
  /** Name of that user; null once the account is deleted. */
  username: string | null;
  /** The user who caused the event, if not the user concerned. */
  actorId: string | null;
  sessionId: string | null;
  apiKeyId: string | null;
  athleteId: number | null;
  address: string | null;
  agent: string | null;
  detail: AuditDetail;
}

/** A new event. Omitted fields are stored as null. */
export type AuditEventInput =
  & Pick<AuditEvent, "at" | "kind">
  & {
    [field in keyof Omit<AuditEvent, "id" | "at" | "kind" | "username">]?:
      | AuditEvent[field]
      | undefined;
  };

/** Conditions on events. Omitted ones match everything. */
export interface AuditFilter {
  /** Events that concern this user or were caused by them. */
  userId?: string | undefined;
  kind?: AuditKind | undefined;
  /** Earliest time, inclusive. */
  from?: Date | undefined;
  /** Latest time, exclusive. */
  to?: Date | undefined;
}

/** Stores an event. Within a transaction, it is only kept if the transaction commits. */
export async function insertAuditEvent(
  sql: Sql,
  {
    at,
    kind,
    userId = null,
    actorId = null,
    sessionId = null,
    apiKeyId = null,
    athleteId = null,
    address = null,
    agent = null,
    detail = {},
  }: AuditEventInput,
): Promise<void> {
  await sql`
    insert into audit_events (
      at, kind, user_id, actor_id, session_id, api_key_id, athlete_id, address, agent, detail
    )
    values (
      ${at}, ${kind}, ${userId}, ${actorId}, ${sessionId}, ${apiKeyId}, ${athleteId}, ${address},
      ${agent}, ${JSON.stringify(detail)}::text::jsonb
    )
  `;
}

/** Returns matching events, newest first. `beforeId` is the last id of the previous page. */
export async function listAuditEvents(
  sql: Sql,
  { userId, kind, from, to, beforeId, limit }: AuditFilter & {
    beforeId?: number | undefined;
    limit: number;
  },
): Promise<AuditEvent[]> {
  const whereUser = userId === undefined
    ? sql``
    : sql`and (user_id = ${userId} or actor_id = ${userId})`;
  const whereKind = kind ? sql`and kind = ${kind}` : sql``;
  const whereFrom = from ? sql`and at >= ${from}` : sql``;
  const whereTo = to ? sql`and at < ${to}` : sql``;
  return await sql<AuditEvent[]>`
    select
      audit_events.id,
      at,
      kind,
      user_id as "userId",
      username,
      actor_id as "actorId",
      session_id as "sessionId",
      api_key_id as "apiKeyId",
      athlete_id as "athleteId",
      address,
      agent,
      detail
    from audit_events
    left join users on users.id = user_id
    where ${
    beforeId === undefined ? sql`true` : sql`audit_events.id < ${beforeId}`
  }
      ${whereUser}
      ${whereKind}
      ${whereFrom}
      ${whereTo}
    order by audit_events.id desc
    limit ${limit}
  `;
}

/**
 * Deletes at most `limit` of the oldest events before a time; returns the number deleted. The events of
 * the last day stay.
 */
export async function deleteAuditEvents(
  pool: Pool,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  // In a transaction, because the driver may send a single statement that looks like a read twice.
  return await pool.begin(async (sql) => {
    const [row] = await sql<{ count: number }[]>`
      select delete_old_audit_events(${before}, ${limit}) as count
    `;
    return row!.count;
  });
}

/**
 * Deletes the events of a deleted user, and the events of their athletes that concern no user. Events
 * that the user caused in other accounts are part of those accounts' history: they stay, without session,
 * API key, address and agent. Runs in the caller's transaction, and fails while the user exists.
 */
export async function deleteUserAuditEvents(
  sql: Sql,
  { userId }: { userId: string },
): Promise<void> {
  await sql`select delete_user_audit_events(${userId})`;
}
