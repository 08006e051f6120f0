import { createHmac } from "node:crypto";
import type { Config } from "../config.ts";

/** The path before the secret. */
export const WEBHOOK_PATH = "/strava/webhook";

/**
 * Returns the last part of the callback's address. Only Strava knows it, which authenticates events:
 * by default they have no signature to check. It is derived from `STATE_SECRET`, so it needs no
 * setting and is the same in every process.
 */
export function computeWebhookSecret({ stateSecret }: Config): string {
  return createHmac("sha256", stateSecret).update("paceline webhook path")
    .digest("base64url");
}

/**
 * Returns the address that Strava sends events to, or `undefined` if webhooks are off. It contains the
 * secret and must never be logged.
 */
export function getCallbackUrl(config: Config): string | undefined {
  if (!config.webhook) return undefined;
  return `${config.publicUrl}${WEBHOOK_PATH}/${computeWebhookSecret(config)}`;
}

/** Returns an address or a path with the secret replaced by `***`. */
export function hideSecret(address: string): string {
  const at = address.indexOf(`${WEBHOOK_PATH}/`);
  return at < 0 ? address : `${address.slice(0, at)}${WEBHOOK_PATH}/***`;
}
