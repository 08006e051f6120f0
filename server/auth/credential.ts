/**
 * Whether a header has a credential of ours, good or not: it stands alone, and cookies beside it are
 * not looked at. Basic is none: a browser sends a proxy's password along by itself.
 */
export function hasCredential(headers: Headers): boolean {
  return headers.has("x-api-key") || readBearer(headers) !== null;
}

/**
 * What follows `Bearer`, be it nothing or no key; other schemes are a proxy's business, whose header
 * may stand before ours: two arrive as one with a comma.
 */
export function readBearer(headers: Headers): string | null {
  const header = headers.get("authorization") ?? "";
  return /(?:^|,\s*)bearer(?:\s+|$)(.*)$/i.exec(header)?.[1] ?? null;
}
