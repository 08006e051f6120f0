import { createHash, createHmac } from "node:crypto";
import type { EventInput } from "../../db/webhook_events.ts";
import { equalsSecret } from "../crypto/constant_time.ts";
import { createTrigger, type Deps } from "../context.ts";
import { AppError } from "../errors.ts";
import type { RequestContext, Route } from "../http/route.ts";
import { PushEvent } from "../strava/schemas.ts";
import { computeWebhookSecret, WEBHOOK_PATH } from "./address.ts";
import { processEvents } from "./process_events.ts";
import { createReceiver, type DropReason, type Receiver } from "./receive.ts";

/** Real events have a few hundred bytes. */
const MAX_EVENT_BYTES = 16 * 1024;
const MAX_CHALLENGE_LENGTH = 1000;
const SIGNATURE_TOLERANCE_SECONDS = 300;

/**
 * Returns the routes of Strava's push events, or no routes if webhooks are off. The secret in the path
 * authenticates the sender. Without it the response is 404, as if the path did not exist.
 */
export function createWebhookRoutes(deps: Deps): Route[] {
  if (!deps.config.webhook) return [];
  const secret = computeWebhookSecret(deps.config);
  const receiver = createReceiver(deps, {
    onStored: createTrigger(deps, {
      name: "push events",
      work: () => processEvents(deps),
    }),
  });
  const path = `${WEBHOOK_PATH}/:secret`;
  const withSecret =
    (handle: Route["handle"]): Route["handle"] => (request, ctx) => {
      const given = new URL(request.url).pathname.split("/").at(-1) ?? "";
      if (!equalsSecret(given, secret)) throw new AppError("not_found");
      return handle(request, ctx);
    };
  return [
    { method: "GET", path, handle: withSecret(validate) },
    {
      method: "POST",
      path,
      handle: withSecret((request, ctx) => receive(request, ctx, receiver)),
    },
  ];
}

/** Confirms to Strava that the callback is ours. Strava asks while it creates the subscription. */
function validate(request: Request, { config }: RequestContext): Response {
  const query = new URL(request.url).searchParams;
  const token = query.get("hub.verify_token") ?? "";
  const challenge = query.get("hub.challenge") ?? "";
  const isValid = query.get("hub.mode") === "subscribe" &&
    equalsSecret(token, config.webhook!.verifyToken) &&
    challenge !== "" && challenge.length <= MAX_CHALLENGE_LENGTH;
  if (!isValid) {
    const detail =
      "Invalid `hub.mode`, `hub.verify_token` or `hub.challenge`: expected Strava's validation request";
    throw new AppError("invalid_input", { detail });
  }
  return Response.json({ "hub.challenge": challenge });
}

/** Stores an event or counts it as dropped, with the same response. The event is processed later. */
async function receive(
  request: Request,
  ctx: RequestContext,
  receiver: Receiver,
): Promise<Response> {
  const item = await parseRequest(request, ctx);
  if (typeof item === "string") {
    ctx.log.info("Push event dropped: {reason}", { reason: item });
  }
  await receiver.add(item);
  return Response.json({});
}

async function parseRequest(
  request: Request,
  { config, now }: RequestContext,
): Promise<EventInput | DropReason> {
  let body: Uint8Array;
  try {
    body = new Uint8Array(await request.arrayBuffer());
  } catch (error) {
    const isTooLarge = error instanceof AppError &&
      error.reason === "body_too_large";
    return isTooLarge ? "too_large" : "unreadable";
  }
  if (body.length > MAX_EVENT_BYTES) return "too_large";
  const signingSecret = config.webhook?.signingSecret;
  const header = request.headers.get("x-strava-signature") ?? "";
  if (
    signingSecret !== undefined &&
    !hasValidSignature(body, { header, signingSecret, now: now() })
  ) return "bad_signature";
  return parseBody(new TextDecoder().decode(body), new Date(now()));
}

function parseBody(raw: string, receivedAt: Date): EventInput | DropReason {
  try {
    const parsed = PushEvent.safeParse(JSON.parse(raw));
    return parsed.success
      ? toEventInput(parsed.data, { raw, receivedAt })
      : "malformed";
  } catch {
    // Invalid JSON, or JSON nested too deeply to serialize again.
    return "malformed";
  }
}

/**
 * Checks a signature header, `t=<unix seconds>,v1=<hex>`: HMAC-SHA-256 over the time, a full stop and
 * the body.
 */
function hasValidSignature(
  body: Uint8Array,
  { header, signingSecret, now }: {
    header: string;
    signingSecret: string;
    now: number;
  },
): boolean {
  const [, time, signature] = /^t=(\d{1,12}),v1=([\da-f]{64})$/i.exec(header) ??
    [];
  if (!time || !signature) return false;
  const age = Math.abs(now / 1000 - Number(time));
  if (age > SIGNATURE_TOLERANCE_SECONDS) return false;
  const mac = createHmac("sha256", signingSecret).update(`${time}.`)
    .update(body).digest("hex");
  return equalsSecret(signature.toLowerCase(), mac);
}

function toEventInput(
  event: PushEvent,
  { raw, receivedAt }: { raw: string; receivedAt: Date },
): EventInput {
  return {
    ownerId: event.owner_id,
    objectType: event.object_type,
    objectId: event.object_id,
    aspectType: event.aspect_type,
    eventTime: new Date(event.event_time * 1000),
    subscriptionId: event.subscription_id,
    raw,
    contentHash: hashContent(event),
    receivedAt,
  };
}

/** Hashes all fields, because two different changes within a second are two events. */
function hashContent(event: PushEvent): string {
  const updates = Object.entries(event.updates ?? {})
    .sort(([a], [b]) => a < b ? -1 : 1);
  const content = [
    event.object_type,
    event.object_id,
    event.aspect_type,
    event.owner_id,
    event.subscription_id,
    event.event_time,
    updates,
  ];
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}
