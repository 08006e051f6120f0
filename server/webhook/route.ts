import { createHash, createHmac } from "node:crypto";
import type { EventInput } from "../../db/webhook_events.ts";
import { equalsSecret } from "../crypto/constant_time.ts";
import type { Deps } from "../context.ts";
import { AppError } from "../errors.ts";
import type { RequestContext, Route } from "../http/route.ts";
import { PushEvent } from "../strava/schemas.ts";
import { WEBHOOK_PATH, webhookSecret } from "./address.ts";
import { createReceiver, type DropReason, type Receiver } from "./receive.ts";
import { createWaker } from "./process_events.ts";

/** True events have some hundred bytes. */
const MAX_EVENT_BYTES = 16 * 1024;
const MAX_CHALLENGE_LENGTH = 1000;
const SIGNATURE_TOLERANCE_SECONDS = 300;

/**
 * Where Strava's push events come in; nothing where they are off. The secret of the path is what
 * they are known by: without it there is nothing at this address.
 */
export function createWebhookRoutes(deps: Deps): Route[] {
  if (!deps.config.webhook) return [];
  const secret = webhookSecret(deps.config);
  const inbox = createReceiver(deps, { onStored: createWaker(deps) });
  const path = `${WEBHOOK_PATH}/:secret`;
  const guarded =
    (handle: Route["handle"]): Route["handle"] => (request, ctx) => {
      const given = new URL(request.url).pathname.split("/").at(-1) ?? "";
      if (!equalsSecret(given, secret)) throw new AppError("not_found");
      return handle(request, ctx);
    };
  return [
    { method: "GET", path, handle: guarded(validate) },
    {
      method: "POST",
      path,
      handle: guarded((request, ctx) => receive(request, ctx, inbox)),
    },
  ];
}

/** Strava asks whether the callback is ours, while our own request for the subscription waits. */
function validate(request: Request, { config }: RequestContext): Response {
  const query = new URL(request.url).searchParams;
  const token = query.get("hub.verify_token") ?? "";
  const challenge = query.get("hub.challenge") ?? "";
  const isGood = query.get("hub.mode") === "subscribe" &&
    equalsSecret(token, config.webhook!.verifyToken) &&
    challenge !== "" && challenge.length <= MAX_CHALLENGE_LENGTH;
  if (!isGood) {
    const detail = "hub.mode, hub.verify_token or hub.challenge is not right";
    throw new AppError("invalid_input", { detail });
  }
  return Response.json({ "hub.challenge": challenge });
}

/** Takes an event: stored or counted as dropped, the answer is the same. The work comes later. */
async function receive(
  request: Request,
  ctx: RequestContext,
  inbox: Receiver,
): Promise<Response> {
  const item = await readEvent(request, ctx);
  if (typeof item === "string") {
    ctx.log.info("Push event dropped: {reason}", { reason: item });
  }
  await inbox.add(item);
  return Response.json({});
}

async function readEvent(
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
    !isSigned(body, { header, signingSecret, now: now() })
  ) return "bad_signature";
  return readBody(new TextDecoder().decode(body), new Date(now()));
}

function readBody(raw: string, receivedAt: Date): EventInput | DropReason {
  try {
    const parsed = PushEvent.safeParse(JSON.parse(raw));
    return parsed.success
      ? toEventInput(parsed.data, { raw, receivedAt })
      : "malformed";
  } catch {
    // No JSON, or nested so deep that it cannot be written again.
    return "malformed";
  }
}

/** `t=<unix seconds>,v1=<hex>`: HMAC-SHA-256 over the time, a full stop, and the body. */
function isSigned(
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

/** Two changes within a second are two events: what has changed counts too. */
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
