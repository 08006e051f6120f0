import {
  dropStrangeEvents,
  type EventClaim,
  postponeEvents,
  type WaitingEvent,
} from "../../db/webhook_claims.ts";
import { getKnownSubscription } from "../../db/webhook_subscriptions.ts";
import type { Deps } from "../context.ts";
import { reloadSubscription } from "./subscription.ts";

/** An unknown subscription makes us ask Strava so often at most. */
const RELOAD_MS = 60 * 1000;

/**
 * Drops events of another subscription than ours. Before that Strava is asked once which is ours
 * now, but at most once a minute: until then they wait.
 */
export async function leaveOutStrange(
  deps: Deps,
  claim: EventClaim,
): Promise<WaitingEvent[]> {
  const { sql, config } = deps;
  const { clientId } = config.strava;
  let known = await getKnownSubscription(sql, { clientId });
  // What was tried before was of our subscription then, which another may have replaced since.
  const isOurs = ({ attempts, subscriptionId }: WaitingEvent): boolean =>
    attempts > 0 || subscriptionId === known?.id;
  const strange = claim.events.filter((event) => !isOurs(event));
  if (strange.length === 0) return claim.events;
  const checkedAt = known?.checkedAt?.getTime() ?? -Infinity;
  if (strange.some(({ receivedAt }) => receivedAt.getTime() > checkedAt)) {
    const until = checkedAt + RELOAD_MS;
    if (until > deps.now()) {
      await postponeEvents(sql, { ...claim, until: new Date(until) });
      return [];
    }
    await reloadSubscription(deps);
    known = await getKnownSubscription(sql, { clientId });
  }
  const count = await dropStrangeEvents(sql, {
    ...claim,
    subscriptionId: known?.id ?? null,
    now: new Date(deps.now()),
  });
  if (count > 0) {
    deps.log.warning("Dropped {count} events of an unknown subscription", {
      count,
    });
  }
  return claim.events.filter(isOurs);
}
