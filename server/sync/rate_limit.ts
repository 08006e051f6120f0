import {
  changeRateLimit,
  getRateLimit,
  type RateLimit,
} from "../../db/rate_limit.ts";
import type { Deps } from "../context.ts";
import { retryWhileUnavailable } from "../database_retry.ts";
import {
  type Answer,
  findShutOut,
  findSpentWindow,
  pauseAfterWindow,
  type Place,
  type Priority,
  reserveRequest as take,
  resetOf,
  settleRequest as settle,
  type SpentWindow,
  turn,
  type Window,
} from "./rate_windows.ts";
import { StravaError } from "../strava/errors.ts";

type RateLimitDeps = Pick<Deps, "sql" | "strava" | "now">;

const WINDOW_NAME = { short: "quarter-hour", daily: "daily" };
const HOUR_MS = 60 * 60 * 1000;

/**
 * Counts a request that is about to go out, for every process on the database.
 *
 * @throws {StravaError} `rate_limited` or `app_inactive`: it must not go out.
 */
export async function reserveRequest(
  deps: RateLimitDeps,
  { priority }: { priority: Priority },
): Promise<Place> {
  const { sql, strava: { app } } = deps;
  const verdict = await changeRateLimit(
    sql,
    app,
    (limit) => take(limit, { priority, ...readClock(deps) }),
  );
  if (verdict.kind === "place") return verdict.place;
  if (verdict.kind === "inactive") {
    throw new StravaError(
      "app_inactive",
      "Strava has closed its API to this application: it is asked again once an hour, see https://www.strava.com/settings/api",
    );
  }
  const name = WINDOW_NAME[verdict.window];
  throw new StravaError(
    "rate_limited",
    verdict.kind === "spent"
      ? `Strava's ${name} limit is used up`
      : `The rest of Strava's ${name} limit is kept for what is new`,
  );
}

/** Corrects the count by the answer, or by the want of one. */
export async function settleRequest(
  deps: Pick<Deps, "sql" | "strava" | "now" | "log" | "background" | "sleep">,
  { place, answer }: { place: Place; answer: Answer },
): Promise<void> {
  const { sql, strava: { app }, log } = deps;
  const store = (): Promise<{ before: RateLimit; after: RateLimit }> =>
    changeRateLimit(sql, app, (before) => {
      const after = settle(before, { place, answer, ...readClock(deps) });
      return { limit: after, result: { before, after } };
    });
  // A refusal must reach the others; a reading that is lost is replaced by the next.
  const mustBeKept = answer.outcome === "rate_limited" ||
    answer.outcome === "app_inactive";
  try {
    const { before, after } = mustBeKept
      ? await retryWhileUnavailable(deps, store)
      : await store();
    if (!before.inactiveSince && after.inactiveSince) {
      log.error(
        "Strava has closed its API to application {clientId}: no sync until it answers again. See https://www.strava.com/settings/api",
        { clientId: app.clientId },
      );
    }
    if (before.inactiveSince && !after.inactiveSince) {
      const { clientId } = app;
      log.info("Strava answers application {clientId} again", { clientId });
    }
  } catch (cause) {
    log.error("Cannot store the rate limit", { cause });
  }
}

/** The window that leaves no room for such a request, as far as is known, until it ends. */
export async function getSpentWindow(
  deps: RateLimitDeps,
  { priority = "fresh" }: { priority?: Priority } = {},
): Promise<SpentWindow | undefined> {
  const limit = await getRateLimit(deps.sql, deps.strava.app);
  return limit && findSpentWindow(limit, { priority, ...readClock(deps) });
}

/** When Strava may be asked again after it, or the budget, has refused; in milliseconds. */
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
  // What is new has room: it need not wait for a day's end with the history.
  if (history) return Math.min(history.endsAt, now + HOUR_MS);
  return now + HOUR_MS / 4;
}

/** Whether Strava has shut the application out and need not be asked about it yet. */
export async function isShutOut(
  { sql, strava, now }: RateLimitDeps,
): Promise<boolean> {
  const limit = await getRateLimit(sql, strava.app);
  return limit !== undefined &&
    findShutOut(limit, { now: now() }) !== undefined;
}

/** Since when Strava has closed its API to the application; null while it is open. */
export async function getInactiveSince(
  { sql, strava }: Pick<RateLimitDeps, "sql" | "strava">,
): Promise<Date | null> {
  return (await getRateLimit(sql, strava.app))?.inactiveSince ?? null;
}

/** The budget as it stands now, and when its windows begin anew. */
export interface RateLimitStatus {
  limit: RateLimit;
  resetsAt: Record<Window, Date>;
}

/** `undefined` before the first request. */
export async function getRateLimitStatus(
  deps: RateLimitDeps,
): Promise<RateLimitStatus | undefined> {
  const stored = await getRateLimit(deps.sql, deps.strava.app);
  if (!stored) return undefined;
  const clock = readClock(deps);
  const limit = turn(stored, clock);
  const reset = (window: Window): Date =>
    new Date(resetOf(limit, { ...clock, window }));
  return {
    limit,
    resetsAt: { short: reset("short"), daily: reset("daily") },
  };
}

function readClock(
  { strava, now }: Pick<RateLimitDeps, "strava" | "now">,
): { now: number; pauseMs: number } {
  return { now: now(), pauseMs: pauseAfterWindow(strava.app.clientId) };
}
