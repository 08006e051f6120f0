import type { Sql } from "./driver/client.ts";

/** Somebody with an account. */
export interface User {
  id: string;
  username: string;
  email: string;
  displayName: string;
  role: "member" | "admin";
}

/** Who holds an access token. */
export interface SessionCaller {
  user: User;
  session: { id: string; accessExpiresAt: Date; authenticatedAt: Date };
}

/** Who holds an API key. */
export interface KeyCaller {
  user: User;
  key: { id: string; scopes: string[] };
}

type Row<Rest> = User & Rest;

/** How old the record of the last use may be: a write a minute, not one a request. */
const SEEN_EVERY = "1 minute";
const SEEN_EVERY_MS = 60_000;

/**
 * The live session of an access token; `undefined` where there is none. One statement, and once a
 * minute another: a write among the reads of every request would take half as long again.
 */
export async function takeSession(
  sql: Sql,
  { accessHash, now }: { accessHash: Uint8Array; now: Date },
): Promise<SessionCaller | undefined> {
  const [row] = await sql<
    Row<{
      sessionId: string;
      accessExpiresAt: Date;
      authenticatedAt: Date;
      lastSeenAt: Date;
    }>[]
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
  const before = new Date(now.getTime() - SEEN_EVERY_MS);
  if (lastSeenAt < before) {
    // Of many at once all but the first find it written.
    await sql`
      update sessions
      set last_seen_at = ${now}
      where id = ${id}
        and last_seen_at < ${before}
    `;
  }
  return { user, session: { id, accessExpiresAt, authenticatedAt } };
}

/**
 * Whose a session is, as long as it lives; the user's row stays as it is until the transaction ends,
 * so that nobody is disabled or deleted meanwhile.
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

/** The live API key of a hash, in one statement; `undefined` where there is none. */
export async function takeApiKey(
  sql: Sql,
  { hash, address, now }: {
    hash: Uint8Array;
    address: string | undefined;
    now: Date;
  },
): Promise<KeyCaller | undefined> {
  const [row] = await sql<Row<{ keyId: string; scopes: string[] }>[]>`
    with found as (
      select
        ${userColumns(sql)},
        api_keys.id as key_id,
        scopes
      from api_keys
      join users on users.id = api_keys.user_id
      where hash = ${hash}
        and (expires_at is null or expires_at > ${now})
        and revoked_at is null
        and is_active
    ), used as (
      update api_keys
      set last_used_at = ${now}, last_used_address = ${address ?? null}
      from found
      where api_keys.id = found.key_id
        and (
          -- The row's own, which of many at once all but the first find written.
          api_keys.last_used_at is null
          or api_keys.last_used_at < ${now}::timestamptz - ${SEEN_EVERY}::interval
        )
    )
    select
      id,
      username,
      email,
      "displayName",
      role,
      key_id as "keyId",
      scopes
    from found
  `;
  if (!row) return undefined;
  const { keyId, scopes, ...user } = row;
  return { user, key: { id: keyId, scopes } };
}

/** What is read of a user, as it is named here. */
export function userColumns(sql: Sql): ReturnType<Sql> {
  return sql`
    users.id,
    users.username,
    users.email,
    users.display_name as "displayName",
    users.role
  `;
}
