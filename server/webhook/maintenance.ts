import { deleteWorkedEvents } from "../../db/webhook_events.ts";
import type { Deps } from "../context.ts";
import { deleteLeftAthletes } from "../grants/deauthorize.ts";
import { maintainSubscription } from "./subscription.ts";
import { workEvents } from "./process_events.ts";

/** Strava delivers an event again within minutes; the rest is for whoever asks what happened. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * What the clock does for push events: looks after the subscription, works off what waited or was
 * left by a crash, deletes the data of athletes whose days of grace are over, and forgets old
 * events. One of these that fails stops no other.
 */
export async function maintainWebhooks(
  deps: Deps,
  { isStart = false } = {},
): Promise<void> {
  const { sql, now } = deps;
  const results = await Promise.allSettled([
    maintainSubscription(deps, { force: isStart }),
    workEvents(deps),
    deleteLeftAthletes(deps),
    deleteWorkedEvents(sql, { before: new Date(now() - KEEP_MS) }),
  ]);
  for (const result of results) {
    if (result.status === "rejected") throw result.reason;
  }
}
