import type { AthleteRef } from "./athlete.ts";
import type { ApiError } from "./errors.ts";
import type { SessionOptions } from "./session.ts";
import type { Fetch } from "./transport.ts";

/** A value, or a function that returns it. */
export type Value<T> = T | (() => T | Promise<T>);

/** The options of a client. */
export interface ClientOptions {
  /**
   * The server's URL, such as `https://paceline.example.org`, optionally with a path. In a page,
   * an empty string means the page's own origin.
   */
  url: string | URL;
  /**
   * An API key, either a user's or the server's, or a function that returns it before each
   * request. Do not use it in a page: everyone who opens the page can read it.
   */
  apiKey?: Value<string> | undefined;
  /**
   * Sends calls as the user who logged in with `api.auth.login`, with the session's cookies.
   * Expired sessions are refreshed automatically. After a login with `return_tokens`, which is for
   * clients that are not browsers, the tokens are kept in memory and sent instead.
   */
  session?: boolean | SessionOptions | undefined;
  /**
   * The athlete for calls of `stats`, `activities`, `imports` and `sync` whose input has no `athlete`:
   * Strava's id or a share token. Defaults to the caller's own athlete, or to the server's public
   * one.
   */
  athlete?: AthleteRef | undefined;
  /** Headers of each request, or a function that returns them. */
  headers?: Value<Record<string, string>> | undefined;
  /** The function that sends requests. Defaults to the platform's `fetch`. */
  fetch?: Fetch | undefined;
  /**
   * Maximum duration of one attempt in milliseconds. `Infinity` means no limit. Defaults to
   * 30,000, because `admin.refresh` waits for up to 20 seconds.
   */
  timeout?: number | undefined;
  /**
   * Number of retries of a query after a network error, a timeout, or a status of 429, 502, 503 or
   * 504. Mutations are never retried. Defaults to 2.
   */
  retries?: number | undefined;
  /**
   * Maximum delay between two attempts in milliseconds. If `Retry-After` asks for more, the call
   * fails at once. Defaults to 10,000.
   */
  maxRetryDelay?: number | undefined;
  /** Whether calls of the same moment share a request. Defaults to true. */
  batch?: boolean | undefined;
  /** A function that is called with each failed attempt, for logging. */
  onError?: ((error: ApiError, attempt: FailedAttempt) => void) | undefined;
}

/** A failed attempt of a call. */
export interface FailedAttempt {
  /** The procedure, such as `stats.ytd`. */
  path: string;
  /** Whether another attempt follows. If not, the call rejects. */
  willRetry: boolean;
}
