import type { Config } from "../config.ts";
import { RATE_WINDOW_SECONDS } from "./request_limits.ts";
import type { Counted } from "./rate_counter.ts";

/** The headers that report the rate limit. */
export const RATE_HEADERS = [
  "ratelimit-limit",
  "ratelimit-policy",
  "ratelimit-remaining",
  "ratelimit-reset",
];

/**
 * Returns the headers that report the client's budget, in the form of
 * draft-ietf-httpapi-ratelimit-headers-06. Later drafts put all of it into one structured header,
 * which few clients read.
 */
export function toRateHeaders(
  { remaining, resetSeconds }: Counted,
  { limits }: Pick<Config, "limits">,
): [name: string, value: string][] {
  return [
    ["ratelimit-limit", String(limits.rate)],
    ["ratelimit-remaining", String(remaining)],
    ["ratelimit-reset", String(resetSeconds)],
    ["ratelimit-policy", `${limits.rate};w=${RATE_WINDOW_SECONDS}`],
  ];
}
