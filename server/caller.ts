import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Caller } from "./context.ts";

const COMPARE_KEY = randomBytes(32);

/**
 * Who sends a request, by `X-API-Key` or `Authorization: Bearer`. A wrong key is never taken for
 * none, so that a typing error does not look like missing data.
 */
export function readCaller(headers: Headers, apiKey: string): Caller {
  const given = [
    headers.get("x-api-key"),
    readBearer(headers.get("authorization")),
  ]
    .filter((key) => key !== null);
  if (given.length > 1) {
    return { kind: "refused", reason: "too_many_credentials" };
  }
  const [key] = given;
  if (key === undefined) return { kind: "anonymous" };
  return equals(key, apiKey)
    ? { kind: "admin" }
    : { kind: "refused", reason: "invalid_api_key" };
}

/** What follows `Bearer`, be it nothing or no key; other schemes are a proxy's business. */
function readBearer(header: string | null): string | null {
  return /^bearer(?:\s+|$)(.*)$/i.exec(header ?? "")?.[1] ?? null;
}

/** Compares digests under a key of this process: the time tells neither the content nor the length. */
function equals(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Uint8Array {
  return createHmac("sha256", COMPARE_KEY).update(text).digest();
}
