import { deleteEndedAttempts } from "../../db/login_attempts.ts";
import {
  findRefreshToken,
  listRefreshTokens,
  lockSessionOfRefreshToken,
  type RefreshableSession,
  rotateTokens,
} from "../../db/refresh_tokens.ts";
import {
  deleteEndedSessions,
  insertSession,
  revokeSessions,
  type SessionOrigin,
  type SessionTimes,
  type TokenHashes,
} from "../../db/sessions.ts";
import type { User } from "../../db/users.ts";
import type { Sql } from "../../db/driver/client.ts";
import { record } from "../audit.ts";
import type { Context } from "../context.ts";
import type { IssuedTokens, Tokens } from "../auth/session_cookies.ts";
import { createToken, deriveToken, hashToken, isToken } from "../auth/token.ts";

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Lifetime of an access token. */
const ACCESS_MS = 15 * MINUTE_MS;
/** Lifetime of a refresh token. */
const REFRESH_MS = 7 * DAY_MS;
/** Maximum lifetime of a session, however often it is refreshed. */
const SESSION_MS = 90 * DAY_MS;
/** Time within which a used refresh token is accepted again, in case the response was lost, in seconds. */
export const RETRY_SECONDS = 10;
const RETRY_MS = RETRY_SECONDS * 1000;
/** Time for which ended sessions are kept for inspection. */
const KEEP_MS = 30 * DAY_MS;

/** The result of a refresh. */
export type RefreshResult =
  | { outcome: "fresh"; user: User; tokens: IssuedTokens }
  /** The token is unknown, or its session has ended. */
  | { outcome: "expired" }
  /** The token was used before, so somebody else has a copy. The session has ended for both. */
  | { outcome: "reused" };

/** The dependencies of this file. `sql` is the pool, or the transaction that a change is part of. */
type SessionContext =
  & Pick<Context, "config" | "now" | "address" | "agent">
  & { sql: Sql };
type WithPool = SessionContext & Pick<Context, "sql">;

/**
 * Opens a session with new tokens, never with ones from the request. Returns `undefined` if the
 * password has changed or the user was disabled since the password was checked.
 */
export async function openSession(
  ctx: SessionContext,
  { userId, passwordHash }: { userId: string; passwordHash: string },
): Promise<{ id: string; tokens: IssuedTokens } | undefined> {
  const now = ctx.now();
  const endsAt = new Date(now + SESSION_MS);
  const tokens = {
    accessToken: createToken("pa"),
    refreshToken: createToken("pr"),
    ...toTimes(now, endsAt),
  };
  const id = await insertSession(ctx.sql, {
    ...toHashes(tokens),
    ...toTimes(now, endsAt),
    ...toOrigin(ctx),
    userId,
    passwordHash,
    endsAt,
    now: new Date(now),
  });
  return id === undefined ? undefined : { id, tokens };
}

/**
 * Exchanges a refresh token for the next pair, which is derived from it. Reusing the token within
 * {@link RETRY_SECONDS} (lost response, second tab) returns the current pair; no second pair is
 * issued. Reusing it later ends the session.
 */
export async function refreshSession(
  ctx: WithPool,
  { refreshToken }: { refreshToken: string },
): Promise<RefreshResult> {
  if (!isToken(refreshToken, "pr")) return { outcome: "expired" };
  const refreshHash = hashToken(refreshToken);
  const now = ctx.now();
  // Failures are returned, not thrown: an exception would roll back the revocation.
  return await ctx.sql.begin(async (sql): Promise<RefreshResult> => {
    const session = await lockSessionOfRefreshToken(sql, { refreshHash });
    if (!session || hasEnded(session, now)) return { outcome: "expired" };
    // Read under the lock, so that the second of two concurrent requests finds the token used.
    const token = await findRefreshToken(sql, { hash: refreshHash });
    if (!token) return { outcome: "expired" };
    const { usedAt } = token;
    if (!usedAt) return await rotate({ ...ctx, sql }, session, refreshToken);
    if (Math.abs(now - usedAt.getTime()) > RETRY_MS) {
      await revokeReused({ ...ctx, sql }, session);
      return { outcome: "reused" };
    }
    const since = new Date(usedAt.getTime() - RETRY_MS);
    const rows = await listRefreshTokens(sql, { sessionId: session.id, since });
    const live = findUnusedPair(ctx, { refreshToken, rows });
    if (!live) return { outcome: "expired" };
    const { accessExpiresAt, expiresAt, user } = session;
    const tokens = { ...live, accessExpiresAt, expiresAt };
    return { outcome: "fresh", user, tokens };
  });
}

