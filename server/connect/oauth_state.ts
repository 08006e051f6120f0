import { fromBase64Url, toBase64Url } from "../crypto/base64url.ts";
import { createRandomText } from "../crypto/random_text.ts";

/** A valid OAuth state. */
export interface OauthState {
  /** Random text. The database stores it on use, so that a state is accepted once. */
  nonce: string;
  expiresAt: Date;
  /** The session that connects the athlete, or `undefined` for the instance's own athlete. */
  sessionId: string | undefined;
}

/** Options to create and to check a state. */
export interface StateOptions {
  secret: string;
  /** Value of the browser's cookie. Another browser cannot use the state. */
  browserToken: string;
  now: number;
}

/** Options of a new state. */
export interface NewStateOptions extends StateOptions {
  /** The session that connects the athlete. Omitted for the instance's own athlete. */
  sessionId?: string | undefined;
}

/** Time that an athlete may take at Strava's consent page, in milliseconds. */
export const STATE_LIFETIME_MS = 10 * 60 * 1000;

const NONCE_BYTES = 16;
const STATE_PATTERN =
  /^(([\w-]{22})\.(\d{13,15})(?:\.([0-9a-f-]{36}))?)\.([\w-]{43})$/;

/**
 * Creates a state for the sign-in at Strava, `<nonce>.<expiry>[.<session>].<signature>`: 128 random
 * bits, a time in milliseconds, the id of a session, and HMAC-SHA-256 over these and the browser's
 * cookie.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const options = { secret: "s".repeat(32), browserToken: "cookie", now: Date.now() };
 * const state = await createState(options);
 * assert.ok(await parseState(state, options));
 * assert.equal(await parseState(state, { ...options, browserToken: "other" }), undefined);
 * ```
 */
export async function createState(
  { secret, browserToken, now, sessionId }: NewStateOptions,
): Promise<string> {
  const nonce = createRandomText(NONCE_BYTES);
  const expiry = now + STATE_LIFETIME_MS;
  const payload = [nonce, expiry, ...(sessionId ? [sessionId] : [])].join(".");
  const signature = await crypto.subtle.sign(
    "HMAC",
    await importKey(secret),
    toSignedBytes(payload, browserToken),
  );
  return `${payload}.${toBase64Url(new Uint8Array(signature))}`;
}

/** Parses and checks a state. Returns `undefined` if it is forged, expired or from another browser. */
export async function parseState(
  text: string,
  { secret, browserToken, now }: StateOptions,
): Promise<OauthState | undefined> {
  const [, payload, nonce, expiry, sessionId, signature] =
    STATE_PATTERN.exec(text) ?? [];
  if (!payload || !nonce || !expiry || !signature) return undefined;
  // `verify` compares in constant time.
  const isValid = await crypto.subtle.verify(
    "HMAC",
    await importKey(secret),
    fromBase64Url(signature),
    toSignedBytes(payload, browserToken),
  );
  const expiresAt = Number(expiry);
  if (!isValid || expiresAt <= now) return undefined;
  return { nonce, expiresAt: new Date(expiresAt), sessionId };
}

function toSignedBytes(
  payload: string,
  browserToken: string,
): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(
    `paceline oauth state\n${payload}\n${browserToken}`,
  );
}

function importKey(secret: string): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey(
    "raw",
    new TextEncoder().encode(secret),
    algorithm,
    false,
    ["sign", "verify"],
  );
}
