import type { Reason } from "./contract.gen.ts";

/** One problem with an input: the field and a message. */
export interface Issue {
  /** The field, with dots between its parts. Empty for the input as a whole. */
  path: string;
  message: string;
}

/**
 * Why a call failed without an error from the server: no connection, no response in time, aborted
 * by the caller's signal, or a response that is not from the API (such as a proxy's page).
 */
export type ClientReason =
  | "network_error"
  | "timeout"
  | "aborted"
  | "invalid_response";

/** Why a call failed, as a stable code. */
export type ErrorReason = Reason | ClientReason;

/** The properties of an `ApiError`. */
export interface ApiErrorInit {
  reason: ErrorReason;
  message: string;
  status?: number | undefined;
  requestId?: string | undefined;
  issues?: readonly Issue[] | undefined;
  retryAfter?: number | undefined;
  cause?: unknown;
}

/** The failure of a call. */
export class ApiError extends Error {
  override name = "ApiError";
  /** A stable code. The message is a sentence for people. */
  readonly reason: ErrorReason;
  /** The HTTP status. 0 if there was no response. */
  readonly status: number;
  /** Id of the request in the server's log. Undefined if the server was not reached. */
  readonly requestId: string | undefined;
  /** The problems with the input, by field. Empty for other errors. */
  readonly issues: readonly Issue[];
  /** Milliseconds to wait before the next attempt, if the server sent `Retry-After`. */
  readonly retryAfter: number | undefined;
  /** The procedure, such as `stats.ytd`. */
  path = "";

  constructor(
    { reason, message, status = 0, requestId, issues = [], retryAfter, cause }:
      ApiErrorInit,
  ) {
    super(message, { cause });
    this.reason = reason;
    this.status = status;
    this.requestId = requestId;
    this.issues = issues;
    this.retryAfter = retryAfter;
  }
}

/**
 * Reports whether a value is the failure of a call. It compares the name, so that two copies of
 * the package in one app recognise each other's errors.
 *
 * @example
 * ```ts
 * import { createClient, isApiError } from "@paceline/sdk";
 *
 * const api = createClient({ url: "http://127.0.0.1:1", retries: 0 });
 * try {
 *   await api.stats.ytd.query();
 * } catch (error) {
 *   if (!isApiError(error)) throw error;
 *   console.assert(error.reason === "network_error");
 * }
 * ```
 */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && error.name === "ApiError" &&
    "reason" in error;
}

/** Returns the reason of a failed call, or undefined for any other value. */
export function reasonOf(error: unknown): ErrorReason | undefined {
  return isApiError(error) ? error.reason : undefined;
}
