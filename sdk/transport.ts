import { TRPCClientError } from "@trpc/client";
import superjson from "superjson";
import {
  ApiError,
  type ErrorReason,
  isApiError,
  type Issue,
} from "./errors.ts";

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
  try {
    const response = await fetch(url, init);
    const { ok, status, headers } = response;
    const body = await readJson(response, url);
    return { ok, status, headers, json: () => Promise.resolve(body) };
  } catch (cause) {
    throw toNetworkError(cause);
  }
}

/** The failure of `fetch`, or of reading what it gave: no answer has come, or not the whole. */
export function toNetworkError(cause: unknown): ApiError {
  if (isApiError(cause)) return cause;
  const message = "The server could not be reached";
  return new ApiError({ reason: "network_error", message, cause });
}

/** What an answer with an error says, to a call of its own. */
export async function readFailure(
  response: Response,
  url: string,
): Promise<ApiError> {
  const body = await readJson(response, url);
  const error = typeof body === "object" && body !== null && "error" in body
    ? body.error
    : undefined;
  return toShapeError(error, readAbout(response));
}

/** tRPC's error, as it goes over the wire. */
export function toShapeError(error: unknown, about: Partial<About>): ApiError {
  const shape = superjson.deserialize<{ message?: string; data?: unknown }>(
    error as never ?? { json: {} },
  );
  const { message = "The answer is not one of Paceline's", data } = shape;
  return isFailure(data)
    ? toApiErrorOf(data, { ...about, message, status: data.httpStatus })
    : new ApiError({ ...about, message, reason: "invalid_response" });
}

/** @throws {ApiError} For what is no JSON, and what a problem document says. */
async function readJson(response: Response, url: string): Promise<unknown> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const [address] = url.split("?");
    throw new ApiError({
      ...readAbout(response),
      reason: "invalid_response",
      message:
        `The answer (${response.status}) is not JSON: does ${address} lead to Paceline?`,
    });
  }
  if (!isFailure(body)) return body;
  throw toApiErrorOf(body, {
    ...readAbout(response),
    message: body.detail ?? body.reason,
  });
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
