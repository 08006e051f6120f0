import type { User } from "../../db/callers.ts";
import { getPassword, replacePassword } from "../../db/passwords.ts";
import { revokeSessions } from "../../db/sessions.ts";
import { record } from "../audit.ts";
import type { Context } from "../context.ts";
import { readCookies } from "../auth/cookies.ts";
import { hasCredential } from "../auth/credential.ts";
import { type Attempt, countLogin } from "./login_throttle.ts";
import { BusyError } from "../crypto/password.ts";
import { endSession, type IssuedTokens, openSession } from "./sessions.ts";

/** What became of a password that was given. */
export type Checked =
  | { outcome: "right"; user: User; hash: string }
  /** Or there is no such user, or a disabled one: nobody learns which. */
  | { outcome: "wrong" }
  | { outcome: "throttled"; retryAfterSeconds: number };

/** What became of a login. */
export type LoggedIn =
  | { outcome: "right"; user: User; tokens: IssuedTokens }
  | Exclude<Checked, { outcome: "right" }>;

/**
 * Opens a session for whoever knows the password of a username or e-mail address. With
 * `inBrowser`, the session that the browser had is over.
 *
 * @throws {BusyError} where too many passwords wait to be checked.
 */
export async function logIn(
  ctx: Context,
  { name, password, inBrowser }: {
    name: string;
    password: string;
    inBrowser: boolean;
  },
): Promise<LoggedIn> {
  const account = name.trim().normalize("NFC").toLowerCase();
  const checked = await checkPassword(ctx, {
    attempt: { kind: "login", account },
    // Any other is nobody's, and PostgreSQL takes not every text.
    by: /^[\x21-\x7e]+$/.test(account) ? { name: account } : undefined,
    password,
  });
  if (checked.outcome !== "right") return checked;
  const { user, hash: passwordHash } = checked;
  const { id: userId } = user;
  const opened = await ctx.sql.begin(async (sql) => {
    const session = await openSession({ ...ctx, sql }, {
      userId,
      passwordHash,
    });
    if (!session) return undefined;
    await record({ ...ctx, sql }, "login", { userId, sessionId: session.id });
    return session;
  });
  if (!opened) return { outcome: "wrong" };
  if (inBrowser) await endCarriedSession(ctx);
  return { outcome: "right", user, tokens: opened.tokens };
}

/**
 * Compares the password of a user, counted against guessing. A right one does not count, and is
 * hashed anew where the parameters have changed.
 *
 * @throws {BusyError} where too many passwords wait to be checked.
 */
export async function checkPassword(
  ctx: Context,
  { attempt, by, password }: {
    attempt: Attempt;
    /** `undefined` for a name that can be nobody's. */
    by: { name: string } | { userId: string } | undefined;
    password: string;
  },
): Promise<Checked> {
  const counted = await countLogin(ctx, attempt);
  if (counted.refused) {
    const { retryAfterSeconds, isFirst } = counted;
    // The rest of them would only fill the record.
    if (isFirst) await record(ctx, "login_throttled");
    return { outcome: "throttled", retryAfterSeconds };
  }
  const stored = by && await getPassword(ctx.sql, by);
  const verdict = await ctx.passwords.verify(password, stored?.hash)
    .catch(async (cause) => {
      await counted.takeBack();
      throw cause;
    });
  if (!stored || verdict === "wrong") {
    await record(ctx, "login_failed", { userId: stored?.user.id });
    return { outcome: "wrong" };
  }
  await counted.takeBack();
  const { user, hash: oldHash } = stored;
  const hash = verdict === "outdated"
    ? await hashAnew(ctx, { userId: user.id, oldHash, password })
    : oldHash;
  return { outcome: "right", user, hash };
}

/** The same password under today's parameters; where all are busy, another time. */
async function hashAnew(
  ctx: Context,
  { userId, oldHash, password }: {
    userId: string;
    oldHash: string;
    password: string;
  },
): Promise<string> {
  try {
    const hash = await ctx.passwords.hash(password);
    const options = { userId, hash, oldHash };
    return await replacePassword(ctx.sql, options) ? hash : oldHash;
  } catch (cause) {
    if (cause instanceof BusyError) return oldHash;
    throw cause;
  }
}

/** Ends the session whose cookies came with the request; returns whether there was one. */
export async function endCarriedSession(ctx: Context): Promise<boolean> {
  const { caller, sql, now } = ctx;
  if (caller.kind === "session") {
    const { user: { id: userId }, session: { id } } = caller;
    const ended = await revokeSessions(sql, {
      userId,
      which: { id },
      reason: "logout",
      now: new Date(now()),
    });
    if (ended.length > 0) {
      await record(ctx, "logout", { userId, sessionId: id });
    }
    return ended.length > 0;
  }
  const refreshToken = readRefreshCookie(ctx);
  return refreshToken !== undefined && await endByToken(ctx, refreshToken);
}

/** The refresh token that a browser has sent; none beside a key or token in a header. */
export function readRefreshCookie(
  { headers, config }: Pick<Context, "headers" | "config">,
): string | undefined {
  return hasCredential(headers)
    ? undefined
    : readCookies(headers, config, "refresh")[0];
}

/** Ends the session of a refresh token; returns whether there was one. */
export async function endByToken(
  ctx: Context,
  refreshToken: string,
): Promise<boolean> {
  const ended = await endSession(ctx, { refreshToken });
  if (!ended) return false;
  const { id: sessionId, userId } = ended;
  await record(ctx, "logout", { userId, sessionId });
  return true;
}
