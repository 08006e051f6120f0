/** Longest stored user agent. Browsers send about 130 characters; longer ones only fill the disk. */
const MAX_LENGTH = 200;

/**
 * Returns the `User-Agent` header, cut to `MAX_LENGTH` and without control characters, which
 * PostgreSQL rejects and a terminal would obey.
 */
export function readUserAgent(headers: Headers): string | undefined {
  const text = headers.get("user-agent") ?? "";
  // deno-lint-ignore no-control-regex -- control characters are removed here
  const clean = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "").trim();
  return clean.slice(0, MAX_LENGTH) || undefined;
}
