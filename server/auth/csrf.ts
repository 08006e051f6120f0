import type { Config } from "../config.ts";
import { carriesSession } from "./cookies.ts";
import { hasCredential } from "./credential.ts";

/**
 * Whether a page of somebody else's may have made a browser send this request.
 *
 * What only reads is safe, and what carries a key or token in a header too: a page of another origin
 * cannot set one unless CORS allows it. Anything else must come from a page of an origin that is
 * listed or the server's own; without a word of where it comes from only who has no cookies of ours
 * may send it, as scripts and Strava do. Logging in is no exception: a browser must not be logged in
 * to a stranger's account either.
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

/** The origins of pages that may change things. */
function listOrigins(
  url: string,
  { corsOrigins, strava, webhook, environment }: Config,
): string[] {
  const own = [strava.redirectUri, ...(webhook ? [webhook.publicUrl] : [])];
  // What a request says of its own address proves nothing where strangers can send it.
  if (environment === "development") own.push(url);
  return [...corsOrigins, ...own.map((address) => new URL(address).origin)];
}
