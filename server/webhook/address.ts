import { createHmac } from "node:crypto";
import type { Config } from "../config.ts";

/** Below it stands the secret. */
export const WEBHOOK_PATH = "/strava/webhook";

/**
 * The last part of the callback's address, which only Strava is told: events carry no signature
 * that could be checked. It is made from `STATE_SECRET`, so there is nothing more to set, and every
 * process has the same.
 */
export function webhookSecret({ stateSecret }: Config): string {
  return createHmac("sha256", stateSecret).update("paceline webhook path")
    .digest("base64url");
}

/** The address that Strava sends events to; `undefined` where they are off. Never to be logged. */
export function callbackUrl(config: Config): string | undefined {
  if (!config.webhook) return undefined;
  const { publicUrl } = config.webhook;
  return `${publicUrl}${WEBHOOK_PATH}/${webhookSecret(config)}`;
}

/** An address or path without the secret that it may end in. */
export function hideSecret(address: string): string {
  const at = address.indexOf(`${WEBHOOK_PATH}/`);
  return at < 0 ? address : `${address.slice(0, at)}${WEBHOOK_PATH}/***`;
}
