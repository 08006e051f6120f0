import { reserveRequest, settleRequest } from "./rate_limit.ts";
import type { Deps } from "../context.ts";
import type { Priority, RequestResult, Reservation } from "./rate_windows.ts";
import { StravaError } from "../strava/errors.ts";
import type { RateLimitReading } from "../strava/rate_limit_headers.ts";
import { getAccessToken, getStoredToken } from "../grants/token_refresh.ts";

/** Pauses before retries after a failure of the connection or of Strava, in milliseconds. */
const RETRY_PAUSES_MS = [1000, 4000];

/** Options that every request passes to the client. */
export interface RequestOptions {
  accessToken: string;
  signal: AbortSignal;
  /** Receives the rate limit in Strava's response headers. */
  onRateLimit: (reading: RateLimitReading) => void;
}

/** A request to Strava on an athlete's behalf. */
export interface StravaRequest<T> {
  athleteId: number;
  /** Whether it may use the whole rate limit or leaves the reserve. */
  priority: Priority;
  /** Sends the request. */
  send: (options: RequestOptions) => Promise<T>;
  /** Runs before each retry, for example to renew a lease. */
  beforeRetry?: () => Promise<void>;
}

/**
 * Sends a request to Strava within the rate limit and with a valid token. Retries after a pause when
 * the connection or Strava fails, and once with a new token when Strava refuses the token.
 *
 * @throws {StravaError} The last failure.
 */
export async function requestStrava<T>(
  deps: Deps,
  { athleteId, priority, send, beforeRetry = async () => {} }: StravaRequest<T>,
): Promise<T> {
  const { signal } = deps.background;
  let accessToken: string | undefined;
  let rejected: string | undefined;
  for (let attempt = 0;; attempt++) {
    signal.throwIfAborted();
    if (attempt > 0) await beforeRetry();
    try {
      // In this order: a dead grant uses no request, and a used-up rate limit costs no token refresh.
      const stored = await getStoredToken(deps, {
        athleteId,
        rejectedToken: rejected,
      });
      const reservation = await reserveRequest(deps, { priority });
      return await settle(deps, reservation, async (onRateLimit) => {
        accessToken = stored ??
          await getAccessToken(deps, { athleteId, rejectedToken: rejected });
        return await send({ accessToken, signal, onRateLimit });
      });
    } catch (error) {
      if (!(error instanceof StravaError)) throw error;
      const pause = RETRY_PAUSES_MS[attempt];
      const isNewlyRejected = error.kind === "unauthorized" &&
        accessToken !== undefined && rejected === undefined;
      if (isNewlyRejected) rejected = accessToken;
      else if (isTransient(error) && pause !== undefined) {
        await deps.sleep(pause, signal);
      } else throw error;
    }
  }
}

/** Runs the request of a reservation and settles the reservation, also on failure. */
async function settle<T>(
  deps: Deps,
  reservation: Reservation,
  work: (onRateLimit: RequestOptions["onRateLimit"]) => Promise<T>,
): Promise<T> {
  const result: RequestResult = { outcome: "other" };
  try {
    const value = await work((reading) => {
      result.reading = reading;
    });
    result.outcome = "given";
    return value;
  } catch (error) {
    const kind = error instanceof StravaError ? error.kind : undefined;
    if (kind === "rate_limited" || kind === "app_inactive") {
      result.outcome = kind;
    }
    // A closed application gets 403 for everything, so a 404 means that it is open.
    if (kind === "not_found") result.outcome = "given";
    throw error;
  } finally {
    await settleRequest(deps, { reservation, result });
  }
}

function isTransient(error: StravaError): boolean {
  return error.kind === "unreachable" || error.kind === "unavailable";
}
