import type { Pool, Sql } from "./driver/client.ts";

/** What can be recorded. */
export type AuditKind =
  | "account_deleted"
  | "account_exported"
  | "athlete_connected"
  | "athlete_deleted"
  | "athlete_disconnected"
  | "athlete_shared"
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

/** Further words on an event; never a secret, never what was typed as a name or a password. */
export type AuditDetail = Record<
  string,
  string | number | boolean | null | string[]
>;

/** What happened to whose account, and by whom. */
export interface AuditEvent {
  id: number;
  at: Date;
  kind: AuditKind;
  /** Whose account it is about; null where there is none, as with a login under an unknown name. */
  userId: string | null;
  /** What that user is called; null once the account is gone. */
  username: string | null;
  /** Who did it, where that is another user. */
  actorId: string | null;
  sessionId: string | null;
  apiKeyId: string | null;
  athleteId: number | null;
  address: string | null;
  agent: string | null;
  detail: AuditDetail;
}

/** An event to be recorded: what is left out is null. */
export type AuditEventInput =
  & Pick<AuditEvent, "at" | "kind">
  & {
    [field in keyof Omit<AuditEvent, "id" | "at" | "kind" | "username">]?:
      | AuditEvent[field]
      | undefined;
  };

/** Which events; what is left out restricts nothing. */
export interface AuditFilter {
  /** About this user, or done by them. */
  userId?: string | undefined;
  kind?: AuditKind | undefined;
  /** At this moment or later. */
  from?: Date | undefined;
  /** Before this moment. */
  to?: Date | undefined;
}

/** Records an event. Within a transaction it stays only if all the rest does. */
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

/** Events that match, newest first; `beforeId` goes on after the last one of the page before. */
export async function listAuditEvents(
  sql: Sql,
  { userId, kind, from, to, beforeId, limit }: AuditFilter & {
    beforeId?: number | undefined;
    limit: number;
  },
): Promise<AuditEvent[]> {
  const ofUser = userId === undefined
    ? sql``
    : sql`and (user_id = ${userId} or actor_id = ${userId})`;
  const ofKind = kind ? sql`and kind = ${kind}` : sql``;
  const since = from ? sql`and at >= ${from}` : sql``;
  const until = to ? sql`and at < ${to}` : sql``;
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
      ${ofUser}
      ${ofKind}
      ${since}
      ${until}
    order by audit_events.id desc
    limit ${limit}
  `;
}

/** Forgets the oldest events from before that moment, `limit` at most; returns how many they were. */
export async function deleteAuditEvents(
  pool: Pool,
  { before, limit }: { before: Date; limit: number },
): Promise<number> {
  return await pool.begin(async (sql) => {
    await allowCleanup(sql, true);
    const rows = await sql`
      delete from audit_events
      where id in (
        select id
        from audit_events
        where at < ${before}
        order by at
        limit ${limit}
      )
      returning id
    `;
    return rows.length;
  });
}

/**
 * Forgets what is recorded of a user and, where it is about nobody's account, of the athletes that
 * were theirs, in the caller's transaction. What the user did to other accounts is those accounts'
 * history and stays, without address and agent.
 */
export async function deleteUserAuditEvents(
  sql: Sql,
  { userId }: { userId: string },
): Promise<void> {
  await allowCleanup(sql, true);
  await sql`
    with forgotten as (
      delete from audit_events
      where user_id = ${userId}
        or actor_id = ${userId}
        or (
          user_id is null
          and athlete_id in (
            select athlete_id
            from audit_events
            where user_id = ${userId}
          )
        )
      returning id, at, kind, user_id, actor_id, athlete_id, detail
    )
    insert into audit_events (id, at, kind, user_id, actor_id, athlete_id, detail)
    overriding system value
    select id, at, kind, user_id, actor_id, athlete_id, detail
    from forgotten
    where user_id <> ${userId}
  `;
  await allowCleanup(sql, false);
}

/** The table lets nothing go but in a transaction that has said this. */
async function allowCleanup(sql: Sql, isAllowed: boolean): Promise<void> {
  await sql`
    select set_config('paceline.audit_cleanup', ${
    isAllowed ? "on" : "off"
  }, true)
  `;
}
