/** Writes ZIP and TAR archives for tests, also faulty ones. */
import { crc32, deflateRawSync } from "node:zlib";

/** An entry of a ZIP archive, and how it is written. */
export interface ZipEntry {
  name: string;
  data: Uint8Array;
  stored?: boolean;
  /** Sizes after the data: with or without a signature, 32 or 64 bits. */
  descriptor?: "signed" | "unsigned" | "signed64" | "unsigned64";
  zip64?: boolean;
  flags?: number;
  method?: number;
  crc?: number;
}

const encode = (text: string) => new TextEncoder().encode(text);

function numbers(
  ...list: readonly (readonly [bytes: number, value: number])[]
) {
  return list.flatMap(([bytes, value]) =>
    Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256)
  );
}

/** Returns the local header, the data and the descriptor of an entry. */
export function zipEntry(entry: ZipEntry): Uint8Array {
  const { data, descriptor, flags = 0, stored, zip64 } = entry;
  const packed = stored ? data : new Uint8Array(deflateRawSync(data));
  const name = encode(entry.name);
  const crc = entry.crc ?? crc32(data);
  const inHeader = descriptor ? [0, 0, 0] : [crc, packed.length, data.length];
  const wide = zip64 || descriptor?.endsWith("64");
  const extra = zip64
    ? numbers([2, 1], [2, 16], [8, inHeader[2]!], [8, inHeader[1]!])
    : [];
  const size = descriptor?.endsWith("64") ? 8 : 4;
  return new Uint8Array([
    ...numbers(
      [4, 0x04034b50],
      [2, wide ? 45 : 20],
      [2, flags | (descriptor ? 8 : 0) | 0x800],
      [2, entry.method ?? (stored ? 0 : 8)],
      [4, 0],
      [4, inHeader[0]!],
      [4, zip64 ? 0xffffffff : inHeader[1]!],
      [4, zip64 ? 0xffffffff : inHeader[2]!],
      [2, name.length],
      [2, extra.length],
    ),
    ...name,
    ...extra,
    ...packed,
    ...(descriptor?.startsWith("signed") ? numbers([4, 0x08074b50]) : []),
    ...(descriptor
      ? numbers([4, crc], [size, packed.length], [size, data.length])
      : []),
  ]);
}

/** Returns an archive. Its central directory has only as much as a reader in one pass sees. */
export function zipFile(
  entries: readonly (ZipEntry | Uint8Array)[],
): Uint8Array<ArrayBuffer> {
  const parts = entries.map((each) =>
    each instanceof Uint8Array ? each : zipEntry(each)
  );
  const end = new Uint8Array(numbers([4, 0x02014b50], [4, 0]));
  return join([...parts, end]);
}

/** Returns a header of TAR and the data, filled up to whole blocks. */
export function tarEntry(
  name: string,
  data: Uint8Array,
  { type = "0" }: { type?: string } = {},
): Uint8Array {
  const block = new Uint8Array(512 + Math.ceil(data.length / 512) * 512);
  block.set(encode(name).subarray(0, 100));
  block.set(encode(data.length.toString(8).padStart(11, "0")), 124);
  block.set(encode("        "), 148);
  block.set(encode(type), 156);
  block.set(encode("ustar\u000000"), 257);
  const sum = block.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  block.set(encode(sum.toString(8).padStart(6, "0") + "\0 "), 148);
  block.set(data, 512);
  return block;
}

/** Returns an archive with the two blocks of zeros at its end. */
export function tarFile(
  entries: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  return join([...entries, new Uint8Array(1024)]);
}

/** Joins pieces of bytes. */
export function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Returns a stream of bytes in pieces of a size. */
export function toStream(
  bytes: Uint8Array,
  pieceBytes = 65_536,
): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + pieceBytes));
      at += pieceBytes;
    },
  });
}
