import type { Config } from "../config.ts";
import { carriesSession } from "./cookies.ts";
import { hasCredential } from "./credential.ts";

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
  if (origin !== null) return !listOrigins(url, config).includes(origin);
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site !== "same-origin";
  return carriesSession(headers, config);
}

/** Returns the origins whose pages may send changes. */
function listOrigins(
  url: string,
  { corsOrigins, strava, webhook, environment }: Config,
): string[] {
  const own = [strava.redirectUri, ...(webhook ? [webhook.publicUrl] : [])];
  // In production the request's own URL proves nothing: its Host header is the client's.
  if (environment === "development") own.push(url);
  return [...corsOrigins, ...own.map((address) => new URL(address).origin)];
}
