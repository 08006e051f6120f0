import { getRateLimit, upsertRateLimit } from "../db/rate_limit.ts";
import type { Deps } from "./context.ts";
import { StravaError } from "./strava/errors.ts";
import { spentWindow, windowEnd } from "./strava/rate_limit.ts";

/** A window of the budget that all processes share, with nothing left in it. */
export interface SpentWindow {
  window: "short" | "daily";
  /** When requests make sense again, in milliseconds. */
  endsAt: number;
}

type BudgetDeps = Pick<Deps, "sql" | "strava" | "now">;

const WINDOW_NAME = { short: "quarter-hour", daily: "daily" };

/** What an answer says that says nothing. */
const UNKNOWN_LIMIT = {
  shortLimit: null,
  shortUsage: null,
  dailyLimit: null,
  dailyUsage: null,
  readShortLimit: null,
  readShortUsage: null,
  readDailyLimit: null,
  readDailyUsage: null,
};

/** The window that is spent as far as is known, until it ends. */
export async function getSpentWindow(
  { sql, strava, now }: BudgetDeps,
): Promise<SpentWindow | undefined> {
  const limit = await getRateLimit(sql, { clientId: strava.app.clientId });
  const window = limit && spentWindow(limit);
  if (!window) return undefined;
  const endsAt = windowEnd(window, limit.observedAt.getTime());
  return endsAt > now() ? { window, endsAt } : undefined;
}

/** No request goes out while a window of the shared budget is known to be spent. */
export async function refuseWhenSpent(deps: BudgetDeps): Promise<void> {
  const spent = await getSpentWindow(deps);
  if (!spent) return;
  throw new StravaError(
    "rate_limited",
    `Strava's ${WINDOW_NAME[spent.window]} limit is used up`,
  );
}

/**
 * Remembers a refusal for every process, although its headers are missing or do not show a spent
 * window: it is then taken for the quarter hour's.
 */
export async function recordRefusal(deps: BudgetDeps): Promise<void> {
  if (await getSpentWindow(deps)) return;
  const { sql, strava, now } = deps;
  const { clientId } = strava.app;
  const limit = await getRateLimit(sql, { clientId });
  const shortLimit = limit?.shortLimit ?? 0;
  await upsertRateLimit(sql, {
    clientId,
    // What was used in another window says nothing about this one.
    ...UNKNOWN_LIMIT,
    shortLimit,
    shortUsage: shortLimit,
    observedAt: new Date(now()),
  });
}
