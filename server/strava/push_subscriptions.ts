import * as z from "zod";
import type { StravaApp } from "./app.ts";
import { StravaError } from "./errors.ts";
import { Subscription } from "./schemas.ts";
import type { SendRequest } from "./send_request.ts";

/** Returns the application's push subscriptions. Strava allows one. */
export async function listSubscriptions(
  send: SendRequest,
  app: StravaApp,
): Promise<Subscription[]> {
  const url = createCredentialUrl(app, "");
  return z.array(Subscription).parse(
    await dropCause(() => send(url)),
  );
}

/** Subscribes the callback. Strava validates it with a challenge before it answers. */
export async function createSubscription(
  send: SendRequest,
  app: StravaApp,
  { callbackUrl, verifyToken }: { callbackUrl: string; verifyToken: string },
): Promise<Subscription> {
  const body = new URLSearchParams({
    client_id: app.clientId,
    client_secret: app.clientSecret,
    callback_url: callbackUrl,
    verify_token: verifyToken,
  });
  const url = `${app.apiUrl}/push_subscriptions`;
  return Subscription.parse(
    await send(url, { method: "POST", body }),
  );
}

/** Deletes a subscription. Accepts an id that Strava no longer has. */
export async function deleteSubscription(
  send: SendRequest,
  app: StravaApp,
  { id }: { id: number },
): Promise<void> {
  const url = createCredentialUrl(app, `/${id}`);
  const options = { method: "DELETE", ignoreBody: true };
  await dropCause(() => send(url, options)).catch((error) => {
    if (error instanceof StravaError && error.kind === "not_found") return;
    throw error;
  });
}

/**
 * Returns an address with the credentials in its query, as Strava requires it for these requests. It
 * must never be logged.
 */
function createCredentialUrl(
  { apiUrl, clientId, clientSecret }: StravaApp,
  path: string,
): string {
  const query = new URLSearchParams({
    client_id: clientId,
    client_secret: clientSecret,
  });
  return `${apiUrl}/push_subscriptions${path}?${query}`;
}

/** Drops the cause of a failure, because a connection error contains the whole address. */
async function dropCause<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof StravaError)) throw error;
    throw new StravaError(error.kind, error.message, { status: error.status });
  }
}
