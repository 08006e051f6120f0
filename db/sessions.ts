import type { Sql } from "./driver/client.ts";
import { type User, userColumns } from "./users.ts";

/** The reason for ending a session before it expires. */
export type RevokeReason =
  | "disabled"
  | "logout"
  | "password_changed"
  | "reuse"
  | "revoked";

/** The times at which a session's tokens expire. */
export interface SessionTimes {
  accessExpiresAt: Date;
  /** Expiry of the refresh token, and so of the session unless it is refreshed. */
  expiresAt: Date;
}

/** The stored form of a token pair. */
export interface TokenHashes {
  accessHash: Uint8Array;
  refreshHash: Uint8Array;
}

/** The client that last logged in or refreshed. */
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

/** The holder of an access token. */
export interface SessionCaller {
  user: User;
  session: { id: string; accessExpiresAt: Date; authenticatedAt: Date };
}

/** Minimum age of `last_seen_at` before it is written again: one write a minute, not one a request. */
const LAST_SEEN_INTERVAL_MS = 60_000;

/**
 * Opens a session with its first pair of tokens, in one statement. Returns `undefined` if the user
 * is no longer active or the password has changed since it was compared.
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

/**
 * Returns the user and the live session of an access token, and updates `last_seen_at` at most once
 * a minute. That update is a separate statement: a write within the read would make every request
 * take half as long again.
 */
export async function findSessionCaller(
  sql: Sql,
  { accessHash, now }: { accessHash: Uint8Array; now: Date },
): Promise<SessionCaller | undefined> {
  const [row] = await sql<
    (User & {
      sessionId: string;
      accessExpiresAt: Date;
      authenticatedAt: Date;
      lastSeenAt: Date;
    })[]
  >`
    select
      ${userColumns(sql)},
      sessions.id as "sessionId",
      access_expires_at as "accessExpiresAt",
      authenticated_at as "authenticatedAt",
      last_seen_at as "lastSeenAt"
    from sessions
    join users on users.id = sessions.user_id
    where access_hash = ${accessHash}
      and access_expires_at > ${now}
      and expires_at > ${now}
      and revoked_at is null
      and is_active
  `;
  if (!row) return undefined;
  const {
    sessionId: id,
    accessExpiresAt,
    authenticatedAt,
    lastSeenAt,
    ...user
  } = row;
  const before = new Date(now.getTime() - LAST_SEEN_INTERVAL_MS);
  if (lastSeenAt < before) await touchSession(sql, { id, before, now });
  return { user, session: { id, accessExpiresAt, authenticatedAt } };
}

/** Updates `last_seen_at` unless a concurrent request has just done so. */
async function touchSession(
  sql: Sql,
  { id, before, now }: { id: string; before: Date; now: Date },
): Promise<void> {
  await sql`
    update sessions
    set last_seen_at = ${now}
    where id = ${id}
      and last_seen_at < ${before}
  `;
}

/**
 * Returns the user of a live session and locks the user's row, so that the user is neither disabled
 * nor deleted before the transaction ends.
 */
export async function lockSessionUser(
  sql: Sql,
  { id, now }: { id: string; now: Date },
): Promise<Pick<User, "id" | "role"> | undefined> {
  const [user] = await sql<Pick<User, "id" | "role">[]>`
    select users.id, users.role
    from sessions
    join users on users.id = sessions.user_id
    where sessions.id = ${id}
      and expires_at > ${now}
      and revoked_at is null
      and is_active
    for share of users
  `;
  return user;
}

/** Reports whether a session is live and its user active, whatever its access token's age. */
export async function isSessionLive(
  sql: Sql,
  { id, now }: { id: string; now: Date },
): Promise<boolean> {
  const rows = await sql`
    select 1
    from sessions
    join users on users.id = sessions.user_id
    where sessions.id = ${id}
      and expires_at > ${now}
      and revoked_at is null
      and is_active
  `;
  return rows.length > 0;
}

/** Returns a user's live sessions, newest first. */
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

/** A choice among a user's sessions: one, all but one, or all. */
export type SessionChoice = { id: string } | { exceptId: string } | "all";

/** Revokes a user's sessions; returns the ids of those that were live until now. */
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
  // Expired sessions are revoked too, so that a clock set back cannot make them live again.
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

/** Stores the time at which the session's user last entered the password. */
export async function setAuthenticatedAt(
  sql: Sql,
  { id, now }: { id: string; now: Date },
): Promise<void> {
  await sql`
    update sessions
    set authenticated_at = ${now}
    where id = ${id}
  `;
}

/** Deletes the sessions that expired or were revoked before a time, with all their tokens. */
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
