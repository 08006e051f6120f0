import type { Config } from "../config.ts";

/** An origin of a page that this computer serves itself, at any port. Browsers write it this way. */
const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

/**
 * Reports whether pages of an origin may call the server: those of `FRONTEND_URL` and `CORS_ORIGINS`.
 *
 * In development all of this computer's own pages may, because development servers choose their port
 * and host name themselves (Vite takes 5174 if 5173 is in use). That holds only while the server's own
 * address is http on this computer too. Elsewhere a page at localhost is on the computer of the
 * visitor, not of the developer.
 */
export function isListedOrigin(
  origin: string,
  { corsOrigins, environment, strava }: Pick<
    Config,
    "corsOrigins" | "environment" | "strava"
  >,
): boolean {
  if (corsOrigins.includes(origin)) return true;
  const isLocal = environment === "development" &&
    LOOPBACK.test(new URL(strava.redirectUri).origin);
  return isLocal && LOOPBACK.test(origin);
}

/** Reports whether an origin is the server's own. */
export function isOwnOrigin(
  origin: string,
  { url, config: { strava, publicUrl, environment } }: {
    /** The request's URL. */
    url: string;
    config: Config;
  },
): boolean {
  const own = [strava.redirectUri, ...(publicUrl ? [publicUrl] : [])];
  // In production the request's own URL proves nothing: its Host header is the client's.
  if (environment === "development") own.push(url);
  return own.some((address) => new URL(address).origin === origin);
}
