import { toBase64Url } from "./base64url.ts";

/** Returns random bytes as base64url text, without padding. */
export function createRandomText(bytes: number): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));
}
