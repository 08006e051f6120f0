import type { Sql } from "../../db/driver/client.ts";
import {
  type EventClaim,
  finishEvents,
  renewEventLease,
  retryEvents,
} from "../../db/webhook_claims.ts";
import type { EventOutcome } from "../../db/webhook_events.ts";
import type { Deps } from "../context.ts";

/** Pauses before retries. After the last one, the next full sync brings the activity up to date. */
const RETRY_PAUSES_MINUTES = [1, 5, 15, 45];

/** Thrown when another process has claimed the events. This one must write nothing for them. */
export class EventLeaseLostError extends Error {
  override name = "EventLeaseLostError";

  constructor() {
    super("Another process has claimed these events");
  }
}

/** Renews the lease of a claim. @throws {EventLeaseLostError} */
export async function renewClaim(
  { sql, now }: Deps,
  { athleteId, lease }: EventClaim,
): Promise<void> {
  const at = new Date(now());
  if (!await renewEventLease(sql, { athleteId, lease, now: at })) {
    throw new EventLeaseLostError();
  }
}

/** Marks the events of a claim as processed. @throws {EventLeaseLostError} */
export async function finishClaim(
  sql: Sql,
  { now }: Deps,
  { claim, outcome }: { claim: EventClaim; outcome: EventOutcome },
): Promise<void> {
  const { athleteId, lease } = claim;
  const at = new Date(now());
  if (!await finishEvents(sql, { athleteId, lease, outcome, now: at })) {
    throw new EventLeaseLostError();
  }
}

/**
 * Schedules another attempt, or gives up after the last pause. Returns the number of events that will
 * be tried again.
 *
 * @throws {EventLeaseLostError}
 */
export async function retryClaim(
  sql: Sql,
  { now }: Deps,
  { athleteId, lease }: EventClaim,
): Promise<number> {
  const remaining = await retryEvents(sql, {
    athleteId,
    lease,
    pausesMinutes: RETRY_PAUSES_MINUTES,
    outcome: "given_up",
    now: new Date(now()),
  });
  if (remaining === undefined) throw new EventLeaseLostError();
  return remaining;
}
