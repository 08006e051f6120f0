import type { Sql } from "./driver/client.ts";
import type { SessionOrigin, SessionTimes, TokenHashes } from "./sessions.ts";
import type { User } from "./users.ts";

/** The fields of a session that a refresh reads. */
export interface RefreshableSession extends SessionTimes {
  id: string;
  endsAt: Date;
  revokedAt: Date | null;
  user: User;
  isActive: boolean;
}

/**
 * Returns the session of a refresh token, used or unused, and locks its row until the transaction
 * ends, so that refreshes of one session run one at a time.
 */
export async function lockSessionOfRefreshToken(
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

/** Marks a refresh token as used and stores the next pair of tokens of its session. */
export async function rotateTokens(
  sql: Sql,
  { sessionId, usedHash, now, ...next }:
    & TokenHashes
    & SessionTimes
    & SessionOrigin
    & { sessionId: string; usedHash: Uint8Array; now: Date },
): Promise<void> {
  await sql`
    update refresh_tokens
    set used_at = ${now}
    where hash = ${usedHash}
  `;
  await sql`
    insert into refresh_tokens (hash, session_id, created_at)
    values (${next.refreshHash}, ${sessionId}, ${now})
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
    where id = ${sessionId}
  `;
}

/** Returns a session's refresh tokens used since a time, and the unused one (`usedAt` is null). */
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

/** Returns when a refresh token was used; `usedAt` is null for an unused one. */
export async function findRefreshToken(
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
