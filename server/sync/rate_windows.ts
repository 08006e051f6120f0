import type { RateLimit } from "../../db/rate_limit.ts";
import type { RateLimitReading, Usage } from "../strava/rate_limit_headers.ts";

/**
 * What a request is for: `fresh` keeps up with what happens at Strava, `history` walks through what
 * was long ago and leaves a fifth of each window to the fresh.
 */
export type Priority = "fresh" | "history";

/** Strava's windows are fixed: quarter hours, and days in UTC. */
export type Window = "short" | "daily";

/** A request's place in the budget, to be settled with its answer. */
export interface Place {
  requestCount: number;
  shortWindow: Date;
  dailyWindow: Date;
  usage: Record<Usage, number>;
}

/** The window that refuses a request, and from when on it does not, in milliseconds. */
export interface SpentWindow {
  window: Window;
  endsAt: number;
}

/** How it stands with a request: it may go out, or why not. */
export type Verdict =
  | { kind: "place"; place: Place }
  /** `reserved`: what is fresh has room still. */
  | ({ kind: "spent" | "reserved" } & SpentWindow)
  | { kind: "inactive"; endsAt: number };

interface Clock {
  now: number;
  /** How long after a spent window requests wait on. */
  pauseMs: number;
}

const HOUR_MS = 60 * 60 * 1000;
const LENGTH_MS = { short: HOUR_MS / 4, daily: 24 * HOUR_MS };
const START = { short: "shortWindow", daily: "dailyWindow" } as const;
/** By how much the clocks of processes may differ. */
const SKEW_MS = 60_000;
/** How much of each window is kept from `history`, rounded down. */
const RESERVE = 0.2;

/** The four figures; `assumed` is what Strava gives a new application. */
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

/** How many requests of a limit only the fresh may use. */
export function reserveOf(limit: number): number {
  return Math.floor(limit * RESERVE);
}

/**
 * How long after a window's end requests wait on, since Strava's clock is not ours: 5 to 15
 * seconds, by the application, so that not all of Strava's applications come back at once.
 */
export function pauseAfterWindow(clientId: string): number {
  const spread = [...clientId].reduce(
    (sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 10_000,
    0,
  );
  return 5000 + spread;
}

/** When the window's figures begin anew, in milliseconds. */
export function resetOf(
  limit: RateLimit,
  { window, pauseMs }: Pick<Clock, "pauseMs"> & { window: Window },
): number {
  return limit[START[window]].getTime() + LENGTH_MS[window] + pauseMs;
}

/**
 * The budget at this moment: a window that has passed begins anew with nothing used, though a spent
 * one only after the pause. A clock that has gone back takes its usage along, so that it brings
 * neither a new budget nor a wait until it has caught up.
 */
export function turn(limit: RateLimit, clock: Clock): RateLimit {
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
  // Another process, whose clock is a little ahead, may have begun it.
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

/** The window that leaves this request no room; of both the one that ends last. */
export function findSpentWindow(
  stored: RateLimit,
  { priority, ...clock }: Clock & { priority: Priority },
): SpentWindow | undefined {
  const limit = turn(stored, clock);
  for (const window of ["daily", "short"] as const) {
    if (isSpent(limit, window, priority)) {
      return { window, endsAt: resetOf(limit, { ...clock, window }) };
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
      limit[each.usage] >= roomOf(limit, each, priority)
    );
}

function roomOf(limit: RateLimit, each: Counter, priority: Priority): number {
  const allowed = limit[each.limit] ?? each.assumed;
  return priority === "fresh" ? allowed : allowed - reserveOf(allowed);
}

/** Whether the application is shut out and was asked about within the hour; until when. */
export function findShutOut(
  { inactiveSince, inactiveRetryAt }: RateLimit,
  { now }: Pick<Clock, "now">,
): number | undefined {
  if (inactiveSince === null || inactiveRetryAt === null) return undefined;
  const left = inactiveRetryAt.getTime() - now;
  // More than an hour ahead it was set by a clock that has gone back since.
  return left > 0 && left <= HOUR_MS ? inactiveRetryAt.getTime() : undefined;
}

/** Counts a request that is about to go out, or says why it may not. */
export function reserveRequest(
  stored: RateLimit,
  { priority, ...clock }: Clock & { priority: Priority },
): { limit: RateLimit; result: Verdict } {
  const limit = turn(stored, clock);
  const shutOut = findShutOut(limit, clock);
  if (shutOut !== undefined) {
    return { limit, result: { kind: "inactive", endsAt: shutOut } };
  }
  const spent = findSpentWindow(limit, { priority, ...clock });
  if (spent) {
    const hasRoom = !findSpentWindow(limit, { priority: "fresh", ...clock });
    const kind = hasRoom ? "reserved" : "spent";
    return { limit, result: { kind, ...spent } };
  }
  const counted: RateLimit = {
    ...limit,
    requestCount: limit.requestCount + 1,
    observedAt: new Date(clock.now),
    // While it is shut out, this is the one request of the hour.
    inactiveRetryAt: limit.inactiveSince && new Date(clock.now + HOUR_MS),
  };
  for (const { usage } of COUNTERS) counted[usage]++;
  const { requestCount, shortWindow, dailyWindow } = counted;
  const usage = pickUsage(counted);
  const place = { requestCount, shortWindow, dailyWindow, usage };
  return { limit: counted, result: { kind: "place", place } };
}

function pickUsage(limit: RateLimit): Record<Usage, number> {
  const { shortUsage, dailyUsage, readShortUsage, readDailyUsage } = limit;
  return { shortUsage, dailyUsage, readShortUsage, readDailyUsage };
}

/** What came of a request. */
export interface Answer {
  /** What its headers say, where it has any. */
  reading?: RateLimitReading | undefined;
  /** Strava has given what was asked for, refused for the rate, or has shut the application out. */
  outcome: "given" | "rate_limited" | "app_inactive" | "other";
}

/**
 * Corrects the count by an answer. What Strava says was used includes this request, but perhaps
 * none of those that were counted since: they are added, so that requests under way at the same
 * time never pass the limit together. Nothing is ever taken off: answers come in any order.
 */
export function settleRequest(
  stored: RateLimit,
  { place, answer, ...clock }: Clock & { place: Place; answer: Answer },
): RateLimit {
  const { reading, outcome } = answer;
  const isRefused = outcome === "rate_limited";
  // First what was refused, then the turn: a window refused at its very end still has its pause.
  const refused = stored.refused || isRefused;
  const limit = { ...turn({ ...stored, refused }, clock) };
  for (const each of COUNTERS) {
    limit[each.limit] = reading?.[each.limit] || limit[each.limit];
    limit[each.usage] = correct(limit, each, place, reading);
  }
  const now = new Date(clock.now);
  if (outcome === "app_inactive") {
    limit.inactiveSince ??= now;
    limit.inactiveRetryAt = new Date(clock.now + HOUR_MS);
  }
  if (outcome === "given") limit.inactiveSince = limit.inactiveRetryAt = null;
  return { ...limit, observedAt: now };
}

function correct(
  limit: RateLimit,
  { window, usage }: Counter,
  place: Place,
  reading: RateLimitReading | undefined,
): number {
  const told = reading?.[usage] ?? 0;
  const start = START[window];
  if (place[start].getTime() === limit[start].getTime()) {
    return Math.max(
      limit[usage],
      told + limit.requestCount - place.requestCount,
    );
  }
  // Sent in the window before, it may count in either; of the old one the counter says nothing now.
  const isOfThis = told < place.usage[usage];
  return Math.max(limit[usage] + 1, isOfThis ? told : 0);
}
