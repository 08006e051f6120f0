import { TRPCClientError } from "@trpc/client";
import { ApiError, type ErrorReason, type Issue } from "./errors.ts";

/** The `fetch` of the platform, or one that stands in for it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** An answer whose body has been read. */
interface Answer {
  ok: boolean;
  status: number;
  headers: Headers;
  json(): Promise<unknown>;
}

/** What the server tells of a failure, in a problem document and in tRPC's error data alike. */
interface Failure {
  reason: ErrorReason;
  request_id?: string | null;
  issues?: Issue[] | null;
}

/**
 * Sends a request and reads its JSON; whatever else comes, or comes not, is an `ApiError`:
 * `network_error`, `invalid_response`, or what a problem document (RFC 9457) says.
 */
export async function send(
  fetch: Fetch,
  url: string,
  init: RequestInit,
): Promise<Answer> {
  const { response, text } = await read(fetch, url, init);
  const { ok, status, headers } = response;
  const body = parse(text);
  if (body === undefined) {
    const [address] = url.split("?");
    throw new ApiError({
      ...readAbout(response),
      reason: "invalid_response",
      message:
        `The answer (${status}) is not JSON: does ${address} lead to Paceline?`,
    });
  }
  if (isFailure(body)) {
    throw toApiErrorOf(body, {
      ...readAbout(response),
      message: "detail" in body ? String(body.detail) : body.reason,
    });
  }
  return { ok, status, headers, json: () => Promise.resolve(body) };
}

/**
 * What tRPC's client threw, as an `ApiError`; what the caller's own functions threw, such as
 * `apiKey`, stays what it is.
 */
export function toApiError(error: unknown): unknown {
  if (!(error instanceof TRPCClientError)) return error;
  if (error.cause instanceof ApiError) return error.cause;
  const answer = error.meta?.["response"] as Answer | undefined;
  if (!answer) return error.cause ?? error;
  const about = { ...readAbout(answer), message: error.message, cause: error };
  if (!isFailure(error.data)) {
    return new ApiError({ ...about, reason: "invalid_response" });
  }
  // One request carries many calls: each has a status of its own.
  return toApiErrorOf(error.data, { ...about, status: error.data.httpStatus });
}

async function read(
  fetch: Fetch,
  url: string,
  init: RequestInit,
): Promise<{ response: Response; text: string }> {
  try {
    const response = await fetch(url, init);
    return { response, text: await response.text() };
  } catch (cause) {
    throw new ApiError({
      reason: "network_error",
      message: "The server could not be reached",
      cause,
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isFailure(
  value: unknown,
): value is Failure & { httpStatus?: number; detail?: string } {
  return typeof value === "object" && value !== null && "reason" in value &&
    typeof value.reason === "string";
}

interface About {
  message: string;
  status?: number | undefined;
  requestId?: string | undefined;
  retryAfter?: number | undefined;
  cause?: unknown;
}

function toApiErrorOf(
  { reason, request_id, issues }: Failure,
  about: About,
): ApiError {
  const requestId = request_id ?? about.requestId;
  return new ApiError({ ...about, reason, requestId, issues: issues ?? [] });
}

function readAbout(
  { status, headers }: Pick<Response, "status" | "headers">,
): Omit<About, "message"> {
  return {
    status,
    requestId: headers.get("x-request-id") ?? undefined,
    retryAfter: readRetryAfter(headers.get("retry-after")),
  };
}

/** `Retry-After` (RFC 9110, 10.2.3) in milliseconds: seconds, or a date. */
function readRetryAfter(text: string | null): number | undefined {
  if (!text) return undefined;
  const milliseconds = /^\d+$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
