import { createHash, createHmac } from "node:crypto";
import { toBase64Url } from "../crypto/base64url.ts";
import type { Config } from "../config.ts";

/** The kind of a token: `pa` access token, `pr` refresh token, `ps` share token. */
export type TokenKind = "pa" | "pr" | "ps";

const SECRET_BYTES = 32;
const PREFIX_LENGTH = 8;
const ALPHANUMERIC =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const TOKEN = /^(p[ars])_[\w-]{43}$/;
const API_KEY = /^pl_[A-Za-z0-9]{8}_[\w-]{43}$/;

/** Creates a token: its kind, `_` and 256 random bits as 43 characters of base64url. */
export function createToken(kind: TokenKind): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return `${kind}_${toBase64Url(bytes)}`;
}

/**
 * Derives a token from another with the instance's secret. Repeating a request yields the same
 * token, and the stored hashes do not reveal it.
 */
export function deriveToken(
  kind: TokenKind,
  { from, config }: { from: string; config: Pick<Config, "stateSecret"> },
): string {
  const bytes = createHmac("sha256", config.stateSecret)
    .update(`paceline token ${kind}\n${from}`).digest();
  return `${kind}_${toBase64Url(bytes)}`;
}

/** Reports whether a text has the form of a token of this kind. */
export function isToken(text: string, kind: TokenKind): boolean {
  return TOKEN.exec(text)?.[1] === kind;
}

/** Reports whether a text has the form of an API key: `pl_`, an 8-character prefix, `_` and 43 more. */
export function isApiKey(text: string): boolean {
  return API_KEY.test(text);
}

/** Creates an API key and returns it with the prefix that identifies it later. */
export function createApiKeyText(): { text: string; prefix: string } {
  const bytes = crypto.getRandomValues(new Uint8Array(PREFIX_LENGTH));
  // Some letters are slightly more likely. That is harmless: only the rest is secret.
  const letters = [...bytes].map((byte) => ALPHANUMERIC[byte % 62]).join("");
  const prefix = `pl_${letters}`;
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return { text: `${prefix}_${toBase64Url(secret)}`, prefix };
}

/** Returns the stored form of a token: SHA-256. 256 random bits need no slower hash. */
export function hashToken(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}
