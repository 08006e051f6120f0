import type { FaultAction } from "./faults.ts";
import {
  ConnectionLost,
  inactiveApplication,
  invalidToken,
  rateLimited,
  toFaultResponse,
  toJson,
} from "./responses.ts";

const HTML =
  "<!DOCTYPE html><html><head><title>Strava</title></head><body><h1>Be right back</h1></body></html>";

/** Returns the response that replaces the request's own, or null to carry out the request. */
export function toFaultAnswer(action: FaultAction): Response | null {
  switch (action.kind) {
    case "status":
      return toStatusAnswer(action.status, action.body ?? "html");
    case "redirect":
      return new Response(null, {
        status: action.status ?? 302,
        headers: { Location: action.location },
      });
    case "invalid_token":
      return toFaultResponse(invalidToken());
    case "forbidden":
      return toFaultResponse(inactiveApplication());
    case "rate_limit":
      return action.old_body
        ? toJson(
          {
            errors: "Rate Limit Exceeded",
            status: 429,
            message: "Too Many Requests",
          },
          429,
        )
        : toFaultResponse(rateLimited("read rate limit"));
    default:
      return null;
  }
}

function toStatusAnswer(
  status: number,
  body: "html" | "empty" | { json: unknown },
): Response {
  if (body === "html") {
    return new Response(HTML, {
      status,
      headers: { "Content-Type": "text/html; charset=utf-8" },
    });
  }
  if (body === "empty") {
    return new Response(null, {
      status,
      headers: { "Content-Type": "application/json" },
    });
  }
  return toJson(body.json, status);
}

/** Returns the response, damaged according to the action. */
export async function spoil(
  action: FaultAction,
  response: Response,
  released: Promise<void>,
): Promise<Response> {
  if (action.kind === "truncated" || action.kind === "cut") {
    const bytes = await response.bytes();
    const half = Math.floor(bytes.length / 2);
    const end = action.kind === "truncated" ? action.bytes ?? half : half;
    const head = bytes.slice(0, end);
    if (action.kind === "truncated") return new Response(head, response);
    const answer = new Response(toCutBody(head), response);
    answer.headers.set("Content-Length", String(bytes.length));
    return answer;
  }
  if (action.kind === "object") {
    await response.body?.cancel();
    return new Response(
      JSON.stringify({ message: "error", errors: [] }),
      response,
    );
  }
  if (action.kind === "list" || action.kind === "oversized") {
    const value = await response.json();
    const list = action.kind === "list"
      ? [value]
      : Array.from({ length: 10 }, () => value).flat();
    return new Response(JSON.stringify(list), response);
  }
  if (action.kind === "stall") {
    const bytes = await response.bytes();
    return new Response(toStalledBody(bytes, released), response);
  }
  if (action.kind === "length") {
    const answer = new Response(response.body, response);
    answer.headers.set("Content-Length", String(action.bytes));
    return answer;
  }
  if (action.kind === "gzip") {
    const zipped = action.broken
      ? response.body
      : response.body?.pipeThrough(new CompressionStream("gzip")) ?? null;
    const answer = new Response(zipped, response);
    answer.headers.set("Content-Encoding", "gzip");
    return answer;
  }
  if (action.kind === "content_type") {
    const answer = new Response(response.body, response);
    answer.headers.set("Content-Type", action.type);
    return answer;
  }
  return response;
}

/** Returns a body that delivers its first half, and the rest when it is released. */
function toStalledBody(
  bytes: Uint8Array<ArrayBuffer>,
  released: Promise<void>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const half = Math.floor(bytes.length / 2);
  let isCancelled = false;
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(bytes.slice(0, half));
      await released;
      if (isCancelled) return;
      controller.enqueue(bytes.slice(half));
      controller.close();
    },
    cancel() {
      isCancelled = true;
    },
  });
}

/** Returns a body that delivers its first part and then fails like a cut connection. */
function toCutBody(
  head: Uint8Array<ArrayBuffer>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent || head.length === 0) {
        controller.error(new ConnectionLost());
      } else controller.enqueue(head);
      sent = true;
    },
  });
}
