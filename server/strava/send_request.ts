import type { StravaApp } from "./app.ts";
import { StravaError } from "./errors.ts";
import { parseRateLimit, type RateLimitReading } from "./rate_limit_headers.ts";
import { parseResponse } from "./response.ts";

const TIMEOUT_MS = 30_000;
/** Shorter, because a caller that waits for a refresh holds a database connection. */
const OAUTH_TIMEOUT_MS = 10_000;

/** Options of the client. Tests pass `fetch` and `timeoutMs`. */
export interface ClientOptions extends StravaApp {
  fetch?: typeof fetch;
  /** Time limit of a request in milliseconds, including the response's body. */
  timeoutMs?: number;
}

/** Options of one request. */
export interface SendOptions {
  /** `GET` by default. */
  method?: string;
  headers?: Record<string, string>;
  body?: URLSearchParams;
  signal?: AbortSignal | undefined;
  /** Whether to discard the body of a successful response. */
  ignoreBody?: boolean;
  /** Receives the rate limit of each response that states it. */
  onRateLimit?: ((reading: RateLimitReading) => void) | undefined;
}

/** Sends a request and returns the JSON of the response. */
export type SendRequest = (
  url: string,
  options?: SendOptions,
) => Promise<unknown>;

/** Returns the function that sends requests to Strava. Every failure is a {@link StravaError}. */
export function createSendRequest(client: ClientOptions): SendRequest {
  return async (url, options = {}) => {
    const isOauth = url.startsWith(client.oauthUrl);
    const timeoutMs = client.timeoutMs ??
      (isOauth ? OAUTH_TIMEOUT_MS : TIMEOUT_MS);
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = options.signal
      ? AbortSignal.any([options.signal, timeout])
      : timeout;
    try {
      const response = await (client.fetch ?? fetch)(url, {
        method: options.method ?? "GET",
        headers: { accept: "application/json", ...options.headers },
        ...(options.body ? { body: options.body } : {}),
        // Following a redirect would lead to a login page or send the token to another host.
        redirect: "manual",
        signal,
      });
      const rateLimit = parseRateLimit(response.headers);
      if (rateLimit) options.onRateLimit?.(rateLimit);
      return await parseResponse(response, { ...options, url, rateLimit });
    } catch (cause) {
      if (cause instanceof StravaError) throw cause;
      options.signal?.throwIfAborted();
      const path = new URL(url).pathname;
      const message = timeout.aborted
        ? `Strava did not answer ${path} within ${timeoutMs / 1000} s`
        : `Strava sent no complete response to ${path}`;
      throw new StravaError("unreachable", message, { cause });
    }
  };
}
