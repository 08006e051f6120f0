import { reserveRequest, settleRequest } from "./rate_limit.ts";
import type { Deps } from "../context.ts";
import type { Answer, Place, Priority } from "./rate_windows.ts";
import { StravaError } from "../strava/errors.ts";
import type { RateLimitReading } from "../strava/rate_limit_headers.ts";
import { getAccessToken, getStoredToken } from "../grants/grants.ts";

/** Pauses before Strava is asked again, when the connection or Strava failed. */
const RETRY_PAUSES_MS = [1000, 4000];

/** What a request is sent with: all of it goes to the client. */
export interface AskOptions {
  accessToken: string;
  signal: AbortSignal;
  /** Is told how much of the budget Strava says is used. */
  onRateLimit: (reading: RateLimitReading) => void;
}

/** What a question to Strava needs, whatever it asks for. */
export interface Question<T> {
  athleteId: number;
  /** Whether it may use the whole budget, or leaves a reserve. */
  priority: Priority;
  /** Sends one request. */
  ask: (options: AskOptions) => Promise<T>;
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
  { athleteId, priority, ask, beforeRetry = async () => {} }: Question<T>,
): Promise<T> {
  const { signal } = deps.background;
  let accessToken: string | undefined;
  let rejected: string | undefined;
  for (let attempt = 0;; attempt++) {
    signal.throwIfAborted();
    if (attempt > 0) await beforeRetry();
    try {
      // Whose grant is dead takes no place, and a refusal by the budget costs no refresh.
      const stored = await getStoredToken(deps, { athleteId, rejected });
      const place = await reserveRequest(deps, { priority });
      return await settled(deps, place, async (onRateLimit) => {
        accessToken = stored ??
          await getAccessToken(deps, { athleteId, rejected });
        return await ask({ accessToken, signal, onRateLimit });
      });
    } catch (error) {
      if (!(error instanceof StravaError)) throw error;
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

/** Does what the place was taken for, and settles the place whatever comes of it. */
async function settled<T>(
  deps: Deps,
  place: Place,
  work: (onRateLimit: AskOptions["onRateLimit"]) => Promise<T>,
): Promise<T> {
  const answer: Answer = { outcome: "other" };
  try {
    const value = await work((reading) => {
      answer.reading = reading;
    });
    answer.outcome = "given";
    return value;
  } catch (error) {
    const kind = error instanceof StravaError ? error.kind : undefined;
    if (kind === "rate_limited" || kind === "app_inactive") {
      answer.outcome = kind;
    }
    // To a closed application Strava says 403 whatever it asks for.
    if (kind === "not_found") answer.outcome = "given";
    throw error;
  } finally {
    await settleRequest(deps, { place, answer });
  }
}

function isPassing(error: StravaError): boolean {
  return error.kind === "unreachable" || error.kind === "unavailable";
}
