import { createHash } from "node:crypto";

/** Returns a strong entity tag for a body: the same bytes have the same tag in every process. */
export function createEntityTag(body: Uint8Array): string {
  const hash = createHash("sha256").update(body).digest("base64url");
  return `"${hash.slice(0, 22)}"`;
}

/** Returns the tag of the same body in an encoding. Other bytes need another strong tag. */
export function tagEncoding(tag: string, encoding: string): string {
  return `${tag.slice(0, -1)}-${encoding}"`;
}

/**
 * Reports whether the client has the body that `tag` names, in whatever encoding. Proxies weaken the
 * tags of bodies that they compress; for a read a weak tag is as good (RFC 9110, section 13.1.2).
 */
export function matchesTag(header: string, tag: string): boolean {
  if (header === tag) return true;
  return header.split(",").some((part) => {
    const given = part.trim().replace(/^W\//, "").replace(/-(br|gzip)"$/, '"');
    return given === "*" || given === tag;
  });
}

/** Reports whether nothing has changed since `If-Modified-Since`. Dates in HTTP have whole seconds. */
export function isUnmodified(header: string, lastModified: Date): boolean {
  const since = Date.parse(header);
  return since >= Math.floor(lastModified.getTime() / 1000) * 1000;
}
