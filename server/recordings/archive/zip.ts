import { crc32, inflateRawSync } from "node:zlib";
import { MAX_FILE_BYTES } from "../parse_activity_file.ts";
import {
  type ArchiveEntry,
  ArchiveRefused,
  createSink,
  type EntryRefusalReason,
  EntryRefused,
  findNameFault,
} from "./archive_entry.ts";
import type { ByteReader } from "./byte_reader.ts";
import { type Descriptor, passDescribed } from "./zip_descriptor.ts";

const LOCAL_HEADER = 0x04034b50;
/** The central directory, its end, and the records around them, which follow the last entry. */
const AFTER_ENTRIES = new Set([
  0x02014b50,
  0x05054b50,
  0x06054b50,
  0x06064b50,
  0x08064b50,
]);
const HEADER_BYTES = 30;
const IN_ZIP64 = 0xffffffff;
const ZIP64_FIELD = 1;
const ENCRYPTED = 1;
const HAS_DESCRIPTOR = 8;
const STORED = 0;
const DEFLATED = 8;

interface LocalHeader {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
}

/**
 * Yields the entries of a ZIP archive in one pass, by their local headers. Nothing but the entry
 * that is read is kept in memory. See PKWARE's APPNOTE.TXT, 4.3 and 4.5.
 */
export async function* readZip(
  reader: ByteReader,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  while (true) {
    if (!await reader.fill(4)) throw new ArchiveRefused("damaged");
    const signature = toView(reader.buffered).getUint32(0, true);
    if (AFTER_ENTRIES.has(signature)) return;
    if (signature !== LOCAL_HEADER) throw new ArchiveRefused("damaged");
    const header = await readHeader(reader);
    let isRead = false;
    const read = async (maxBytes: number) => {
      if (isRead) throw new TypeError("Cannot read an entry twice or late");
      isRead = true;
      return await readContent(reader, header, maxBytes);
    };
    const isFolder = header.name.endsWith("/") && header.size === 0;
    if (!isFolder) {
      yield {
        name: header.name,
        size: header.flags & HAS_DESCRIPTOR ? null : header.size,
        bytes: ({ maxBytes = MAX_FILE_BYTES } = {}) => read(maxBytes),
      };
    }
    if (!isRead) {
      isRead = true;
      if (!await passContent(reader, header, () => {})) {
        throw new ArchiveRefused("damaged");
      }
    }
  }
}

const toView = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

async function readHeader(reader: ByteReader): Promise<LocalHeader> {
  const fixed = toView(await reader.take(HEADER_BYTES));
  if (fixed.byteLength < HEADER_BYTES) throw new ArchiveRefused("damaged");
  const flags = fixed.getUint16(6, true);
  const nameSize = fixed.getUint16(26, true);
  const extraSize = fixed.getUint16(28, true);
  const rest = await reader.take(nameSize + extraSize);
  if (rest.length < nameSize + extraSize) throw new ArchiveRefused("damaged");
  let compressedSize = fixed.getUint32(18, true);
  let size = fixed.getUint32(22, true);
  for (const field of listExtraFields(rest.subarray(nameSize))) {
    if (field.id !== ZIP64_FIELD) continue;
    let at = 0;
    const next = () => {
      const value = at + 8 <= field.view.byteLength
        ? Number(field.view.getBigUint64(at, true))
        : undefined;
      at += 8;
      return value;
    };
    if (size === IN_ZIP64) size = next() ?? size;
    if (compressedSize === IN_ZIP64) compressedSize = next() ?? compressedSize;
  }
  return {
    name: decodeName(rest.subarray(0, nameSize)),
    flags,
    method: fixed.getUint16(8, true),
    crc: fixed.getUint32(14, true),
    compressedSize,
    size,
  };
}

function listExtraFields(bytes: Uint8Array): { id: number; view: DataView }[] {
  const fields: { id: number; view: DataView }[] = [];
  const view = toView(bytes);
  for (let at = 0; at + 4 <= bytes.length;) {
    const size = view.getUint16(at + 2, true);
    fields.push({
      id: view.getUint16(at, true),
      view: toView(bytes.subarray(at + 4, at + 4 + size)),
    });
    at += 4 + size;
  }
  return fields;
}

/** Decodes a name as UTF-8, else as Windows-1252. Windows programs may write backslashes. */
function decodeName(bytes: Uint8Array): string {
  let name: string;
  try {
    name = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    name = new TextDecoder("windows-1252").decode(bytes);
  }
  return name.replaceAll("\\", "/");
}

/** Passes the stored bytes of an entry on. Returns the sizes and the CRC; null at a cut end. */
async function passContent(
  reader: ByteReader,
  { flags, compressedSize, size, crc }: LocalHeader,
  onPiece: (piece: Uint8Array) => void,
): Promise<Descriptor | null> {
  if (flags & HAS_DESCRIPTOR) return await passDescribed(reader, onPiece);
  return await reader.pass(compressedSize, onPiece) ? { crc, size } : null;
}

/** Reads an entry to its end, also one that is refused, and returns its content. */
async function readContent(
  reader: ByteReader,
  header: LocalHeader,
  maxBytes: number,
): Promise<Uint8Array> {
  const fault = findFault(header);
  const sink = createSink(fault ? 0 : maxBytes);
  const descriptor = await passContent(reader, header, sink.add);
  if (fault) throw new EntryRefused(fault);
  if (descriptor === null) throw new EntryRefused("damaged");
  if (sink.isOver() || descriptor.size > maxBytes) {
    throw new EntryRefused("too_large");
  }
  const content = header.method === STORED
    ? sink.join()
    : inflate(sink.join(), maxBytes);
  const { crc, size } = descriptor;
  if (content.length !== size || crc32(content) !== crc) {
    throw new EntryRefused("damaged");
  }
  return content;
}

function findFault(
  { name, flags, method }: LocalHeader,
): EntryRefusalReason | undefined {
  if (flags & ENCRYPTED) return "encrypted";
  if (method !== STORED && method !== DEFLATED) return "unsupported";
  return findNameFault(name);
}

function inflate(bytes: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    const { code } = cause as { code?: string };
    throw new EntryRefused(
      code === "ERR_BUFFER_TOO_LARGE" ? "too_large" : "damaged",
      { cause },
    );
  }
}
