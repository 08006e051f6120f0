import { cors } from "hono/cors";
import { isListedOrigin, isOwnOrigin } from "../auth/origins.ts";
import type { Deps } from "../context.ts";
import type { Middleware } from "./middleware.ts";
import { RATE_HEADERS } from "./rate_headers.ts";

/** Number of origins that are logged. Clients choose the header, so the log needs a limit. */
const MAX_ORIGINS = 20;
/** Length of an origin in the log, in characters. */
const MAX_LENGTH = 200;

/** Response headers that pages may read. */
const EXPOSED = [...RATE_HEADERS, "retry-after", "x-request-id"];

/** Returns the headers that let a listed origin read the response to a simple request. */
export function toCorsHeaders(origin: string): [name: string, value: string][] {
  return [
    ["access-control-allow-origin", origin],
    ["access-control-allow-credentials", "true"],
    ["access-control-expose-headers", EXPOSED.join(",")],
  ];
}

/** Lets pages of the listed origins call the server, with the session's cookies (CORS). */
export function allowOrigins(deps: Deps): Middleware {
  const logRefusal = createRefusedOriginLog(deps);
  const allow = cors({
    origin: (origin) => isListedOrigin(origin, deps.config) ? origin : null,
    allowMethods: ["GET", "HEAD", "POST"],
    allowHeaders: [
      "authorization",
      "content-type",
      "last-event-id",
      "trpc-accept",
      "x-api-key",
    ],
    exposeHeaders: EXPOSED,
    credentials: true,
    maxAge: 24 * 60 * 60,
  });
  return async (c, next) => {
    // Without an Origin header Hono's middleware would only cost two copies of the response.
    const origin = c.req.header("origin");
    if (origin || c.req.method === "OPTIONS") {
      if (origin) logRefusal(origin, c.req.url);
      return await allow(c, next);
    }
    await next();
    c.res.headers.append("vary", "Origin");
  };
}

/**
 * Returns a function to call with the `Origin` of each request. It logs each refused origin once, with
 * the setting to change: the browser hides the reason from the page, and the answer may well be a 200.
 */
function createRefusedOriginLog(
  { config, log }: Pick<Deps, "config" | "log">,
): (origin: string, url: string) => void {
  const logged = new Set<string>();
  return (origin, url) => {
    if (logged.size >= MAX_ORIGINS || logged.has(origin)) return;
    if (isListedOrigin(origin, config)) return;
    if (URL.canParse(url) && isOwnOrigin(origin, { url, config })) return;
    logged.add(origin);
    if (origin === "null") {
      log.warning(
        "Refused a page without an origin, such as one opened from a file: serve it over http",
      );
      return;
    }
    log.warning(
      "Refused a page of {origin}: add this origin to CORS_ORIGINS if its pages may call this server",
      { origin: origin.slice(0, MAX_LENGTH) },
    );
  };
}
