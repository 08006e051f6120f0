import type { RateLimit } from "../../db/rate_limit.ts";
import type { RateLimitReading, Usage } from "../strava/rate_limit_headers.ts";

/**
 * The priority of a request. `fresh` fetches recent activities and events. `history` reads the full
 * list and leaves the reserve of each window to `fresh`. `streams` leaves two reserves, so that syncs
 * of both kinds go on.
 */
export type Priority = "fresh" | "history" | "streams";

/** Strava's fixed windows: quarter hours, and days in UTC. */
export type Window = "short" | "daily";

/** A request counted against the rate limit, to be settled with its result. */
export interface Reservation {
  requestCount: number;
  shortWindow: Date;
  dailyWindow: Date;
  usage: Record<Usage, number>;
}

/** A used-up window and its end in epoch milliseconds. */
export interface SpentWindow {
  window: Window;
  endsAt: number;
}

/** Either a reservation, or the reason why a request must not be sent. */
export type ReservationResult =
  | { kind: "reserved"; reservation: Reservation }
  /** `only_reserve`: what is left is the reserve for `fresh` requests. */
  | ({ kind: "spent" | "only_reserve" } & SpentWindow)
  | { kind: "inactive"; endsAt: number };

interface Clock {
  now: number;
  /** Additional wait after the end of a used-up window, in milliseconds. */
  pauseMs: number;
}

const HOUR_MS = 60 * 60 * 1000;
const LENGTH_MS = { short: HOUR_MS / 4, daily: 24 * HOUR_MS };
const START = { short: "shortWindow", daily: "dailyWindow" } as const;
/** Greatest difference between the clocks of two processes. */
const SKEW_MS = 60_000;
/** Share of each window that is one reserve, rounded down. */
const RESERVE = 0.2;
/** Reserves that a priority must leave. */
const RESERVES: Readonly<Record<Priority, number>> = {
  fresh: 0,
  history: 1,
  streams: 2,
};

/** The four counters. `assumed` is Strava's limit for new applications. */
const COUNTERS = [
  { window: "daily", usage: "dailyUsage", limit: "dailyLimit", assumed: 2000 },
  {
    window: "daily",
    usage: "readDailyUsage",
    limit: "readDailyLimit",
    assumed: 1000,
  },
  { window: "short", usage: "shortUsage", limit: "shortLimit", assumed: 200 },
  {
    window: "short",
    usage: "readShortUsage",
    limit: "readShortLimit",
    assumed: 100,
  },
] as const;
type Counter = typeof COUNTERS[number];

/** Returns the number of requests of a limit that only `fresh` may use. */
export function computeReserve(limit: number): number {
  return Math.floor(limit * RESERVE);
}

/**
 * Returns the wait after a window's end in milliseconds, because Strava's clock differs from ours. It
 * depends on the application and is 5 to 15 seconds, so that applications do not all return at once.
 */
