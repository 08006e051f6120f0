import { cors } from "hono/cors";
import { isListedOrigin, isOwnOrigin } from "../auth/origins.ts";
import type { Deps } from "../context.ts";
import type { Middleware } from "./middleware.ts";
import { EXPOSED_HEADERS } from "./response_headers.ts";

/** Number of origins that are logged. Clients choose the header, so the log needs a limit. */
const MAX_ORIGINS = 20;
/** Length of an origin in the log, in characters. */
const MAX_LENGTH = 200;

/**
 * Answers the preflights of pages that want to call the server with the session's cookies (CORS), and
 * logs the origins that may not.
 */
export function answerPreflights(deps: Deps): Middleware {
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
    exposeHeaders: EXPOSED_HEADERS,
    credentials: true,
    maxAge: 24 * 60 * 60,
  });
  return async (c, next) => {
    const origin = c.req.header("origin");
    if (origin) logRefusal(origin, c.req.url);
    return c.req.method === "OPTIONS" ? await allow(c, next) : await next();
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
