import { AppError, type Reason } from "../errors.ts";
import { BusyError } from "../crypto/password.ts";
import { findPasswordProblem } from "./password_rules.ts";

/** The errors of every procedure that checks or hashes a password. */
export const PASSWORD_ERRORS: readonly Reason[] = ["too_many_logins", "busy"];

/** The same; where too many passwords wait to be checked, the client is told when to come back. */
export async function orBusy<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof BusyError)) throw cause;
    const { retryAfterSeconds } = cause;
    throw new AppError("busy", { retryAfterSeconds, cause });
  }
}

/** What is told of too many attempts. */
export function toThrottled(
  { retryAfterSeconds }: { retryAfterSeconds: number },
): AppError {
  return new AppError("too_many_logins", { retryAfterSeconds });
}

/** Throws, with the reason as a sentence, for a password that is not to be set. */
export function requireGoodPassword(
  password: string,
  user: { username: string; email: string },
): void {
  const detail = findPasswordProblem(password, user);
  if (detail !== undefined) throw new AppError("weak_password", { detail });
}
