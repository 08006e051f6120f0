import type { SessionTimes } from "../../db/sessions.ts";
import type { Context } from "../context.ts";
import { toCookie } from "./cookies.ts";

/** The two tokens of a session. Only their hashes are stored. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

/** A pair of tokens with their expiry times. */
export interface IssuedTokens extends Tokens, SessionTimes {}

/**
 * Sets the session's cookies. Browsers also send the access cookie when a link from another site
 * leads here; they send the refresh cookie only from the site itself.
 */
export function setSessionCookies(
  { cookies, config, now }: Context,
  tokens: IssuedTokens,
): void {
  cookies.push(
    toCookie(config, {
      name: "access",
      value: tokens.accessToken,
      maxAgeSeconds: toSeconds(tokens.accessExpiresAt, now()),
      sameSite: "Lax",
    }),
    toCookie(config, {
      name: "refresh",
      value: tokens.refreshToken,
      maxAgeSeconds: toSeconds(tokens.expiresAt, now()),
      sameSite: "Strict",
    }),
  );
}

/** Removes both cookies. */
export function clearSessionCookies({ cookies, config }: Context): void {
  const removed = { value: "", maxAgeSeconds: 0 };
  cookies.push(
    toCookie(config, { name: "access", ...removed, sameSite: "Lax" }),
    toCookie(config, { name: "refresh", ...removed, sameSite: "Strict" }),
  );
}

/** Returns the seconds until a time, at least 1: with a maximum age of 0 the browser removes the cookie. */
function toSeconds(end: Date, now: number): number {
  return Math.max(1, Math.floor((end.getTime() - now) / 1000));
}
