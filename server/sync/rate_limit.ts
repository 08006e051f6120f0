import {
  changeRateLimit,
  getRateLimit,
  type RateLimit,
} from "../../db/rate_limit.ts";
import { type Deps, retryWhileUnavailable } from "../context.ts";
import {
  computeWindowPause,
  correctUsage,
  countRequest,
  findReset,
  findShutOut,
  findSpentWindow,
  type Priority,
  type RequestResult,
  type Reservation,
  rollWindows,
  type SpentWindow,
  type Window,
} from "./rate_windows.ts";
import { StravaError } from "../strava/errors.ts";

type RateLimitDeps = Pick<Deps, "sql" | "strava" | "now">;

const WINDOW_NAME = { short: "quarter-hour", daily: "daily" };
const HOUR_MS = 60 * 60 * 1000;

/**
 * Counts a request before it is sent, for every process on the database.
 *
 * @throws {StravaError} `rate_limited` or `app_inactive` if it must not be sent.
 */
export async function reserveRequest(
  deps: RateLimitDeps,
  { priority }: { priority: Priority },
): Promise<Reservation> {
  const { sql, strava: { app } } = deps;
  const reserved = await changeRateLimit(
    sql,
    app,
    (limit) => countRequest(limit, { priority, ...readClock(deps) }),
  );
  if (reserved.kind === "reserved") return reserved.reservation;
  if (reserved.kind === "inactive") {
    throw new StravaError(
      "app_inactive",
      "Strava has closed its API to this application. Paceline tries again once an hour: see https://www.strava.com/settings/api",
    );
  }
  const name = WINDOW_NAME[reserved.window];
  throw new StravaError(
    "rate_limited",
    reserved.kind === "spent"
      ? `Strava's ${name} limit is used up`
      : `The rest of Strava's ${name} limit is reserved for new activities`,
  );
}

/** Corrects the count by a request's result. Without a response it stays counted. */
export async function settleRequest(
  deps: Pick<Deps, "sql" | "strava" | "now" | "log" | "background" | "sleep">,
  { reservation, result }: { reservation: Reservation; result: RequestResult },
): Promise<void> {
  const { sql, strava: { app }, log } = deps;
  const store = (): Promise<{ before: RateLimit; after: RateLimit }> =>
    changeRateLimit(sql, app, (before) => {
      const change = { reservation, result, ...readClock(deps) };
      const after = correctUsage(before, change);
      return { limit: after, result: { before, after } };
    });
  // Other processes must learn of a refusal. A lost reading is replaced by the next.
  const mustBeKept = result.outcome === "rate_limited" ||
    result.outcome === "app_inactive";
  try {
    const { before, after } = mustBeKept
      ? await retryWhileUnavailable(deps, store)
      : await store();
    if (!before.inactiveSince && after.inactiveSince) {
      log.error(
        "Strava has closed its API to application {clientId}: syncs stop until it opens again. See https://www.strava.com/settings/api",
        { clientId: app.clientId },
      );
    }
    if (before.inactiveSince && !after.inactiveSince) {
      const { clientId } = app;
      log.info("Strava has opened its API to application {clientId} again", {
        clientId,
      });
    }
  } catch (cause) {
    log.error("Could not store the rate limit", { cause });
  }
}

/** Returns the used-up window that blocks requests of this priority, as far as is known. */
export async function getSpentWindow(
  deps: RateLimitDeps,
  { priority = "fresh" }: { priority?: Priority } = {},
): Promise<SpentWindow | undefined> {
  const limit = await getRateLimit(deps.sql, deps.strava.app);
  return limit && findSpentWindow(limit, { priority, ...readClock(deps) });
}

/** Returns when to try again after a refusal by Strava or by our rate limit, in epoch milliseconds. */
export async function findNextTry(
  deps: RateLimitDeps,
  { kind }: { kind: "rate_limited" | "app_inactive" },
): Promise<number> {
  const now = deps.now();
  const limit = await getRateLimit(deps.sql, deps.strava.app);
  if (kind === "app_inactive") {
    return limit && findShutOut(limit, { now }) || now + HOUR_MS;
  }
  const clock = readClock(deps);
  const fresh = limit &&
    findSpentWindow(limit, { priority: "fresh", ...clock });
  if (fresh) return fresh.endsAt;
  const history = limit &&
    findSpentWindow(limit, { priority: "history", ...clock });
  // New activities may still be fetched: they must not wait for the end of the day.
  if (history) return Math.min(history.endsAt, now + HOUR_MS);
  return now + HOUR_MS / 4;
}

/** Reports whether Strava has shut the application out and it is too early to try again. */
export async function isShutOut(
  { sql, strava, now }: RateLimitDeps,
): Promise<boolean> {
  const limit = await getRateLimit(sql, strava.app);
  return limit !== undefined &&
    findShutOut(limit, { now: now() }) !== undefined;
}

/** Returns since when Strava's API is closed to the application; null while it is open. */
export async function getInactiveSince(
  { sql, strava }: Pick<RateLimitDeps, "sql" | "strava">,
): Promise<Date | null> {
  return (await getRateLimit(sql, strava.app))?.inactiveSince ?? null;
}

/** The rate limit as of now, and when its windows are reset. */
export interface RateLimitStatus {
  limit: RateLimit;
  resetsAt: Record<Window, Date>;
}

/** Returns the current status; `undefined` before the first request. */
export async function getRateLimitStatus(
  deps: RateLimitDeps,
): Promise<RateLimitStatus | undefined> {
  const stored = await getRateLimit(deps.sql, deps.strava.app);
  if (!stored) return undefined;
  const clock = readClock(deps);
  const limit = rollWindows(stored, clock);
  const reset = (window: Window): Date =>
    new Date(findReset(limit, { ...clock, window }));
  return {
    limit,
    resetsAt: { short: reset("short"), daily: reset("daily") },
  };
}

function readClock(
  { strava, now }: Pick<RateLimitDeps, "strava" | "now">,
): { now: number; pauseMs: number } {
  return { now: now(), pauseMs: computeWindowPause(strava.app.clientId) };
}
