import * as z from "zod";
import type { StravaRequest } from "./client.ts";
import { StravaError } from "./errors.ts";
import type { StravaApp } from "./oauth.ts";
import { Subscription } from "./schemas.ts";

/** The application, and where its push subscriptions are. */
export type SubscribingApp = StravaApp & { apiUrl: string };

/** The application's push subscriptions: one or none. */
export async function listSubscriptions(
  request: StravaRequest,
  app: SubscribingApp,
): Promise<Subscription[]> {
  const url = withCredentials(app, "");
  return z.array(Subscription).parse(
    await withoutAddress(() => request(url)),
  );
}

/** Subscribes. Before it answers, Strava asks the callback for the challenge. */
export async function createSubscription(
  request: StravaRequest,
  app: SubscribingApp,
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
    await request(url, { method: "POST", body }),
  );
}

/** Ends a subscription; one that is not there any more is no error. */
export async function deleteSubscription(
  request: StravaRequest,
  app: SubscribingApp,
  { id }: { id: number },
): Promise<void> {
  const url = withCredentials(app, `/${id}`);
  const options = { method: "DELETE", emptyAnswer: true };
  await withoutAddress(() => request(url, options)).catch((error) => {
    if (error instanceof StravaError && error.kind === "not_found") return;
    throw error;
  });
}

/** Of these Strava wants the credentials in the address, which therefore no log may show. */
function withCredentials(
  { apiUrl, clientId, clientSecret }: SubscribingApp,
  path: string,
): string {
  const query = new URLSearchParams({
    client_id: clientId,
    client_secret: clientSecret,
  });
  return `${apiUrl}/push_subscriptions${path}?${query}`;
}

/** A failed connection's own error names the whole address. */
async function withoutAddress<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof StravaError)) throw error;
    throw new StravaError(error.kind, error.message, { status: error.status });
  }
}
