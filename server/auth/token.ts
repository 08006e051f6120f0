import { createHash, createHmac } from "node:crypto";
import { toBase64Url } from "../crypto/base64url.ts";
import type { Config } from "../config.ts";

/** What a token is for: an access token, a refresh token, a link to an athlete's statistics. */
export type TokenKind = "pa" | "pr" | "ps";

const SECRET_BYTES = 32;
const PREFIX_LENGTH = 8;
const ALPHANUMERIC =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const TOKEN = /^(p[ars])_[\w-]{43}$/;
const API_KEY = /^pl_[A-Za-z0-9]{8}_[\w-]{43}$/;

/** A new token: its kind and 256 random bits, such as `pa_` and 43 characters of base64url. */
export function createToken(kind: TokenKind): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return `${kind}_${toBase64Url(bytes)}`;
}

/**
 * The token that follows from another under the instance's secret: whoever repeats a question gets
 * the same answer, and what is stored tells it nobody.
 */
export function deriveToken(
  kind: TokenKind,
  { from, config }: { from: string; config: Pick<Config, "stateSecret"> },
): string {
  const bytes = createHmac("sha256", config.stateSecret)
    .update(`paceline token ${kind}\n${from}`).digest();
  return `${kind}_${toBase64Url(bytes)}`;
}

/** Whether a text has the form of such a token. */
export function isToken(text: string, kind: TokenKind): boolean {
  return TOKEN.exec(text)?.[1] === kind;
}

/** Whether a text has the form of a user's API key: `pl_`, 8 characters to know it by, `_`, 43 more. */
export function isApiKey(text: string): boolean {
  return API_KEY.test(text);
}

/** A new API key, and its beginning, by which it is known later. */
export function createApiKeyText(): { text: string; prefix: string } {
  const bytes = crypto.getRandomValues(new Uint8Array(PREFIX_LENGTH));
  // The secret is what follows: that some letters come a little more often gives nothing away.
  const letters = [...bytes].map((byte) => ALPHANUMERIC[byte % 62]).join("");
  const prefix = `pl_${letters}`;
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return { text: `${prefix}_${toBase64Url(secret)}`, prefix };
}

/** What is stored of a token: SHA-256, since 256 random bits need nothing slower. */
export function hashToken(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}
