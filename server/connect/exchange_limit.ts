import { createHmac } from "node:crypto";
import { countAttempt, uncountAttempt } from "../../db/login_attempts.ts";
import { userOf } from "../auth/access.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { parseNetwork } from "../http/network.ts";

const WINDOW_MS = 15 * 60 * 1000;
/** Maximum number of codes in a window from one address or user. */
export const MAX_OF_CLIENT = 20;
/** Maximum number of codes in a window from all callers without a session. */
export const MAX_OF_ANONYMOUS = 60;

type LimitContext = Pick<
  Context,
  "sql" | "config" | "now" | "address" | "caller"
>;

/**
 * Counts a code that is about to be exchanged at Strava, on the database and thus for all processes.
 * Anyone can get a state and send invalid codes. Strava does not count them towards its rate limit,
 * but it could block an application that keeps sending them.
 *
 * Returns a function that removes the count after a successful connection. A user counts apart from
 * anonymous callers, who cannot keep users from connecting.
 *
 * @throws {AppError} `too_many_requests` beyond a limit.
 */
export async function countExchange(
  ctx: LimitContext,
): Promise<() => Promise<void>> {
  const now = new Date(ctx.now());
  const counted: { key: string; windowEndsAt: Date }[] = [];
  for (const { parts, max } of listLimits(ctx)) {
    const key = toKey(ctx, parts);
    const { count, windowEndsAt } = await countAttempt(ctx.sql, {
      key,
      windowEndsAt: new Date(now.getTime() + WINDOW_MS),
      now,
    });
    if (count > max) {
      const wait = windowEndsAt.getTime() - now.getTime();
      throw new AppError("too_many_requests", {
        detail: "Too many attempts to connect: try again later",
        retryAfterSeconds: Math.ceil(wait / 1000),
      });
    }
    counted.push({ key, windowEndsAt });
  }
  return async () => {
    for (const each of counted) await uncountAttempt(ctx.sql, each);
  };
}

function listLimits(
  { caller, address }: LimitContext,
): { parts: string[]; max: number }[] {
  const user = userOf(caller);
  if (user) return [{ parts: ["user", String(user.id)], max: MAX_OF_CLIENT }];
  return [
    { parts: ["address", parseNetwork(address).host], max: MAX_OF_CLIENT },
    { parts: ["anonymous"], max: MAX_OF_ANONYMOUS },
  ];
}

/** Returns the stored key of a count. It is an HMAC, so that no address is stored. */
function toKey(
  { config }: LimitContext,
  parts: readonly string[],
): string {
  return createHmac("sha256", config.stateSecret)
    .update(`paceline code exchange\n${JSON.stringify(parts)}`)
    .digest("base64url");
}
