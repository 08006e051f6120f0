import { recordRefusal, refuseWhenSpent } from "./budget.ts";
import type { Deps } from "./context.ts";
import { StravaError } from "./strava/errors.ts";
import { getAccessToken } from "./tokens.ts";

/** Pauses before Strava is asked again, when the connection or Strava failed. */
const RETRY_PAUSES_MS = [1000, 4000];

/** What a question to Strava needs, whatever it asks for. */
export interface Question<T> {
  athleteId: number;
  /** Sends the request. */
  ask: (
    options: { accessToken: string; signal: AbortSignal },
  ) => Promise<T>;
  /** Runs before each further attempt, such as to hold a lease meanwhile. */
  beforeRetry?: () => Promise<void>;
}

/**
 * Asks Strava something on the athlete's behalf: within the budget, with a good token, again after
 * a pause where the connection or Strava failed, and once with a new token where it refused this
 * one.
 *
 * @throws {StravaError} What Strava answered in the end.
 */
export async function askStrava<T>(
  deps: Deps,
  { athleteId, ask, beforeRetry = async () => {} }: Question<T>,
): Promise<T> {
  const { signal } = deps.background;
  let accessToken: string | undefined;
  let rejected: string | undefined;
  for (let attempt = 0;; attempt++) {
    signal.throwIfAborted();
    if (attempt > 0) await beforeRetry();
    try {
      await refuseWhenSpent(deps);
      accessToken = await getAccessToken(deps, { athleteId, rejected });
      return await ask({ accessToken, signal });
    } catch (error) {
      if (!(error instanceof StravaError)) throw error;
      if (error.kind === "rate_limited") await recordRefusal(deps);
      const pause = RETRY_PAUSES_MS[attempt];
      const isNewlyRejected = error.kind === "unauthorized" &&
        accessToken !== undefined && rejected === undefined;
      if (isNewlyRejected) rejected = accessToken;
      else if (isPassing(error) && pause !== undefined) {
        await deps.sleep(pause, signal);
      } else throw error;
    }
  }
}

function isPassing(error: StravaError): boolean {
  return error.kind === "unreachable" || error.kind === "unavailable";
}
