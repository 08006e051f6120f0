import type { SessionCaller } from "../../db/sessions.ts";
import type { Context } from "../context.ts";
import { BusyError } from "../crypto/password_hash.ts";
import { AppError, type Reason } from "../errors.ts";
import { checkPassword } from "./password_check.ts";
import { findPasswordProblem } from "./password_rules.ts";

/** The errors of every procedure that checks or hashes a password. */
export const PASSWORD_ERRORS: readonly Reason[] = ["too_many_logins", "busy"];

/**
 * Returns the result of work that hashes a password.
 *
 * @throws {AppError} `busy`, with the time to wait, if too many passwords are waiting.
 */
export async function orBusy<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof BusyError)) throw cause;
    const { retryAfterSeconds } = cause;
    throw new AppError("busy", { retryAfterSeconds, cause });
  }
}

/** Returns the error for an attempt that was refused because of too many others. */
export function toThrottledError(
  { retryAfterSeconds }: { retryAfterSeconds: number },
): AppError {
  return new AppError("too_many_logins", { retryAfterSeconds });
}

/** Throws `weak_password`, with the rule it breaks, for a password that may not be set. */
export function requireStrongPassword(
  password: string,
  user: { username: string; email: string },
): void {
  const detail = findPasswordProblem(password, user);
  if (detail !== undefined) throw new AppError("weak_password", { detail });
}

/**
 * Returns the stored hash of the user's password.
 *
 * @throws {AppError} `wrong_password`, `too_many_logins` or `busy`.
 */
export async function requirePassword(
  ctx: Context & SessionCaller,
  password: string,
): Promise<string> {
  const { user: { id: userId } } = ctx;
  const result = await orBusy(checkPassword(ctx, {
    attempt: { kind: "confirm", account: userId },
    by: { userId },
    password,
  }));
  if (result.outcome === "throttled") throw toThrottledError(result);
  // Not 401: the session is valid, and refreshing it would not help.
  if (result.outcome === "wrong") throw new AppError("wrong_password");
  return result.hash;
}
