import { equalsSecret } from "./constant_time.ts";
import type { Caller } from "./context.ts";

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
  return equalsSecret(key, apiKey)
    ? { kind: "admin" }
    : { kind: "refused", reason: "invalid_api_key" };
}

/** What follows `Bearer`, be it nothing or no key; other schemes are a proxy's business. */
function readBearer(header: string | null): string | null {
  return /^bearer(?:\s+|$)(.*)$/i.exec(header ?? "")?.[1] ?? null;
}
