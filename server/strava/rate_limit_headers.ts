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

/** The names of the four figures, and of what is allowed of each. */
export type Usage =
  | "shortUsage"
  | "dailyUsage"
  | "readShortUsage"
  | "readDailyUsage";

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
