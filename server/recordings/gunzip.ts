import { gunzipSync } from "node:zlib";
import { FileRefused } from "./file_refused.ts";

/** Bytes that one compressed byte may become. XML of real devices stays below 60. */
const MAX_RATIO = 200;
const FREE_BYTES = 1_000_000;

/** Reports whether bytes begin like a gzip file. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Decompresses a gzip file of one or more members and stops at the limit. */
export function gunzip(
  bytes: Uint8Array,
  { maxBytes }: { maxBytes: number },
): Uint8Array {
  const byRatio = bytes.length * MAX_RATIO + FREE_BYTES;
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.min(maxBytes, byRatio) });
  } catch (cause) {
    const { code } = cause as { code?: string };
    throw code === "ERR_BUFFER_TOO_LARGE"
      ? new FileRefused("too_large", "its content grows beyond the limit")
      : new FileRefused("damaged", "it cannot be decompressed", { cause });
  }
}
