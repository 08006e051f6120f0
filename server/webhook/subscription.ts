import {
  claimSubscription,
  updateKnownSubscription,
} from "../../db/webhook_subscriptions.ts";
import type { Deps } from "../context.ts";
import { StravaError } from "../strava/errors.ts";
import { callbackUrl } from "./address.ts";

const MINUTE_MS = 60 * 1000;
const CHECK_MS = 60 * MINUTE_MS;
const RETRY_MS = 5 * MINUTE_MS;

/** Talking to Strava about the subscription needs no athlete and no database. */
export type SubscriptionDeps = Pick<Deps, "config" | "strava" | "log">;

/** The application's subscription now, and what had to be done for it. */
export interface EnsuredSubscription {
  id: number;
  done: "nothing" | "created" | "replaced";
}

/**
 * Makes sure that the application's one subscription is ours: creates it where there is none, and
 * replaces one that leads elsewhere.
 *
 * @throws {StravaError} `refused` where Strava could not reach the callback.
 */
export async function ensureSubscription(
  { config, strava }: SubscriptionDeps,
): Promise<EnsuredSubscription> {
  const { webhook } = config;
  const url = callbackUrl(config);
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
 * Looks after the subscription, where that is due or `force` asks for it, in one process of any
 * number. What fails is logged and tried again after five minutes.
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
    if (done === "nothing") log.debug("Subscription {id} is there", { id });
    else {
      log.info("Subscription {id} at Strava was {done}", { id, done });
    }
  } catch (cause) {
    const at = new Date(now());
    await updateKnownSubscription(sql, {
      clientId,
      nextCheckAt: new Date(at.getTime() + RETRY_MS),
      now: at,
    });
    if (!(cause instanceof StravaError)) throw cause;
    // It may be there all the same: Strava may only be away.
    log.warning("Cannot ensure the subscription at Strava: {reason}", {
      reason: cause.message,
    });
  }
}

/** Asks Strava anew which subscription there is, for events that name another. */
export async function reloadSubscription(deps: Deps): Promise<void> {
  const { sql, strava, config, now } = deps;
  const { clientId } = config.strava;
  const url = callbackUrl(config);
  const found = await strava.listSubscriptions();
  const own = found.find((each) => each.callback_url === url);
  const at = new Date(now());
  await updateKnownSubscription(sql, {
    clientId,
    checked: { id: own?.id ?? null },
    // Should ours be lost, it is created at the next tick.
    nextCheckAt: own ? new Date(at.getTime() + CHECK_MS) : at,
    now: at,
  });
}
