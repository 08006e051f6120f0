/**
 * Reports whether a header holds one of our credentials, valid or not. Cookies are then ignored.
 * `Basic` does not count: browsers send a proxy's password on their own.
 */
export function hasCredential(headers: Headers): boolean {
  return headers.has("x-api-key") || readBearer(headers) !== null;
}

/**
 * Returns the text after `Bearer`, empty or invalid included, or null without one. A proxy's
 * `Authorization` header may come first: two headers arrive joined by a comma.
 */
export function readBearer(headers: Headers): string | null {
  const header = headers.get("authorization") ?? "";
  return /(?:^|,\s*)bearer(?:\s+|$)(.*)$/i.exec(header)?.[1] ?? null;
}
