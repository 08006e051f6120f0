import { fromBase64Url, toBase64Url } from "./base64url.ts";

/** A state that came back whole and in time. */
export interface OauthState {
  /** Used up in the database: a state is good for one return. */
  nonce: string;
  expiresAt: Date;
}

/** What a state is made of and checked with. */
export interface StateOptions {
  secret: string;
  /** The browser's cookie: a state that another browser brings back is refused. */
  browser: string;
  now: number;
}

/** How long an athlete may take at Strava's consent page. */
export const STATE_LIFETIME_MS = 10 * 60 * 1000;

const NONCE_BYTES = 16;

/**
 * A state for the sign-in at Strava, `<nonce>.<expiry>.<signature>`: 128 random bits, a time, and
 * HMAC-SHA-256 over both and the browser's cookie.
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
  { secret, browser, now }: StateOptions,
): Promise<string> {
  const nonce = randomText(NONCE_BYTES);
  const payload = `${nonce}.${now + STATE_LIFETIME_MS}`;
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
  const [, nonce, expiry, signature] =
    /^([\w-]{22})\.(\d{13,15})\.([\w-]{43})$/.exec(text) ?? [];
  if (!nonce || !expiry || !signature) return undefined;
  // `verify` compares in constant time.
  const valid = await crypto.subtle.verify(
    "HMAC",
    await importKey(secret),
    fromBase64Url(signature),
    signedBytes(`${nonce}.${expiry}`, browser),
  );
  const expiresAt = Number(expiry);
  if (!valid || expiresAt <= now) return undefined;
  return { nonce, expiresAt: new Date(expiresAt) };
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
