import type { AthleteRef } from "./athlete.ts";
import type { ApiError } from "./errors.ts";
import type { SessionOptions } from "./session.ts";
import type { Fetch } from "./transport.ts";

/** A value, or what gets it. */
export type Value<T> = T | (() => T | Promise<T>);

/** Where the server is, and how it is called. */
export interface ClientOptions {
  /**
   * The server's address, such as `https://paceline.example.org`, or with a path behind it; empty in
   * a page for the address that the page comes from.
   */
  url: string | URL;
  /**
   * An API key, a user's or the server's own, or a function that gets it, asked before each request.
   * Not for a page: whoever opens the page can read it there.
   */
  apiKey?: Value<string> | undefined;
  /**
   * Calls as the user who has logged in with `api.auth.login`, by the session's cookies; its refresh
   * is taken care of. After a login with `return_tokens` by those tokens, which are kept in memory:
   * for what is no page.
   */
  session?: boolean | SessionOptions | undefined;
  /**
   * Whom `stats`, `activities` and `sync` are about, by Strava's id or a share token, where a call's
   * input names nobody. Default: the caller's own athlete, else the server's public one.
   */
  athlete?: AthleteRef | undefined;
  /** Headers of each request, or a function that gets them. */
  headers?: Value<Record<string, string>> | undefined;
  /** Sends the requests; the platform's own by default. */
  fetch?: Fetch | undefined;
  /**
   * Milliseconds that one attempt may take, `Infinity` for no end. Default: 30,000, as `admin.refresh`
   * waits for 20 seconds.
   */
  timeout?: number | undefined;
  /**
   * How often a query is tried again after no answer or 429, 502, 503, 504. Mutations never are.
   * Default: 2.
   */
  retries?: number | undefined;
  /**
   * Milliseconds between two attempts at most; where the server asks for more with `Retry-After`,
   * the error is given at once. Default: 10,000.
   */
  maxRetryDelay?: number | undefined;
  /** Whether calls of the same moment share a request. Default: true. */
  batch?: boolean | undefined;
  /** Told of every attempt that failed, for a log. */
  onError?: ((error: ApiError, attempt: FailedAttempt) => void) | undefined;
}

/** An attempt that failed. */
export interface FailedAttempt {
  /** The procedure, such as `stats.ytd`. */
  path: string;
  /** Whether it is tried again; if not, the call rejects. */
  willRetry: boolean;
}
