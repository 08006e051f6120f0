import { deleteEndedAttempts } from "../../db/login_attempts.ts";
import {
  deleteEndedSessions,
  getRefreshToken,
  insertSession,
  listRefreshTokens,
  lockSession,
  type RefreshableSession,
  revokeSessions,
  rotateSession,
  type SessionOrigin,
  type SessionTimes,
  type TokenHashes,
} from "../../db/sessions.ts";
import type { User } from "../../db/callers.ts";
import type { Sql } from "../../db/driver/client.ts";
import { record } from "../audit.ts";
import type { Context } from "../context.ts";
import { createToken, deriveToken, hashToken, isToken } from "../auth/token.ts";

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ACCESS_MS = 15 * MINUTE_MS;
const REFRESH_MS = 7 * DAY_MS;
const SESSION_MS = 90 * DAY_MS;
/** For so long a used refresh token may come back: the answer to it was lost. */
const RETRY_MS = 10_000;
/** For so long after its end a session's row can be looked into. */
const KEEP_MS = 30 * DAY_MS;

/** What a session hangs on; nowhere stored as it is. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** A pair of tokens and when they end. */
export interface IssuedTokens extends Tokens, SessionTimes {}

/** What became of a refresh token that came in. */
export type Refreshed =
  | { outcome: "fresh"; user: User; tokens: IssuedTokens }
  /** It is unknown, or its session is over. */
  | { outcome: "expired" }
  /** It was used before: somebody else has it, and the session is over for both. */
  | { outcome: "reused" };

/** What a session needs to know; the pool, or the transaction that it is part of. */
type SessionContext =
  & Pick<Context, "config" | "now" | "address" | "agent">
  & { sql: Sql };
type WithPool = SessionContext & Pick<Context, "sql">;

/**
 * Opens a session: new tokens each time, whatever came with the request. `undefined` where the
 * password has changed, or the user was disabled, since it was compared.
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
    ...originOf(ctx),
    userId,
    passwordHash,
    endsAt,
    now: new Date(now),
  });
  return id === undefined ? undefined : { id, tokens };
}

/**
 * Changes a refresh token for the next pair, which only it leads to: who asks again within ten
 * seconds, as after a lost answer or from a second tab, gets the pair that is good by then.
 */
export async function refreshSession(
  ctx: WithPool,
  { refreshToken }: { refreshToken: string },
): Promise<Refreshed> {
  if (!isToken(refreshToken, "pr")) return { outcome: "expired" };
  const refreshHash = hashToken(refreshToken);
  const now = ctx.now();
  // What fails is returned: thrown, it would take the revocation back.
  return await ctx.sql.begin(async (sql): Promise<Refreshed> => {
    const session = await lockSession(sql, { refreshHash });
    if (!session || isOver(session, now)) return { outcome: "expired" };
    // Only now, under the lock: of two at once the second finds it used.
    const token = await getRefreshToken(sql, { hash: refreshHash });
    if (!token) return { outcome: "expired" };
    const { usedAt } = token;
    if (!usedAt) return await rotate({ ...ctx, sql }, session, refreshToken);
    if (Math.abs(now - usedAt.getTime()) > RETRY_MS) {
      await revokeReused({ ...ctx, sql }, session);
      return { outcome: "reused" };
    }
    const since = new Date(usedAt.getTime() - RETRY_MS);
    const rows = await listRefreshTokens(sql, { sessionId: session.id, since });
    const live = findLive(ctx, { refreshToken, rows });
    if (!live) return { outcome: "expired" };
    const { accessExpiresAt, expiresAt, user } = session;
    const tokens = { ...live, accessExpiresAt, expiresAt };
    return { outcome: "fresh", user, tokens };
  });
}

/** Ends the session that a refresh token belongs to, be it used or not; returns whose it was. */
export async function endSession(
  ctx: WithPool,
  { refreshToken }: { refreshToken: string },
): Promise<{ id: string; userId: string } | undefined> {
  if (!isToken(refreshToken, "pr")) return undefined;
  const refreshHash = hashToken(refreshToken);
  const now = new Date(ctx.now());
  return await ctx.sql.begin(async (sql) => {
    const session = await lockSession(sql, { refreshHash });
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
): Promise<Refreshed> {
  const now = ctx.now();
  const times = toTimes(now, endsAt);
  const tokens = { ...deriveTokens(ctx, refreshToken), ...times };
  await rotateSession(ctx.sql, {
    ...toHashes(tokens),
    ...times,
    ...originOf(ctx),
    id,
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

/** Follows the chain from a used token to the pair that was not used yet. */
function findLive(
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
    // Not there under another STATE_SECRET: the answer cannot be given again.
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

/** Each refresh moves both ends on, never beyond the session's. */
function toTimes(now: number, endsAt: Date): SessionTimes {
  const end = endsAt.getTime();
  return {
    accessExpiresAt: new Date(Math.min(now + ACCESS_MS, end)),
    expiresAt: new Date(Math.min(now + REFRESH_MS, end)),
  };
}

function isOver(
  { revokedAt, isActive, expiresAt }: RefreshableSession,
  now: number,
): boolean {
  return revokedAt !== null || !isActive || expiresAt.getTime() <= now;
}

function originOf({ address, agent }: SessionContext): SessionOrigin {
  return {
    address: address ?? null,
    agent: agent ?? null,
  };
}

/** Drops sessions that ended a month ago, and counts of attempts that count no more. */
export async function tidySessions(
  { sql, now }: Pick<Context, "sql" | "now">,
): Promise<void> {
  await deleteEndedSessions(sql, { before: new Date(now() - KEEP_MS) });
  await deleteEndedAttempts(sql, { now: new Date(now()) });
}
