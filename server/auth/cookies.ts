import type { Config } from "../config.ts";

/** The cookies that the server sets. */
export type CookieName = "access" | "device" | "oauth" | "refresh";

/** The settings that decide on the cookies. */
type CookieConfig = Pick<Config, "basePath" | "strava">;

/** Reports whether browsers reach the server over https. */
export function isHttps({ strava }: Pick<Config, "strava">): boolean {
  return strava.redirectUri.startsWith("https:");
}

/**
 * Returns a cookie's name. Over https the prefix `__Host-` keeps other hosts from setting it. It
 * requires the path `/`, so the names of a server under a path end in that path: two servers of one
 * host would otherwise replace each other's cookies.
 */
export function cookieName(config: CookieConfig, name: CookieName): string {
  return `${isHttps(config) ? "__Host-" : ""}paceline_${name}${
    config.basePath.replaceAll("/", "_")
  }`;
}

/** Returns a `Set-Cookie` line. An age of 0 deletes the cookie. */
export function toCookie(
  config: CookieConfig,
  { name, value, maxAgeSeconds, sameSite }: {
    name: CookieName;
    value: string;
    maxAgeSeconds: number;
    sameSite: "Lax" | "Strict";
  },
): string {
  const secure = isHttps(config) ? "; Secure" : "";
  return `${
    cookieName(config, name)
  }=${value}; Path=/; HttpOnly; SameSite=${sameSite}; Max-Age=${maxAgeSeconds}${secure}`;
}

/** Reports whether a request carries a session cookie, valid or not. */
export function carriesSession(
  headers: Headers,
  config: CookieConfig,
): boolean {
  return (["access", "refresh"] as const).some((name) =>
    readCookies(headers, config, name).length > 0
  );
}

/** Returns every value of a request's cookies with this name. */
export function readCookies(
  headers: Headers,
  config: CookieConfig,
  name: CookieName,
): string[] {
  const prefix = `${cookieName(config, name)}=`;
  return (headers.get("cookie") ?? "").split(";")
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(prefix))
    .map((cookie) => cookie.slice(prefix.length));
}
