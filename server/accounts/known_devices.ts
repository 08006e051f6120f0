import { createHmac } from "node:crypto";
import { readCookies, toCookie } from "../auth/cookies.ts";
import type { Context } from "../context.ts";
import { equalsSecret } from "../crypto/constant_time.ts";
import { createRandomText } from "../crypto/random_text.ts";

const LIFETIME_SECONDS = 365 * 24 * 60 * 60;
const NONCE_BYTES = 16;

type DeviceContext = Pick<Context, "config" | "headers">;

/**
 * Marks the browser as one in which the user has logged in (OWASP: device cookies). Its later logins
 * are counted apart, so that strangers who guess passwords cannot shut it out.
 *
 * The cookie has the user's id, a random nonce and a signature. The server stores nothing of it. It
 * proves no identity: a login needs the password too.
 */
export function setDeviceCookie(
  { cookies, config }: Pick<Context, "cookies" | "config">,
  { userId }: { userId: string },
): void {
  const nonce = createRandomText(NONCE_BYTES);
  const value = [userId, nonce, sign({ config }, userId, nonce)].join(".");
  cookies.push(toCookie(config, {
    name: "device",
    value,
    maxAgeSeconds: LIFETIME_SECONDS,
    sameSite: "Strict",
  }));
}

/** Returns the nonce of a browser in which the user has logged in; `undefined` for others. */
export function findKnownDevice(
  ctx: DeviceContext,
  { userId }: { userId: string },
): string | undefined {
  const device = readDevice(ctx);
  return device?.userId === userId ? device.nonce : undefined;
}

function readDevice(
  { headers, config }: Pick<DeviceContext, "headers" | "config">,
): { userId: string; nonce: string } | undefined {
  const [value = ""] = readCookies(headers, config, "device");
  const [userId, nonce, signature] = value.split(".");
  if (!userId || !nonce || !signature) return undefined;
  const isValid = equalsSecret(signature, sign({ config }, userId, nonce));
  return isValid ? { userId, nonce } : undefined;
}

function sign(
  { config }: Pick<Context, "config">,
  userId: string,
  nonce: string,
): string {
  return createHmac("sha256", config.stateSecret)
    .update(`paceline device\n${userId}\n${nonce}`)
    .digest("base64url");
}
