import { TRPCClientError } from "@trpc/client";
import superjson from "superjson";
import {
  ApiError,
  type ErrorReason,
  isApiError,
  type Issue,
} from "./errors.ts";

/** The platform's `fetch`, or a replacement. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A response whose body was read. */
interface BufferedResponse {
  ok: boolean;
  status: number;
  headers: Headers;
  json(): Promise<unknown>;
}

/** The fields that problem documents and tRPC's error data have in common. */
interface Failure {
  reason: ErrorReason;
  request_id?: string | null;
  issues?: Issue[] | null;
}

/**
 * Sends a request and reads its JSON. Any other outcome throws an `ApiError`: `network_error`,
 * `invalid_response`, or the reason of a problem document (RFC 9457).
 */
export async function send(
  fetch: Fetch,
  url: string,
  init: RequestInit,
): Promise<BufferedResponse> {
  try {
    const response = await fetch(url, init);
    const { ok, status, headers } = response;
    const body = await readJson(response, url);
    return { ok, status, headers, json: () => Promise.resolve(body) };
  } catch (cause) {
    throw toNetworkError(cause);
  }
}

/**
 * Returns the error for a failure of `fetch` or of reading the body: the response is missing or
 * incomplete.
 */
export function toNetworkError(cause: unknown): ApiError {
  if (isApiError(cause)) return cause;
  return new ApiError({
    reason: "network_error",
    message: describeNetworkError(),
    cause,
  });
}

/** Browsers report a page that CORS refuses like a server that is down, so the message names both. */
function describeNetworkError(): string {
  const sentence = "The server could not be reached";
  const origin = (globalThis as { location?: { origin?: string } }).location
    ?.origin;
  if (origin === undefined) return sentence;
  return `${sentence}, or it refuses pages of ${origin} (CORS): ` +
    "check that it runs and that its CORS_ORIGINS lists this origin";
}

/** Reads the error of a response to a single call. */
export async function readFailure(
  response: Response,
  url: string,
): Promise<ApiError> {
  const body = await readJson(response, url);
  const error = typeof body === "object" && body !== null && "error" in body
    ? body.error
    : undefined;
  return toShapeError(error, readDetails(response));
}

/** Converts an error in tRPC's wire format. */
export function toShapeError(
  error: unknown,
  details: Partial<ErrorDetails>,
): ApiError {
  const shape = superjson.deserialize<{ message?: string; data?: unknown }>(
    error as never ?? { json: {} },
  );
  const { message = "The response is not from Paceline", data } = shape;
  return isFailure(data)
    ? createApiError(data, { ...details, message, status: data.httpStatus })
    : new ApiError({ ...details, message, reason: "invalid_response" });
}

/**
 * Reads a body as JSON.
 *
 * @throws {ApiError} If it is not JSON, or if it is a problem document.
 */
async function readJson(response: Response, url: string): Promise<unknown> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    const [address] = url.split("?");
    throw new ApiError({
      ...readDetails(response),
      reason: "invalid_response",
      message:
        `The response (${response.status}) is not JSON: check that ${address} is a Paceline server`,
    });
  }
  if (!isFailure(body)) return body;
  throw createApiError(body, {
    ...readDetails(response),
    message: body.detail ?? body.reason,
  });
}

/**
 * Converts an error of tRPC's client to an `ApiError`. Returns other errors, such as those of the
 * caller's `apiKey` function, unchanged.
 */
export function toApiError(error: unknown): unknown {
  if (!(error instanceof TRPCClientError)) return error;
  if (error.cause instanceof ApiError) return error.cause;
  const response = error.meta?.["response"] as BufferedResponse | undefined;
  if (!response) return error.cause ?? error;
  const details = {
    ...readDetails(response),
    message: error.message,
    cause: error,
  };
  if (!isFailure(error.data)) {
    return new ApiError({ ...details, reason: "invalid_response" });
  }
  // A request can carry many calls, each with its own status.
  return createApiError(error.data, {
    ...details,
    status: error.data.httpStatus,
  });
}

function isFailure(
  value: unknown,
): value is Failure & { httpStatus?: number; detail?: string } {
  return typeof value === "object" && value !== null && "reason" in value &&
    typeof value.reason === "string";
}

interface ErrorDetails {
  message: string;
  status?: number | undefined;
  requestId?: string | undefined;
  retryAfter?: number | undefined;
  cause?: unknown;
}

function createApiError(
  { reason, request_id, issues }: Failure,
  details: ErrorDetails,
): ApiError {
  const requestId = request_id ?? details.requestId;
  return new ApiError({ ...details, reason, requestId, issues: issues ?? [] });
}

function readDetails(
  { status, headers }: Pick<Response, "status" | "headers">,
): Omit<ErrorDetails, "message"> {
  return {
    status,
    requestId: headers.get("x-request-id") ?? undefined,
    retryAfter: readRetryAfter(headers.get("retry-after")),
  };
}

/** Parses `Retry-After` (RFC 9110, 10.2.3), in seconds or as a date. Returns milliseconds. */
function readRetryAfter(text: string | null): number | undefined {
  if (!text) return undefined;
  const milliseconds = /^\d+$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
