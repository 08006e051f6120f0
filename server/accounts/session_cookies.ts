import type { Context } from "../context.ts";
import { toCookie } from "../auth/cookies.ts";
import type { IssuedTokens } from "./sessions.ts";

/**
 * Gives the tokens to a browser. The access cookie comes along when a link from another site leads
 * here, the refresh cookie only from the site itself.
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

/** Takes both cookies away. */
export function clearSessionCookies({ cookies, config }: Context): void {
  const gone = { value: "", maxAgeSeconds: 0 };
  cookies.push(
    toCookie(config, { name: "access", ...gone, sameSite: "Lax" }),
    toCookie(config, { name: "refresh", ...gone, sameSite: "Strict" }),
  );
}

/** At least one: a cookie of an age of 0 would be taken away. */
function toSeconds(end: Date, now: number): number {
  return Math.max(1, Math.floor((end.getTime() - now) / 1000));
}
