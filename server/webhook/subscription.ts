import {
  claimSubscription,
  updateKnownSubscription,
} from "../../db/webhook_subscriptions.ts";
import type { Deps } from "../context.ts";
import { StravaError } from "../strava/errors.ts";
import { getCallbackUrl } from "./address.ts";

const MINUTE_MS = 60 * 1000;
/** Interval between two checks, in milliseconds. */
const CHECK_MS = 60 * MINUTE_MS;
/** Pause after a failed check, in milliseconds. */
const RETRY_MS = 5 * MINUTE_MS;

/** The dependencies to manage the subscription. It needs no athlete and no database. */
export type SubscriptionDeps = Pick<Deps, "config" | "strava">;

/** The application's subscription, and the change that was necessary. */
export interface EnsuredSubscription {
  id: number;
  done: "nothing" | "created" | "replaced";
}

/**
 * Ensures that the application's one subscription points to this server. Creates a missing one and
 * replaces one with another address.
 *
 * @throws {StravaError} `refused` if Strava could not reach the callback.
 */
export async function ensureSubscription(
  { config, strava }: SubscriptionDeps,
): Promise<EnsuredSubscription> {
  const { webhook } = config;
  const url = getCallbackUrl(config);
  if (!webhook || !url) throw new Error("Webhooks are off");
  const found = await strava.listSubscriptions();
  const own = found.find((each) => each.callback_url === url);
  if (own) return { id: own.id, done: "nothing" };
  for (const { id } of found) await strava.deleteSubscription(id);
  const { verifyToken } = webhook;
  const { id } = await strava.createSubscription({
    callbackUrl: url,
    verifyToken,
  });
  return { id, done: found.length > 0 ? "replaced" : "created" };
}

/**
 * Ensures the subscription if a check is due or with `force`, in only one of several processes. A
 * failure at Strava is logged, and the next check follows after {@link RETRY_MS}.
 */
export async function maintainSubscription(
  deps: Deps,
  { force = false } = {},
): Promise<void> {
  const { sql, config, now, log } = deps;
  if (!config.webhook) return;
  const { clientId } = config.strava;
  const claimedAt = new Date(now());
  if (!await claimSubscription(sql, { clientId, force, now: claimedAt })) {
    return;
  }
  try {
    const { id, done } = await ensureSubscription(deps);
    const at = new Date(now());
    await updateKnownSubscription(sql, {
      clientId,
      checked: { id },
      nextCheckAt: new Date(at.getTime() + CHECK_MS),
      now: at,
    });
    if (done === "nothing") log.debug("Subscription {id} is unchanged", { id });
    else {
      log.info("Subscription {id} at Strava was {done}", { id, done });
    }
  } catch (cause) {
    const at = new Date(now());
    await updateKnownSubscription(sql, {
      clientId,
      // The known id stays: Strava may only be unavailable.
      nextCheckAt: new Date(at.getTime() + RETRY_MS),
      now: at,
    });
    if (!(cause instanceof StravaError)) throw cause;
    log.warning("Could not check the subscription at Strava: {reason}", {
      reason: cause.message,
    });
  }
}

/** Reloads the subscription from Strava, after an event of an unknown one. */
export async function reloadSubscription(deps: Deps): Promise<void> {
  const { sql, strava, config, now } = deps;
  const { clientId } = config.strava;
  const url = getCallbackUrl(config);
  const found = await strava.listSubscriptions();
  const own = found.find((each) => each.callback_url === url);
  const at = new Date(now());
  await updateKnownSubscription(sql, {
    clientId,
    checked: { id: own?.id ?? null },
    // A missing subscription is created at the next tick.
    nextCheckAt: own ? new Date(at.getTime() + CHECK_MS) : at,
    now: at,
  });
}