/** Ends the session of a refresh token, used or unused; returns the session and its user. */
export async function endSession(
  ctx: WithPool,
  { refreshToken }: { refreshToken: string },
): Promise<{ id: string; userId: string } | undefined> {
  if (!isToken(refreshToken, "pr")) return undefined;
  const refreshHash = hashToken(refreshToken);
  const now = new Date(ctx.now());
  return await ctx.sql.begin(async (sql) => {
    const session = await lockSessionOfRefreshToken(sql, { refreshHash });
    if (!session) return undefined;
    const { id, user: { id: userId } } = session;
    const ended = await revokeSessions(sql, {
      userId,
      which: { id },
      reason: "logout",
      now,
    });
    return ended.length > 0 ? { id, userId } : undefined;
  });
}

async function rotate(
  ctx: SessionContext,
  { id, endsAt, user }: RefreshableSession,
  refreshToken: string,
): Promise<RefreshResult> {
  const now = ctx.now();
  const times = toTimes(now, endsAt);
  const tokens = { ...deriveTokens(ctx, refreshToken), ...times };
  await rotateTokens(ctx.sql, {
    ...toHashes(tokens),
    ...times,
    ...toOrigin(ctx),
    sessionId: id,
    usedHash: hashToken(refreshToken),
    now: new Date(now),
  });
  return { outcome: "fresh", user, tokens };
}

async function revokeReused(
  ctx: SessionContext,
  { id, user: { id: userId } }: RefreshableSession,
): Promise<void> {
  await revokeSessions(ctx.sql, {
    userId,
    which: { id },
    reason: "reuse",
    now: new Date(ctx.now()),
  });
  await record(ctx, "refresh_reused", { userId, sessionId: id });
}

/** Follows the chain of derived pairs from a used token to the pair whose refresh token is unused. */
function findUnusedPair(
  ctx: SessionContext,
  { refreshToken, rows }: {
    refreshToken: string;
    rows: readonly { hash: Uint8Array; usedAt: Date | null }[];
  },
): Tokens | undefined {
  const usedAt = new Map(rows.map((row) => [row.hash.toHex(), row.usedAt]));
  let pair = deriveTokens(ctx, refreshToken);
  for (;;) {
    const at = usedAt.get(hashToken(pair.refreshToken).toHex());
    if (at === null) return pair;
    // The chain breaks if STATE_SECRET has changed: the pair cannot be derived again.
    if (at === undefined) return undefined;
    pair = deriveTokens(ctx, pair.refreshToken);
  }
}

function deriveTokens({ config }: SessionContext, from: string): Tokens {
  return {
    accessToken: deriveToken("pa", { from, config }),
    refreshToken: deriveToken("pr", { from, config }),
  };
}

function toHashes({ accessToken, refreshToken }: Tokens): TokenHashes {
  return {
    accessHash: hashToken(accessToken),
    refreshHash: hashToken(refreshToken),
  };
}

/** Returns the expiry times of new tokens, limited by the end of the session. */
function toTimes(now: number, endsAt: Date): SessionTimes {
  const end = endsAt.getTime();
  return {
    accessExpiresAt: new Date(Math.min(now + ACCESS_MS, end)),
    expiresAt: new Date(Math.min(now + REFRESH_MS, end)),
  };
}

function hasEnded(
  { revokedAt, isActive, expiresAt }: RefreshableSession,
  now: number,
): boolean {
  return revokedAt !== null || !isActive || expiresAt.getTime() <= now;
}

function toOrigin({ address, agent }: SessionContext): SessionOrigin {
  return {
    address: address ?? null,
    agent: agent ?? null,
  };
}

/** Deletes sessions that ended more than 30 days ago, and expired counts of login attempts. */
export async function deleteExpiredSessions(
  { sql, now }: Pick<Context, "sql" | "now">,
): Promise<void> {
  await deleteEndedSessions(sql, { before: new Date(now() - KEEP_MS) });
  await deleteEndedAttempts(sql, { now: new Date(now()) });
}
