import { toIsoSeconds } from "./fixtures.ts";
import { requireClient } from "./oauth.ts";
import { fetchInTime } from "./push.ts";
import { badRequest, notFound, toJson } from "./responses.ts";
import { type Call, readParam, type Simulation } from "./simulation.ts";

const MAX_CALLBACK_LENGTH = 255;

/** Serves `POST /push_subscriptions`: one per app, made only once the callback has answered the challenge. */
export async function createSubscription(
  sim: Simulation,
  call: Call,
): Promise<Response> {
  requireClient(
    sim,
    readParam(call, "client_id"),
    readParam(call, "client_secret"),
  );
  if (sim.push.subscription) {
    throw badRequest("PushSubscription", "", "already exists");
  }
  const text = readParam(call, "callback_url") ?? "";
  const callback = URL.parse(text);
  if (!callback || text.length > MAX_CALLBACK_LENGTH) {
    throw badRequest("PushSubscription", "callback url", "invalid");
  }
  const verifyToken = readParam(call, "verify_token");
  if (!verifyToken) {
    throw badRequest("PushSubscription", "verify_token", "invalid");
  }

  await verifyCallback(sim, callback, verifyToken);

  const at = toIsoSeconds(sim.now());
  sim.push.subscription = {
    id: 100_000 + Math.floor(sim.now() / 1000) % 900_000,
    resource_state: 2,
    application_id: Number(sim.clientId),
    callback_url: text,
    created_at: at,
    updated_at: at,
  };
  return toJson(sim.push.subscription, 201);
}

/** The handshake: a GET that must be answered with 200 and the challenge within two seconds. */
async function verifyCallback(
  sim: Simulation,
  callback: URL,
  verifyToken: string,
): Promise<void> {
  const challenge = crypto.randomUUID().replaceAll("-", "");
  const url = new URL(callback);
  url.searchParams.set("hub.mode", "subscribe");
  url.searchParams.set("hub.challenge", challenge);
  url.searchParams.set("hub.verify_token", verifyToken);
  const answer = await fetchInTime(sim.callback, url.href, {}).catch(() =>
    null
  );
  if (answer?.status !== 200) {
    await answer?.body?.cancel();
    throw badRequest(
      "PushSubscription",
      "callback url",
      answer ? "GET to callback URL does not return 200" : "not verifiable",
    );
  }
  const body = await answer.json().catch(() => null);
  if (body?.["hub.challenge"] !== challenge) {
    throw badRequest("PushSubscription", "callback url", "not verifiable");
  }
}

/** Serves `GET /push_subscriptions`: a list of one or none. */
export function listSubscriptions(sim: Simulation, call: Call): Response {
  requireClient(
    sim,
    readParam(call, "client_id"),
    readParam(call, "client_secret"),
  );
  return toJson(sim.push.subscription ? [sim.push.subscription] : []);
}

/** Serves `DELETE /push_subscriptions/{id}`: the credentials are query parameters. */
export function deleteSubscription(
  sim: Simulation,
  call: Call,
  id: string,
): Response {
  requireClient(
    sim,
    call.query.get("client_id") ?? undefined,
    call.query.get("client_secret") ?? undefined,
  );
  if (sim.push.subscription?.id !== Number(id)) {
    throw notFound("PushSubscription");
  }
  sim.push.subscription = null;
  return new Response(null, { status: 204 });
}
