/**
 * The application's rate limit in the headers of a response: requests allowed and used per quarter
 * hour (short) and per UTC day, for all requests and for those that only read. Null if not stated.
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

/** Name of one of the four counters of used requests. */
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
 * Parses the four headers. Returns `undefined` if the response has none of them; those for streams
 * have none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const headers = new Headers({
 *   "x-ratelimit-limit": "200,2000",
 *   "x-ratelimit-usage": "8,151",
 * });
 * assert.equal(parseRateLimit(headers)?.dailyUsage, 151);
 * ```
 */
export function parseRateLimit(headers: Headers): RateLimitReading | undefined {
  if (!Object.values(HEADERS).some((name) => headers.has(name))) {
    return undefined;
  }
  const [shortLimit, dailyLimit] = parsePair(headers.get(HEADERS.limit));
  const [shortUsage, dailyUsage] = parsePair(headers.get(HEADERS.usage));
  const [readShortLimit, readDailyLimit] = parsePair(
    headers.get(HEADERS.readLimit),
  );
  const [readShortUsage, readDailyUsage] = parsePair(
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

/**
 * Parses `"200,2000"`. Some responses to writes contain only a comma. That, like any number of more
 * than nine digits, means unknown.
 */
function parsePair(text: string | null): [number | null, number | null] {
  const [first, second] = (text ?? "").split(",").map((part) =>
    /^\s*\d{1,9}\s*$/.test(part) ? Number(part) : null
  );
  return [first ?? null, second ?? null];
}
