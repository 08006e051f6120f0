import {
  type ClaimedEvent,
  dropUnknownSubscriptionEvents,
  type EventClaim,
  postponeEvents,
} from "../../db/webhook_claims.ts";
import { getKnownSubscription } from "../../db/webhook_subscriptions.ts";
import type { Deps } from "../context.ts";
import { reloadSubscription } from "./subscription.ts";

/** Minimum time between two reloads that events of an unknown subscription cause. */
const RELOAD_INTERVAL_MS = 60 * 1000;

/**
 * Drops events that do not belong to the application's subscription, and returns the others.
 *
 * Before an event is dropped, the subscription is reloaded from Strava, but at most once a minute.
 * Until then all events of the claim are postponed, and the result is empty.
 */
export async function dropUnknownSubscription(
  deps: Deps,
  claim: EventClaim,
): Promise<ClaimedEvent[]> {
  const { sql, config } = deps;
  const { clientId } = config.strava;
  let known = await getKnownSubscription(sql, { clientId });
  // An event that was tried before came from the subscription of that time, which may be replaced now.
  const isKnown = ({ attempts, subscriptionId }: ClaimedEvent): boolean =>
    attempts > 0 || subscriptionId === known?.id;
  const unknown = claim.events.filter((event) => !isKnown(event));
  if (unknown.length === 0) return claim.events;
  const checkedAt = known?.checkedAt?.getTime() ?? -Infinity;
  if (unknown.some(({ receivedAt }) => receivedAt.getTime() > checkedAt)) {
    const until = checkedAt + RELOAD_INTERVAL_MS;
    if (until > deps.now()) {
      await postponeEvents(sql, { ...claim, until: new Date(until) });
      return [];
    }
    await reloadSubscription(deps);
    known = await getKnownSubscription(sql, { clientId });
  }
  const count = await dropUnknownSubscriptionEvents(sql, {
    ...claim,
    subscriptionId: known?.id ?? null,
    now: new Date(deps.now()),
  });
  if (count > 0) {
    deps.log.warning("Dropped {count} events of an unknown subscription", {
      count,
    });
  }
  return claim.events.filter(isKnown);
}
