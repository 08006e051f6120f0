import { fromBase64Url, toBase64Url } from "../crypto/base64url.ts";

/** A state that came back whole and in time. */
export interface OauthState {
  /** Used up in the database: a state is good for one return. */
  nonce: string;
  expiresAt: Date;
  /** The id of the session in which the athlete is connected. */
  session: string | undefined;
}

/** What a state is made of and checked with. */
export interface StateOptions {
  secret: string;
  /** The browser's cookie: a state that another browser brings back is refused. */
  browser: string;
  now: number;
}

/** Beside these, what a new state says. */
export interface NewStateOptions extends StateOptions {
  /** The id of the session in which the athlete is connected; none for the instance's own. */
  session?: string | undefined;
}

/** How long an athlete may take at Strava's consent page. */
export const STATE_LIFETIME_MS = 10 * 60 * 1000;

const NONCE_BYTES = 16;
const STATE = /^(([\w-]{22})\.(\d{13,15})(?:\.([0-9a-f-]{36}))?)\.([\w-]{43})$/;

/**
 * A state for the sign-in at Strava, `<nonce>.<expiry>[.<session>].<signature>`: 128 random bits, a
 * time, the id of a session, and HMAC-SHA-256 over all and the browser's cookie.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const options = { secret: "s".repeat(32), browser: "cookie", now: Date.now() };
 * const state = await createState(options);
 * assert.ok(await readState(state, options));
 * assert.equal(await readState(state, { ...options, browser: "other" }), undefined);
 * ```
 */
export async function createState(
  { secret, browser, now, session }: NewStateOptions,
): Promise<string> {
  const nonce = randomText(NONCE_BYTES);
  const parts = [nonce, now + STATE_LIFETIME_MS, ...(session ? [session] : [])];
  const payload = parts.join(".");
  const signature = await crypto.subtle.sign(
    "HMAC",
    await importKey(secret),
    signedBytes(payload, browser),
  );
  return `${payload}.${toBase64Url(new Uint8Array(signature))}`;
}

/** The state, or `undefined` for one that is forged, expired or another browser's. */
export async function readState(
  text: string,
  { secret, browser, now }: StateOptions,
): Promise<OauthState | undefined> {
  const [, payload, nonce, expiry, session, signature] = STATE.exec(text) ?? [];
  if (!payload || !nonce || !expiry || !signature) return undefined;
  // `verify` compares in constant time.
  const valid = await crypto.subtle.verify(
    "HMAC",
    await importKey(secret),
    fromBase64Url(signature),
    signedBytes(payload, browser),
  );
  const expiresAt = Number(expiry);
  if (!valid || expiresAt <= now) return undefined;
  return { nonce, expiresAt: new Date(expiresAt), session };
}

/** Random bytes as base64url text. */
export function randomText(bytes: number): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));
}

function signedBytes(
  payload: string,
  browser: string,
): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(
    `paceline oauth state\n${payload}\n${browser}`,
  );
}

function importKey(secret: string): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(secret),
    algorithm,
    false,
    [
      "sign",
      "verify",
    ],
  );
}