export function computeWindowPause(clientId: string): number {
  const spread = [...clientId].reduce(
    (sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 10_000,
    0,
  );
  return 5000 + spread;
}

/** Returns when the window's counters are reset, in epoch milliseconds. */
export function findReset(
  limit: RateLimit,
  { window, pauseMs }: Pick<Clock, "pauseMs"> & { window: Window },
): number {
  return limit[START[window]].getTime() + LENGTH_MS[window] + pauseMs;
}

/**
 * Returns the rate limit as of now. A window that has passed restarts with no usage, a used-up one
 * only after the pause. If the clock went back, the usage moves with it: the rate limit is neither
 * reset nor blocked until the clock catches up.
 */
export function rollWindows(limit: RateLimit, clock: Clock): RateLimit {
  return rollWindow(rollWindow(limit, "daily", clock), "short", clock);
}

function rollWindow(
  limit: RateLimit,
  window: Window,
  { now, pauseMs }: Clock,
): RateLimit {
  const stored = limit[START[window]].getTime();
  const length = LENGTH_MS[window];
  const current = Math.floor(now / length) * length;
  // Another process with a clock slightly ahead may have started it.
  if (current === stored || (stored > now && stored - now <= SKEW_MS)) {
    return limit;
  }
  const moved: RateLimit = { ...limit, [START[window]]: new Date(current) };
  if (current < stored) return moved;
  const isPausing = now < stored + length + pauseMs;
  if (isPausing && isSpent(limit, window, "fresh")) return limit;
  for (const each of COUNTERS) {
    if (each.window === window) moved[each.usage] = 0;
  }
  return window === "short" ? { ...moved, refused: false } : moved;
}

/** Returns the used-up window that blocks this request. If both are, the one that ends last. */
export function findSpentWindow(
  stored: RateLimit,
  { priority, ...clock }: Clock & { priority: Priority },
): SpentWindow | undefined {
  const limit = rollWindows(stored, clock);
  for (const window of ["daily", "short"] as const) {
    if (isSpent(limit, window, priority)) {
      return { window, endsAt: findReset(limit, { ...clock, window }) };
    }
  }
  return undefined;
}

function isSpent(
  limit: RateLimit,
  window: Window,
  priority: Priority,
): boolean {
  return (window === "short" && limit.refused) ||
    COUNTERS.some((each) =>
      each.window === window &&
      limit[each.usage] >= allowedFor(limit, each, priority)
    );
}

function allowedFor(
  limit: RateLimit,
  each: Counter,
  priority: Priority,
): number {
  const allowed = limit[each.limit] ?? each.assumed;
  return allowed - RESERVES[priority] * computeReserve(allowed);
}

/**
 * Returns when a shut-out application may try again, in epoch milliseconds, or `undefined` if the
 * last try was over an hour ago.
 */
export function findShutOut(
  { inactiveSince, inactiveRetryAt }: RateLimit,
  { now }: Pick<Clock, "now">,
): number | undefined {
  if (inactiveSince === null || inactiveRetryAt === null) return undefined;
  const left = inactiveRetryAt.getTime() - now;
  // More than an hour ahead: it was set before the clock went back.
  return left > 0 && left <= HOUR_MS ? inactiveRetryAt.getTime() : undefined;
}

/** Counts a request before it is sent, or returns why it must not be sent. */
export function countRequest(
  stored: RateLimit,
  { priority, ...clock }: Clock & { priority: Priority },
): { limit: RateLimit; result: ReservationResult } {
  const limit = rollWindows(stored, clock);
  const shutOut = findShutOut(limit, clock);
  if (shutOut !== undefined) {
    return { limit, result: { kind: "inactive", endsAt: shutOut } };
  }
  const spent = findSpentWindow(limit, { priority, ...clock });
  if (spent) {
    const isAllowed = !findSpentWindow(limit, { priority: "fresh", ...clock });
    const kind = isAllowed ? "only_reserve" : "spent";
    return { limit, result: { kind, ...spent } };
  }
  const counted: RateLimit = {
    ...limit,
    requestCount: limit.requestCount + 1,
    observedAt: new Date(clock.now),
    // While shut out, this is the one request of the hour.
    inactiveRetryAt: limit.inactiveSince && new Date(clock.now + HOUR_MS),
  };
  for (const { usage } of COUNTERS) counted[usage]++;
  const { requestCount, shortWindow, dailyWindow } = counted;
  const usage = pickUsage(counted);
  const reservation = { requestCount, shortWindow, dailyWindow, usage };
  return { limit: counted, result: { kind: "reserved", reservation } };
}

function pickUsage(limit: RateLimit): Record<Usage, number> {
  const { shortUsage, dailyUsage, readShortUsage, readDailyUsage } = limit;
  return { shortUsage, dailyUsage, readShortUsage, readDailyUsage };
}

/** The result of a request. */
export interface RequestResult {
  /** The rate limit in its headers, if any. */
  reading?: RateLimitReading | undefined;
  /** Whether Strava answered, refused for the rate limit, or has shut the application out. */
  outcome: "given" | "rate_limited" | "app_inactive" | "other";
}

/**
 * Corrects the count by a request's result. Strava's usage includes this request, but perhaps not the
 * ones counted since: they are added, so that concurrent requests never exceed the limit together.
 * Usage never decreases, because responses arrive in any order.
 */
export function correctUsage(
  stored: RateLimit,
  { reservation, result, ...clock }: Clock & {
    reservation: Reservation;
    result: RequestResult;
  },
): RateLimit {
  const { reading, outcome } = result;
  const isRefused = outcome === "rate_limited";
  // Marks the refusal before rolling: a window refused at its very end must still have its pause.
  const refused = stored.refused || isRefused;
  const limit = { ...rollWindows({ ...stored, refused }, clock) };
  for (const each of COUNTERS) {
    limit[each.limit] = reading?.[each.limit] || limit[each.limit];
    limit[each.usage] = correctCounter(limit, each, reservation, reading);
  }
  const now = new Date(clock.now);
  if (outcome === "app_inactive") {
    limit.inactiveSince ??= now;
    limit.inactiveRetryAt = new Date(clock.now + HOUR_MS);
  }
  if (outcome === "given") limit.inactiveSince = limit.inactiveRetryAt = null;
  return { ...limit, observedAt: now };
}

function correctCounter(
  limit: RateLimit,
  { window, usage }: Counter,
  reservation: Reservation,
  reading: RateLimitReading | undefined,
): number {
  const reported = reading?.[usage] ?? 0;
  const start = START[window];
  if (reservation[start].getTime() === limit[start].getTime()) {
    return Math.max(
      limit[usage],
      reported + limit.requestCount - reservation.requestCount,
    );
  }
  // Sent in the previous window, it may count in either. The old counter is irrelevant now.
  const isCurrent = reported < reservation.usage[usage];
  return Math.max(limit[usage] + 1, isCurrent ? reported : 0);
}
