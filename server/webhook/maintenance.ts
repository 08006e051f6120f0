import { deleteProcessedEvents } from "../../db/webhook_events.ts";
import type { Deps } from "../context.ts";
import { deleteDeauthorizedAthletes } from "../grants/deauthorize.ts";
import { processEvents } from "./process_events.ts";
import { maintainSubscription } from "./subscription.ts";

/**
 * Time that processed events are kept. Strava repeats an event within minutes, and the rest of the
 * time is for an administrator who looks into what happened.
 */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Runs the periodic work of push events: checks the subscription, processes events that waited or that
 * a crash left behind, deletes the data of athletes whose grace period is over, and deletes old
 * events. A failure of one does not stop the others.
 *
 * @throws The first failure, after all of them have ended.
 */
export async function maintainWebhooks(
  deps: Deps,
  { isStart = false } = {},
): Promise<void> {
  const { sql, now } = deps;
  const results = await Promise.allSettled([
    maintainSubscription(deps, { force: isStart }),
    processEvents(deps),
    deleteDeauthorizedAthletes(deps),
    deleteProcessedEvents(sql, { before: new Date(now() - KEEP_MS) }),
  ]);
  for (const result of results) {
    if (result.status === "rejected") throw result.reason;
  }
}
