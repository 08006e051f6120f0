import { createHmac } from "node:crypto";
import { countAttempt, takeBackAttempt } from "../../db/login_attempts.ts";
import type { Context } from "../context.ts";

/** Within a quarter hour: of an address, of an account from near an address, of an account. */
const MAX_OF_ADDRESS = 30;
const MAX_NEARBY = 5;
const MAX_OF_ACCOUNT = 50;
const WINDOW_MS = 15 * 60 * 1000;

/** What is counted: logins, the password of who is logged in already, new accounts. */
export type Attempt =
  | { kind: "login" | "confirm"; account: string }
  | { kind: "signup" };

/** An attempt that was counted, or how long no other makes sense. */
export type Throttled =
  | { refused: false; takeBack: () => Promise<void> }
  | {
    refused: true;
    retryAfterSeconds: number;
    /** Whether it is the first that is refused in this window. */
    isFirst: boolean;
  };

type ThrottleContext = Pick<Context, "sql" | "config" | "now" | "address">;

/**
 * Counts an attempt before the password is looked at, so that many at once do not slip through, and
 * whether or not there is such an account, so that nobody learns it. What is refused by one limit
 * does not count on the next: one address cannot lock the owner out everywhere.
 */
export async function countLogin(
  ctx: ThrottleContext,
  attempt: Attempt,
): Promise<Throttled> {
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
    async takeBack() {
      for (const each of counted) await takeBackAttempt(ctx.sql, each);
    },
  };
}

function listLimits(
  attempt: Attempt,
  address: string | undefined,
): { parts: string[]; max: number }[] {
  const { host, prefix } = readNetwork(address);
  const ofAddress = { parts: ["address", host], max: MAX_OF_ADDRESS };
  if (attempt.kind === "signup") return [ofAddress];
  const { account } = attempt;
  return [
    ofAddress,
    { parts: ["nearby", account, prefix], max: MAX_NEARBY },
    { parts: ["account", account], max: MAX_OF_ACCOUNT },
  ];
}

/**
 * The part of an address that is one customer's, and the network around it: /32 and /24, or of IPv6
 * both times /64, since everyone has 2^64 of these.
 */
export function readNetwork(
  address: string | undefined,
): { host: string; prefix: string } {
  if (address === undefined) return { host: "unknown", prefix: "unknown" };
  const v4 = readIpv4(address);
  if (v4) return { host: v4.join("."), prefix: v4.slice(0, 3).join(".") };
  const network = readIpv6(address)?.slice(0, 4).join(":") ?? address;
  return { host: network, prefix: network };
}

/** Also of an IPv6 address that stands for one, such as `::ffff:192.0.2.1`. */
function readIpv4(address: string): string[] | undefined {
  const [, text] = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (text) return text.split(".");
  const groups = readIpv6(address);
  if (!groups || groups.slice(0, 6).join(":") !== "0:0:0:0:0:ffff") {
    return undefined;
  }
  return groups.slice(6).map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [String(group >> 8), String(group & 255)]);
}

/** The eight groups, written shortest; without the zone. */
function readIpv6(address: string): string[] | undefined {
  const url = `http://[${address.replace(/%.*$/, "")}]`;
  if (!URL.canParse(url)) return undefined;
  const [start = "", end] = new URL(url).hostname.slice(1, -1).split("::");
  const left = start === "" ? [] : start.split(":");
  const right = end ? end.split(":") : [];
  const zeros = end === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(zeros).fill("0"), ...right];
}

/** Under the instance's secret: what was typed as a name may have been a password. */
function toKey(
  { config }: ThrottleContext,
  parts: readonly string[],
): string {
  return createHmac("sha256", config.stateSecret)
    .update(`paceline login attempt\n${JSON.stringify(parts)}`)
    .digest("base64url");
}
