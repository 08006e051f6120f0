import type { User } from "./callers.ts";
import type { Sql } from "./driver/client.ts";

/** Why a session ended before its time. */
export type RevokeReason =
  | "disabled"
  | "logout"
  | "password_changed"
  | "reuse"
  | "revoked";

/** When the parts of a session end. */
export interface SessionTimes {
  accessExpiresAt: Date;
  /** When its refresh token ends. */
  expiresAt: Date;
}

/** What is stored of a pair of tokens. */
export interface TokenHashes {
  accessHash: Uint8Array;
  refreshHash: Uint8Array;
}

/** Where a session is used from. */
export interface SessionOrigin {
  address: string | null;
  agent: string | null;
}

/** A live session as its user sees it. */
export interface Session extends SessionTimes, SessionOrigin {
  id: string;
  authenticatedAt: Date;
  createdAt: Date;
  lastSeenAt: Date;
}

/**
 * Opens a session with its first pair of tokens, in one statement, as long as the user is active
 * and the password still the one that was compared: `undefined` where either has just changed.
 */
export async function insertSession(
  sql: Sql,
  { userId, passwordHash, endsAt, now, ...session }:
    & TokenHashes
    & SessionTimes
    & SessionOrigin
    & { userId: string; passwordHash: string; endsAt: Date; now: Date },
): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`
    with allowed as (
      select users.id
      from users
      join passwords on passwords.user_id = users.id
      where users.id = ${userId}
        and users.is_active
        and passwords.hash = ${passwordHash}
      for share
    ), opened as (
      insert into sessions (
        user_id, access_hash, access_expires_at, expires_at, ends_at, authenticated_at, created_at,
        last_seen_at, address, agent
      )
      select
        id, ${session.accessHash}, ${session.accessExpiresAt}, ${session.expiresAt}, ${endsAt},
        ${now}, ${now}, ${now}, ${session.address}, ${session.agent}
      from allowed
      returning id
    )
    insert into refresh_tokens (hash, session_id, created_at)
    select ${session.refreshHash}, id, ${now}
    from opened
    returning session_id as id
  `;
  return row?.id;
}

/** A session as who refreshes it needs it. */
export interface RefreshableSession extends SessionTimes {
  id: string;
  endsAt: Date;
  revokedAt: Date | null;
  user: User;
  isActive: boolean;
}

/**
 * The session of a refresh token, used or not, its row locked until the transaction ends: who
 * refreshes is alone.
 */
export async function lockSession(
  sql: Sql,
  { refreshHash }: { refreshHash: Uint8Array },
): Promise<RefreshableSession | undefined> {
  const [session] = await sql<RefreshableSession[]>`
    select
      sessions.id,
      sessions.access_expires_at as "accessExpiresAt",
      sessions.expires_at as "expiresAt",
      sessions.ends_at as "endsAt",
      sessions.revoked_at as "revokedAt",
      users.is_active as "isActive",
      json_build_object(
        'id', users.id,
        'username', users.username,
        'email', users.email,
        'displayName', users.display_name,
        'role', users.role
      ) as user
    from refresh_tokens
    join sessions on sessions.id = refresh_tokens.session_id
    join users on users.id = sessions.user_id
    where refresh_tokens.hash = ${refreshHash}
    for update of sessions
  `;
  return session;
}

/** Puts the next pair of tokens in the place of a used one. */
export async function rotateSession(
  sql: Sql,
  { id, usedHash, now, ...next }:
    & TokenHashes
    & SessionTimes
    & SessionOrigin
    & { id: string; usedHash: Uint8Array; now: Date },
): Promise<void> {
  await sql`
    update refresh_tokens
    set used_at = ${now}
    where hash = ${usedHash}
  `;
  await sql`
    insert into refresh_tokens (hash, session_id, created_at)
    values (${next.refreshHash}, ${id}, ${now})
  `;
  await sql`
    update sessions
    set
      access_hash = ${next.accessHash},
      access_expires_at = ${next.accessExpiresAt},
      expires_at = ${next.expiresAt},
      last_seen_at = ${now},
      address = ${next.address},
      agent = ${next.agent}
    where id = ${id}
  `;
}

/** When the refresh tokens of a session were used; null for the one that waits for it. */
export async function listRefreshTokens(
  sql: Sql,
  { sessionId, since }: { sessionId: string; since: Date },
): Promise<{ hash: Uint8Array; usedAt: Date | null }[]> {
  return await sql<{ hash: Uint8Array; usedAt: Date | null }[]>`
    select hash, used_at as "usedAt"
    from refresh_tokens
    where session_id = ${sessionId}
      and (used_at is null or used_at >= ${since})
  `;
}

/** When a refresh token was used; null for one that was not. */
export async function getRefreshToken(
  sql: Sql,
  { hash }: { hash: Uint8Array },
): Promise<{ usedAt: Date | null } | undefined> {
  const [token] = await sql<{ usedAt: Date | null }[]>`
    select used_at as "usedAt"
    from refresh_tokens
    where hash = ${hash}
  `;
  return token;
}

/** The live sessions of a user, the newest first. */
export async function listSessions(
  sql: Sql,
  { userId, now }: { userId: string; now: Date },
): Promise<Session[]> {
  return await sql<Session[]>`
    select
      id,
      access_expires_at as "accessExpiresAt",
      expires_at as "expiresAt",
      authenticated_at as "authenticatedAt",
      created_at as "createdAt",
      last_seen_at as "lastSeenAt",
      address,
      agent
    from sessions
    where user_id = ${userId}
      and revoked_at is null
      and expires_at > ${now}
    order by created_at desc, id
  `;
}

/** Which sessions of a user: one, all, or all but one. */
export type SessionChoice = { id: string } | { exceptId: string } | "all";

/** Ends sessions of a user; returns those that have lived until now. */
export async function revokeSessions(
  sql: Sql,
  { userId, which, reason, now }: {
    userId: string;
    which: SessionChoice;
    reason: RevokeReason;
    now: Date;
  },
): Promise<string[]> {
  const whereChosen = which === "all"
    ? sql``
    : "id" in which
    ? sql`and id = ${which.id}`
    : sql`and id <> ${which.exceptId}`;
  // Those that have expired too: a clock that is set back must not bring them to life.
  const rows = await sql<{ id: string; wasLive: boolean }[]>`
    update sessions
    set revoked_at = ${now}, revoke_reason = ${reason}
    where user_id = ${userId}
      and revoked_at is null
      ${whereChosen}
    returning id, expires_at > ${now} as "wasLive"
  `;
  return rows.filter(({ wasLive }) => wasLive).map(({ id }) => id);
}

/** Notes that the password was given anew. */
export async function confirmSession(
  sql: Sql,
  { id, now }: { id: string; now: Date },
): Promise<void> {
  await sql`
    update sessions
    set authenticated_at = ${now}
    where id = ${id}
  `;
}

/** Drops the sessions that were over by then, with all their tokens. */
export async function deleteEndedSessions(
  sql: Sql,
  { before }: { before: Date },
): Promise<void> {
  await sql`
    delete from sessions
    where expires_at < ${before}
      or revoked_at < ${before}
  `;
}
