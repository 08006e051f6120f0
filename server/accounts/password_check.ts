import { findPassword, replacePassword } from "../../db/passwords.ts";
import type { User } from "../../db/users.ts";
import { record } from "../audit.ts";
import type { Context } from "../context.ts";
import { BusyError } from "../crypto/password_hash.ts";
import { type Attempt, countLoginAttempt } from "./login_throttle.ts";

/** The result of checking a password. */
export type PasswordResult =
  | { outcome: "right"; user: User; hash: string }
  /** Also for an unknown or a disabled user, so that callers cannot tell these cases apart. */
  | { outcome: "wrong" }
  | { outcome: "throttled"; retryAfterSeconds: number };

/**
 * Checks a user's password and limits guessing. A right password does not count as an attempt. It
 * is hashed again if the hash parameters have changed.
 *
 * @throws {BusyError} if too many passwords are waiting to be checked.
 */
export async function checkPassword(
  ctx: Context,
  { attempt, by, password }: {
    attempt: Attempt;
    /** `undefined` for a name that no user can have. */
    by: { name: string } | { userId: string } | undefined;
    password: string;
  },
): Promise<PasswordResult> {
  const counted = await countLoginAttempt(ctx, attempt);
  if (counted.refused) {
    const { retryAfterSeconds, isFirst } = counted;
    // Later ones would only fill the audit log.
    if (isFirst) await record(ctx, "login_throttled");
    return { outcome: "throttled", retryAfterSeconds };
  }
  const stored = by && await findPassword(ctx.sql, by);
  // Strangers who keep the hasher busy must not shut out the users of this account.
  const isUrgent = attempt.kind === "confirm" ||
    attempt.kind === "login" && attempt.device !== undefined;
  const verdict = await ctx.passwords
    .verify(password, stored?.hash, { isUrgent }).catch(async (cause) => {
      await counted.uncount();
      throw cause;
    });
  if (!stored || verdict === "wrong") {
    await record(ctx, "login_failed", { userId: stored?.user.id });
    return { outcome: "wrong" };
  }
  await counted.uncount();
  const { user, hash: oldHash } = stored;
  const hash = verdict === "outdated"
    ? await rehash(ctx, { userId: user.id, oldHash, password })
    : oldHash;
  return { outcome: "right", user, hash };
}

/** Stores a hash with the current parameters and returns it; keeps the old one if the hasher is busy. */
async function rehash(
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
