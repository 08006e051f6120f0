/** Browsers' are about 130 long; more is somebody's attempt to fill the disk. */
const MAX_LENGTH = 200;

/**
 * What a client calls itself in `User-Agent`: not longer than that, and nothing that PostgreSQL or
 * a terminal trips over.
 */
export function readUserAgent(headers: Headers): string | undefined {
  const text = headers.get("user-agent") ?? "";
  // deno-lint-ignore no-control-regex -- these are what must go
  const clean = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "").trim();
  return clean.slice(0, MAX_LENGTH) || undefined;
}
