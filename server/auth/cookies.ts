import type { Config } from "../config.ts";

/** The cookies that the server sets. */
export type CookieName = "access" | "refresh" | "oauth";

/** Whether browsers reach the server over https. */
export function isHttps({ strava }: Pick<Config, "strava">): boolean {
  return strava.redirectUri.startsWith("https:");
}

/** Over https the prefix `__Host-` keeps other hosts of the domain from planting the cookie. */
export function cookieName(
  config: Pick<Config, "strava">,
  name: CookieName,
): string {
  return `${isHttps(config) ? "__Host-" : ""}paceline_${name}`;
}

/** A `Set-Cookie` line; an age of 0 takes the cookie away. */
export function toCookie(
  config: Pick<Config, "strava">,
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

/** Whether a request carries a session's cookie, good or not. */
export function carriesSession(
  headers: Headers,
  config: Pick<Config, "strava">,
): boolean {
  return (["access", "refresh"] as const).some((name) =>
    readCookies(headers, config, name).length > 0
  );
}

/** Every value that a request's cookies of this name have. */
export function readCookies(
  headers: Headers,
  config: Pick<Config, "strava">,
  name: CookieName,
): string[] {
  const prefix = `${cookieName(config, name)}=`;
  return (headers.get("cookie") ?? "").split(";")
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(prefix))
    .map((cookie) => cookie.slice(prefix.length));
}
