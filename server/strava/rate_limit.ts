/**
 * The application's budget as an answer states it: requests allowed and used per quarter hour
 * (short) and per UTC day, of all requests and of those that only read. Null = not stated.
 */
export interface RateLimitReading {
  shortLimit: number | null;
  shortUsage: number | null;
  dailyLimit: number | null;
  dailyUsage: number | null;
  readShortLimit: number | null;
  readShortUsage: number | null;
  readDailyLimit: number | null;
  readDailyUsage: number | null;
}

const QUARTER_HOUR_MS = 15 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

const HEADERS = {
  limit: "x-ratelimit-limit",
  usage: "x-ratelimit-usage",
  readLimit: "x-readratelimit-limit",
  readUsage: "x-readratelimit-usage",
} as const;

/**
 * Reads the four headers; `undefined` where an answer carries none, as those for streams do not.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const headers = new Headers({
 *   "x-ratelimit-limit": "200,2000",
 *   "x-ratelimit-usage": "8,151",
 * });
 * assert.equal(readRateLimit(headers)?.dailyUsage, 151);
 * ```
 */
export function readRateLimit(headers: Headers): RateLimitReading | undefined {
  if (!Object.values(HEADERS).some((name) => headers.has(name))) {
    return undefined;
  }
  const [shortLimit, dailyLimit] = readPair(headers.get(HEADERS.limit));
  const [shortUsage, dailyUsage] = readPair(headers.get(HEADERS.usage));
  const [readShortLimit, readDailyLimit] = readPair(
    headers.get(HEADERS.readLimit),
  );
  const [readShortUsage, readDailyUsage] = readPair(
    headers.get(HEADERS.readUsage),
  );
  return {
    shortLimit,
    shortUsage,
    dailyLimit,
    dailyUsage,
    readShortLimit,
    readShortUsage,
    readDailyLimit,
    readDailyUsage,
  };
}

/** `"200,2000"`; a lone comma, as some writes carry, or a figure beyond all sense means unknown. */
function readPair(text: string | null): [number | null, number | null] {
  const [first, second] = (text ?? "").split(",").map((part) =>
    /^\s*\d{1,9}\s*$/.test(part) ? Number(part) : null
  );
  return [first ?? null, second ?? null];
}

/** The window that is used up, if one is; `daily` outlasts `short`. */
export function spentWindow(
  reading: RateLimitReading,
): "short" | "daily" | undefined {
  const { dailyUsage, dailyLimit, readDailyUsage, readDailyLimit } = reading;
  if (
    isSpent(dailyUsage, dailyLimit) || isSpent(readDailyUsage, readDailyLimit)
  ) return "daily";
  const { shortUsage, shortLimit, readShortUsage, readShortLimit } = reading;
  if (
    isSpent(shortUsage, shortLimit) || isSpent(readShortUsage, readShortLimit)
  ) return "short";
  return undefined;
}

function isSpent(usage: number | null, limit: number | null): boolean {
  return usage !== null && limit !== null && usage >= limit;
}

/**
 * When the spent window begins anew, in milliseconds: windows are fixed, at quarter hours and at
 * 00:00 UTC. A few seconds are added since Strava's clock is not ours.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(windowEnd("short", Date.UTC(2025, 0, 1, 10, 3)), Date.UTC(2025, 0, 1, 10, 15, 5));
 * ```
 */
export function windowEnd(window: "short" | "daily", now: number): number {
  const length = window === "daily" ? DAY_MS : QUARTER_HOUR_MS;
  return (Math.floor(now / length) + 1) * length + 5000;
}
