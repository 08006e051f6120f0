import type { Reason } from "./contract.gen.ts";

/** One thing that is wrong with an input: where, and what. */
export interface Issue {
  /** The field, with dots between its parts; empty for the input as a whole. */
  path: string;
  message: string;
}

/**
 * Why a call failed where no answer of the server says so: no connection, no answer in time, ended
 * by the caller's signal, or an answer that is not the API's (such as a proxy's page).
 */
export type ClientReason =
  | "network_error"
  | "timeout"
  | "aborted"
  | "invalid_response";

/** Why a call failed, as a stable code. */
export type ErrorReason = Reason | ClientReason;

/** What an `ApiError` is made of. */
export interface ApiErrorInit {
  reason: ErrorReason;
  message: string;
  status?: number | undefined;
  requestId?: string | undefined;
  issues?: readonly Issue[] | undefined;
  retryAfter?: number | undefined;
  cause?: unknown;
}

/** Every failure of a call. */
export class ApiError extends Error {
  override name = "ApiError";
  /** A stable code; the message is a sentence for a person. */
  readonly reason: ErrorReason;
  /** The HTTP status, 0 where there was no answer. */
  readonly status: number;
  /** Finds the request in the server's log; undefined where the server was not reached. */
  readonly requestId: string | undefined;
  /** What is wrong with the input, field by field; empty where it is not the input. */
  readonly issues: readonly Issue[];
  /** Milliseconds after which the server wants to be asked again, where it says so. */
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
 * Whether a value is a failure of a call; it is asked by its name, so that two copies of the
 * package in one app know each other's errors.
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

/** The reason of a failed call; undefined for any other value. */
export function reasonOf(error: unknown): ErrorReason | undefined {
  return isApiError(error) ? error.reason : undefined;
}
