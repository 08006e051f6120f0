import { createHmac } from "node:crypto";
import { countAttempt, uncountAttempt } from "../../db/login_attempts.ts";
import type { Context } from "../context.ts";
import { parseNetwork } from "../http/network.ts";

/** Length of the window in which attempts are counted, in minutes. */
export const WINDOW_MINUTES = 15;
/** Maximum number of attempts in a window from one address. */
export const MAX_OF_ADDRESS = 30;
/** Maximum number of attempts in a window for one account from one network. */
export const MAX_OF_ACCOUNT_AND_NETWORK = 5;
/** Maximum number of attempts in a window for one account from a browser that it has used before. */
export const MAX_OF_DEVICE = 5;
/** Maximum number of attempts in a window for one account. */
export const MAX_OF_ACCOUNT = 50;

const WINDOW_MS = WINDOW_MINUTES * 60 * 1000;

/** An attempt to count: a login, a password confirmed by a logged-in user, a sign-up, or a set-up. */
export type Attempt =
  | {
    kind: "login" | "confirm";
    /** The user's id, or a name that no user has. */
    account: string;
    /** The nonce of a browser in which this account has logged in before. */
    device?: string | undefined;
  }
  | { kind: "signup" }
  | { kind: "set_up" };

/** A counted attempt: allowed, or refused with the time to wait. */
export type CountedAttempt =
  | { refused: false; uncount: () => Promise<void> }
  | {
    refused: true;
    retryAfterSeconds: number;
    /** Whether this is the first refusal in this window. */
    isFirst: boolean;
  };

type ThrottleContext = Pick<Context, "sql" | "config" | "now" | "address">;

/**
 * Counts an attempt. Call it before the password is checked, so that concurrent attempts cannot
 * exceed a limit. Unknown accounts count too, so that nobody learns whether an account exists. An
 * attempt refused by one limit does not count towards the next one: a single address cannot lock the
 * owner out everywhere.
 */
export async function countLoginAttempt(
  ctx: ThrottleContext,
  attempt: Attempt,
): Promise<CountedAttempt> {
  const now = new Date(ctx.now());
  const counted: { key: string; windowEndsAt: Date }[] = [];
  for (const { parts, max } of listLimits(attempt, ctx.address)) {
    const key = toKey(ctx, [attempt.kind, ...parts]);
    const windowEndsAt = new Date(now.getTime() + WINDOW_MS);
    const found = await countAttempt(ctx.sql, { key, windowEndsAt, now });
    if (found.count > max) {
      const wait = found.windowEndsAt.getTime() - now.getTime();
      return {
        refused: true,
        retryAfterSeconds: Math.ceil(wait / 1000),
        isFirst: found.count === max + 1,
      };
    }
    counted.push({ key, windowEndsAt: found.windowEndsAt });
  }
  return {
    refused: false,
    async uncount() {
      for (const each of counted) await uncountAttempt(ctx.sql, each);
    },
  };
}

function listLimits(
  attempt: Attempt,
  address: string | undefined,
): { parts: string[]; max: number }[] {
  const { host, network } = parseNetwork(address);
  const ofAddress = { parts: ["address", host], max: MAX_OF_ADDRESS };
  if (attempt.kind === "signup" || attempt.kind === "set_up") {
    return [ofAddress];
  }
  const { account, device } = attempt;
  // Apart from all others, so that nobody else can use up its attempts.
  if (device !== undefined) {
    return [{ parts: ["device", account, device], max: MAX_OF_DEVICE }];
  }
  return [
    ofAddress,
    { parts: ["nearby", account, network], max: MAX_OF_ACCOUNT_AND_NETWORK },
    { parts: ["account", account], max: MAX_OF_ACCOUNT },
  ];
}

/** Returns the stored key of a count. It is an HMAC, because a password may have been typed as the name. */
function toKey(
  { config }: ThrottleContext,
  parts: readonly string[],
): string {
  return createHmac("sha256", config.stateSecret)
    .update(`paceline login attempt\n${JSON.stringify(parts)}`)
    .digest("base64url");
}
