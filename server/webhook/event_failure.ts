import { isDatabaseUnavailable } from "../../db/driver/errors.ts";
import { type EventClaim, postponeEvents } from "../../db/webhook_claims.ts";
import type { Deps } from "../context.ts";
import { StravaError } from "../strava/errors.ts";
import { findNextTry } from "../sync/rate_limit.ts";
import { EventLeaseLostError, finishClaim, retryClaim } from "./event_lease.ts";

/** Shortest and longest pause after a failed connection to Strava, which does not count as an attempt. */
const MIN_PAUSE_MS = 60 * 1000;
const MAX_PAUSE_MS = 60 * MIN_PAUSE_MS;
/** Age from which on a failed connection counts, so that one activity is not requested for ever. */
const MAX_AGE_MS = 24 * MAX_PAUSE_MS;

/**
 * Schedules the next attempt for the events of a claim that failed. Returns whether to continue with
 * the athlete's other events now.
 *
 * @throws The error itself if the database is unavailable.
 */
export async function handleFailure(
  deps: Deps,
  claim: EventClaim,
  error: unknown,
): Promise<boolean> {
  const { sql, log, background } = deps;
  if (error instanceof EventLeaseLostError) return true;
  if (isDatabaseUnavailable(error)) throw error;
  const now = deps.now();
  const postpone = (until: number): Promise<void> =>
    postponeEvents(sql, { ...claim, until: new Date(until) });
  if (background.signal.aborted) {
    await postpone(now);
    return false;
  }
  const { athleteId, objectType, objectId } = claim;
  const fields = { athleteId, objectType, objectId, cause: error };
  const kind = error instanceof StravaError ? error.kind : "internal";
  switch (kind) {
    case "rate_limited":
    case "app_inactive": {
      const until = await findNextTry(deps, { kind });
      await postpone(until);
      log.info("Push events wait for Strava until {until}: {kind}", {
        until: new Date(until),
        kind,
      });
      return kind === "rate_limited";
    }
    case "unreachable": {
      const age = now - Math.min(...claim.events.map(toReceivedMs));
      if (age > MAX_AGE_MS) break;
      await postpone(now + Math.min(Math.max(age, MIN_PAUSE_MS), MAX_PAUSE_MS));
      log.warning("Push events wait: {kind}", { kind, ...fields });
      return false;
    }
    case "unauthorized":
    case "scope_missing":
      // Connecting again schedules a full sync.
      await finishClaim(sql, deps, { claim, outcome: "ignored" });
      log.warning("Push event ignored: {kind}", { kind, ...fields });
      return true;
  }
  const remaining = await retryClaim(sql, deps, claim);
  const next = remaining > 0 ? "will retry" : "left to the next full sync";
  const level = kind === "internal" ? "error" : "warning";
  log[level]("Push event failed: {kind}, {next}", { kind, next, ...fields });
  return true;
}

function toReceivedMs({ receivedAt }: EventClaim["events"][number]): number {
  return receivedAt.getTime();
}
