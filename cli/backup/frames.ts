import type { BackupPart } from "../../db/backup/parts.ts";
import type { ByteReader } from "./byte_reader.ts";
import { BackupFileError } from "./file_error.ts";

// A frame is a byte for its kind, four bytes for the length, and the content.

const JSON_KIND = 1;
const ROWS_KIND = 2;
const HEAD_BYTES = 5;
/** Most bytes of a frame. PostgreSQL limits a value to 1 GB, and Paceline's are far smaller. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Encodes a part of a backup. */
export function toFrame(part: BackupPart): Uint8Array {
  const content = part.kind === "rows"
    ? part.bytes
    : new TextEncoder().encode(JSON.stringify(part));
  const frame = new Uint8Array(HEAD_BYTES + content.length);
  frame[0] = part.kind === "rows" ? ROWS_KIND : JSON_KIND;
  new DataView(frame.buffer).setUint32(1, content.length);
  frame.set(content, HEAD_BYTES);
  return frame;
}

/**
 * Reads the next part; `undefined` at the end.
 *
 * @throws {BackupFileError} if there is something else.
 */
export async function readFrame(
  reader: ByteReader,
): Promise<BackupPart | undefined> {
  const head = await reader.read(HEAD_BYTES);
  if (!head) return undefined;
  const length = new DataView(head.buffer, head.byteOffset).getUint32(1);
  const content = length <= MAX_BYTES ? await reader.read(length) : undefined;
  if (content && head[0] === ROWS_KIND) return { kind: "rows", bytes: content };
  if (content && head[0] === JSON_KIND) {
    try {
      return JSON.parse(new TextDecoder().decode(content));
    } catch {
      // The error below says it.
    }
  }
  throw new BackupFileError("The backup is damaged: its data cannot be read");
}
