import { FileRefused } from "./file_refused.ts";
import { parseFit } from "./fit/parse_fit.ts";
import { isFitHeader } from "./fit/parts.ts";
import { gunzip, isGzip } from "./gunzip.ts";
import type { ParsedFile } from "./recording.ts";
import { decodeXml } from "./xml/decode_text.ts";
import { parseGpx } from "./xml/gpx.ts";
import { parseTcx } from "./xml/tcx.ts";

/** Largest file in bytes, compressed or not. A day with a record each second has 60 MB as TCX. */
export const MAX_FILE_BYTES = 100_000_000;

/** Characters at the start of a file in which the root element is looked for. */
const HEAD = 4000;

/**
 * Parses a FIT, GPX or TCX file, each also gzipped. The content decides, not the name. Throws
 * `FileRefused` if no activity can be read from it. The work is bounded by `maxBytes`; run it in
 * a worker if the thread also answers requests.
 */
export function parseActivityFile(
  bytes: Uint8Array,
  { maxBytes = MAX_FILE_BYTES, now = new Date() }: {
    maxBytes?: number;
    /** Records later than a day after this time are refused. */
    now?: Date;
  } = {},
): ParsedFile {
  if (bytes.length === 0) throw new FileRefused("empty");
  if (bytes.length > maxBytes) throw new FileRefused("too_large");
  const plain = isGzip(bytes) ? gunzip(bytes, { maxBytes }) : bytes;
  if (plain.length === 0) throw new FileRefused("empty");
  if (isFitHeader(plain)) return parseFit(plain, { now });
  if (!looksLikeXml(plain)) throw new FileRefused("unknown_format");
  const text = decodeXml(plain);
  if (/<!DOCTYPE[^>]*\[/.test(text.slice(0, HEAD))) {
    throw new FileRefused("entities");
  }
  const root = findRoot(text);
  if (root === "gpx") return parseGpx(text, { now });
  if (root === "TrainingCenterDatabase") return parseTcx(text, { now });
  throw new FileRefused("unknown_format");
}

/** Reports whether the first byte that is no white space and no byte-order mark is `<`. */
function looksLikeXml(bytes: Uint8Array): boolean {
  const first = bytes.subarray(0, HEAD).find((byte) =>
    byte > 0x20 && ![0xef, 0xbb, 0xbf, 0xfe, 0xff].includes(byte)
  );
  return first === 0x3c;
}

/** Returns the name of the first element without its prefix. */
function findRoot(text: string): string | undefined {
  const [, name] = /<(?:[\w.-]+:)?([A-Za-z]\w*)/.exec(
    text.slice(0, HEAD).replaceAll(/<!--[^]*?(-->|$)/g, ""),
  ) ?? [];
  return name;
}
