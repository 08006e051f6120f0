import { isListedOrigin } from "../auth/origins.ts";
import type { Caller } from "../context.ts";
import type { Config } from "../config.ts";
import type { Counted } from "./rate_counter.ts";
import { RATE_WINDOW_SECONDS } from "./request_limits.ts";

/** A response header, its name in lower case. */
export type Header = [name: string, value: string];

/** The headers that report the rate limit. */
export const RATE_HEADERS = [
  "ratelimit-limit",
  "ratelimit-policy",
  "ratelimit-remaining",
  "ratelimit-reset",
];

/** Response headers that pages of other origins may read. */
export const EXPOSED_HEADERS = [
  ...RATE_HEADERS,
  "retry-after",
  "x-request-id",
];

/** The policy of everything that is not a page. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** The facts of one request that its response headers show. */
export interface ResponseFacts {
  requestId: string;
  caller: Caller;
  /** `Set-Cookie` lines. */
  cookies: readonly string[];
  /** The client's budget. */
  rate: Counted | undefined;
  /** The request's `Origin`. */
  origin: string | null;
}

/**
 * Creates the function that adds to a response what every one has: the security headers, CORS, the
 * cookies, the rate limit, the request id and, where the route has not set one, `Cache-Control`.
 */
export function createHeaderCompletion(
  config: Config,
): (headers: Headers, facts: ResponseFacts) => void {
  const security = toSecurityHeaders(config);
  return (headers, { requestId, caller, cookies, rate, origin }) => {
    for (const [name, value] of security) {
      if (!headers.has(name)) headers.set(name, value);
    }
    if (origin !== null && isListedOrigin(origin, config)) {
      for (const [name, value] of toCorsHeaders(origin)) {
        headers.set(name, value);
      }
    } else headers.delete("access-control-allow-credentials");
    if (!headers.get("vary")?.includes("Origin")) {
      headers.append("vary", "Origin");
    }
    for (const cookie of cookies) headers.append("set-cookie", cookie);
    if (rate) {
      for (const [name, value] of toRateHeaders(rate, config)) {
        headers.set(name, value);
      }
    }
    headers.set("x-request-id", requestId);
    if (!headers.has("cache-control")) {
      const isPrivate = caller.kind !== "anonymous";
      headers.set(
        "cache-control",
        isPrivate ? "private, no-store" : "no-store",
      );
    }
  };
}

/** Returns the security headers of every response. A page sets its own policy. */
export function toSecurityHeaders(
  { environment }: Pick<Config, "environment">,
): Header[] {
  const headers: Header[] = [
    ["content-security-policy", CONTENT_SECURITY_POLICY],
    ["cross-origin-opener-policy", "same-origin"],
    ["cross-origin-resource-policy", "same-origin"],
    ["origin-agent-cluster", "?1"],
    ["referrer-policy", "no-referrer"],
    ["x-content-type-options", "nosniff"],
    ["x-dns-prefetch-control", "off"],
    ["x-download-options", "noopen"],
    ["x-frame-options", "SAMEORIGIN"],
    ["x-permitted-cross-domain-policies", "none"],
    ["x-xss-protection", "0"],
  ];
  if (environment === "production") {
    headers.push(["strict-transport-security", "max-age=15552000"]);
  }
  return headers;
}

/** Returns the headers that let a listed origin read the response to a simple request. */
export function toCorsHeaders(origin: string): Header[] {
  return [
    ["access-control-allow-origin", origin],
    ["access-control-allow-credentials", "true"],
    ["access-control-expose-headers", EXPOSED_HEADERS.join(",")],
  ];
}

/**
 * Returns the headers that report the client's budget, in the form of
 * draft-ietf-httpapi-ratelimit-headers-06. Later drafts put all of it into one structured header,
 * which few clients read.
 */
export function toRateHeaders(
  { remaining, resetSeconds }: Counted,
  { limits }: Pick<Config, "limits">,
): Header[] {
  return [
    ["ratelimit-limit", String(limits.rate)],
    ["ratelimit-remaining", String(remaining)],
    ["ratelimit-reset", String(resetSeconds)],
    ["ratelimit-policy", `${limits.rate};w=${RATE_WINDOW_SECONDS}`],
  ];
}
