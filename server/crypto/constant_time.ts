import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const COMPARE_KEY = randomBytes(32);

/** Compares two secrets in a time that depends on neither their content nor their length. */
export function equalsSecret(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Uint8Array {
  return createHmac("sha256", COMPARE_KEY).update(text).digest();
}
