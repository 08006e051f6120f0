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

const BLOCK = 512;
/** Longest name or attribute list that is read. */
const MAX_ATTRIBUTES = 100_000;
const CHECKSUM_AT = 148;
const SPACE = 0x20;

interface TarHeader {
  readonly name: string;
  readonly size: number;
  /** One character, such as `0` for a file and `5` for a folder. */
  readonly type: string;
}

/** Reports whether a block is the header of a TAR entry, by its checksum. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < BLOCK || block[0] === 0) return false;
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) {
    const isChecksum = i >= CHECKSUM_AT && i < CHECKSUM_AT + 8;
    sum += isChecksum ? SPACE : block[i]!;
  }
  return sum === parseOctal(block.subarray(CHECKSUM_AT, CHECKSUM_AT + 8));
}

/**
 * Yields the files of a TAR archive in one pass: the ustar format with the names and sizes of
 * pax and GNU. See POSIX.1-2017, pax, "ustar Interchange Format".
 */
export async function* readTar(
  reader: ByteReader,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  let longName: string | undefined;
  let longSize: number | undefined;
  while (true) {
    const block = await reader.take(BLOCK);
    // Two blocks of zeros end the archive. Some writers leave them out.
    if (block.length === 0 || (block.length === BLOCK && block[0] === 0)) {
      return;
    }
    if (!isTarHeader(block)) throw new ArchiveRefused("damaged");
    const header = parseHeader(block);
    const size = longSize ?? header.size;
    if (!Number.isSafeInteger(size)) throw new ArchiveRefused("damaged");
    if (/[xgLK]/.test(header.type)) {
      const text = await readText(reader, header.size);
      if (header.type === "L") longName = text.replace(/\0.*$/s, "");
      else if (header.type === "x") {
        const attributes = parseAttributes(text);
        longName = attributes.get("path") ?? longName;
        const stated = attributes.get("size");
        longSize = stated === undefined ? longSize : Number(stated);
      }
      continue;
    }
    const name = longName ?? header.name;
    longName = undefined;
    longSize = undefined;
    let isRead = false;
    if (header.type !== "5" && !name.endsWith("/")) {
      yield {
        name,
        size,
        async bytes({ maxBytes = MAX_FILE_BYTES } = {}) {
          if (isRead) throw new TypeError("Cannot read an entry twice or late");
          isRead = true;
          return await readContent(reader, { ...header, name, size }, maxBytes);
        },
      };
    }
    if (!isRead) {
      isRead = true;
      if (!await reader.pass(toBlocks(size))) {
        throw new ArchiveRefused("damaged");
      }
    }
  }
}

const toBlocks = (size: number) => Math.ceil(size / BLOCK) * BLOCK;

function parseHeader(block: Uint8Array): TarHeader {
  const text = (from: number, to: number) =>
    new TextDecoder().decode(block.subarray(from, to)).replace(/\0.*$/s, "");
  const isUstar = text(257, 262) === "ustar";
  const prefix = isUstar ? text(345, 500) : "";
  return {
    name: prefix ? `${prefix}/${text(0, 100)}` : text(0, 100),
    size: parseSize(block.subarray(124, 136)),
    type: block[156] === 0 ? "0" : String.fromCharCode(block[156]!),
  };
}

function parseOctal(bytes: Uint8Array): number {
  const [digits] = /[0-7]+/.exec(String.fromCharCode(...bytes)) ?? [];
  return digits === undefined ? 0 : parseInt(digits, 8);
}

/** Parses a size: octal digits, or the binary number of GNU for files above 8 GB. */
function parseSize(bytes: Uint8Array): number {
  if ((bytes[0]! & 0x80) === 0) return parseOctal(bytes);
  return bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Parses the lines `length key=value` of a pax header. */
function parseAttributes(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^\d+ ([^=\n]+)=(.*)$/gm)].map(
      ([, key, value]) => [key!, value!],
    ),
  );
}

async function readText(reader: ByteReader, size: number): Promise<string> {
  if (size > MAX_ATTRIBUTES) throw new ArchiveRefused("damaged");
  const bytes = await reader.take(toBlocks(size));
  if (bytes.length < size) throw new ArchiveRefused("damaged");
  return new TextDecoder().decode(bytes.subarray(0, size));
}

async function readContent(
  reader: ByteReader,
  { name, size, type }: TarHeader,
  maxBytes: number,
): Promise<Uint8Array> {
  const fault: EntryRefusalReason | undefined = findNameFault(name) ??
    (/[12]/.test(type) ? "link" : undefined) ??
    (/[07]/.test(type) ? undefined : "unsupported");
  const sink = createSink(fault ? 0 : maxBytes);
  const isWhole = await reader.pass(size, sink.add) &&
    await reader.pass(toBlocks(size) - size);
  if (fault) throw new EntryRefused(fault);
  if (!isWhole) throw new EntryRefused("damaged");
  if (sink.isOver()) throw new EntryRefused("too_large");
  return sink.join();
}
