import { type ByteReader, concat } from "./byte_reader.ts";

/** The sizes that follow the data of an entry whose writer did not know them before. */
export interface Descriptor {
  readonly crc: number;
  readonly size: number;
}

const LETTER_P = 0x50;
const LETTER_K = 0x4b;
const DESCRIPTOR = 0x08074b50;
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
/** Longest descriptor and the signature after it. */
const LOOK_AHEAD = 24 + 4;
/** Longest descriptor without a signature. */
const LOOK_BACK = 20;

/**
 * Passes the bytes of an entry on until its data descriptor, and takes the descriptor. It is found
 * by its compressed size, which must equal the bytes passed, so that data which look like a
 * signature do not end the entry. Returns null if the stream ends before.
 */
export async function passDescribed(
  reader: ByteReader,
  onPiece: (piece: Uint8Array) => void,
): Promise<Descriptor | null> {
  let passed = 0;
  // The last bytes are held back: they may be a descriptor without a signature.
  let held: Uint8Array = new Uint8Array(0);
  const release = (piece: Uint8Array) => {
    if (piece.length > 0) onPiece(piece);
  };
  while (true) {
    const isMore = await reader.fill(LOOK_AHEAD);
    const { buffered } = reader;
    if (buffered.length < 4) return null;
    const end = isMore ? buffered.length - LOOK_AHEAD + 1 : buffered.length - 3;
    let at = buffered.indexOf(LETTER_P);
    while (at >= 0 && at < end && buffered[at + 1] !== LETTER_K) {
      at = buffered.indexOf(LETTER_P, at + 1);
    }
    if (at < 0 || at >= end) at = end;
    const piece = reader.takeBuffered(at).slice();
    passed += piece.length;
    const tail = concat([held, piece]);
    held = tail.subarray(Math.max(0, tail.length - LOOK_BACK));
    release(tail.subarray(0, tail.length - held.length));
    if (at === end) {
      if (!isMore) return null;
      continue;
    }
    const signed = readSigned(reader.buffered, passed);
    if (signed) {
      reader.takeBuffered(signed.length);
      release(held);
      return signed;
    }
    const unsigned = readUnsigned(held, reader.buffered, passed);
    if (unsigned) {
      release(held.subarray(0, held.length - unsigned.length));
      return unsigned;
    }
    // Two letters of the data.
    const letter = concat([held, reader.takeBuffered(1)]);
    passed++;
    held = letter.subarray(Math.max(0, letter.length - LOOK_BACK));
    release(letter.subarray(0, letter.length - held.length));
  }
}

const toView = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function isNextHeader(view: DataView, at: number): boolean {
  if (at + 4 > view.byteLength) return false;
  const signature = view.getUint32(at, true);
  return signature === LOCAL_HEADER || signature === CENTRAL_HEADER;
}

/** Reads a descriptor with a signature at the start of the bytes. */
function readSigned(
  bytes: Uint8Array,
  passed: number,
): Descriptor & { length: number } | undefined {
  const view = toView(bytes);
  if (view.byteLength < 16 || view.getUint32(0, true) !== DESCRIPTOR) {
    return undefined;
  }
  const crc = view.getUint32(4, true);
  if (
    view.getUint32(8, true) === passed % 2 ** 32 && isNextHeader(view, 16)
  ) return { crc, size: view.getUint32(12, true), length: 16 };
  if (
    view.byteLength >= 24 && view.getBigUint64(8, true) === BigInt(passed) &&
    isNextHeader(view, 24)
  ) return { crc, size: Number(view.getBigUint64(16, true)), length: 24 };
  return undefined;
}

/** Reads a descriptor without a signature before the header of the next entry. */
function readUnsigned(
  held: Uint8Array,
  next: Uint8Array,
  passed: number,
): Descriptor & { length: number } | undefined {
  if (!isNextHeader(toView(next), 0)) return undefined;
  const view = toView(held);
  const at = held.length;
  if (at >= 12 && view.getUint32(at - 8, true) === passed - 12) {
    const crc = view.getUint32(at - 12, true);
    return { crc, size: view.getUint32(at - 4, true), length: 12 };
  }
  if (
    at >= 20 && view.getBigUint64(at - 16, true) === BigInt(passed - 20)
  ) {
    const crc = view.getUint32(at - 20, true);
    return { crc, size: Number(view.getBigUint64(at - 8, true)), length: 20 };
  }
  return undefined;
}
