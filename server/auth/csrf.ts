import type { Config } from "../config.ts";
import { carriesSession } from "./cookies.ts";
import { hasCredential } from "./credential.ts";
import { isListedOrigin, isOwnOrigin } from "./origins.ts";

/**
 * Reports whether another site's page may have made a browser send this request (CSRF).
 *
 * Reads are safe. So are requests with a key or token in a header: a page of another origin cannot
 * set one unless CORS allows it. Every other request must come from a listed origin or from the
 * server's own. Without `Origin` and `Sec-Fetch-Site`, as scripts and Strava send it, a request must
 * carry no session cookie. This includes the login: otherwise a page could log a browser in to an
 * attacker's account.
 */
export function isForged(
  { method, headers, url }: Request,
  config: Config,
): boolean {
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") {
    return false;
  }
  if (hasCredential(headers)) return false;
  const origin = headers.get("origin");
  if (origin !== null) {
    return !isListedOrigin(origin, config) &&
      !isOwnOrigin(origin, { url, config });
  }
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site !== "same-origin";
  return carriesSession(headers, config);
}
