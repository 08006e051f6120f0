import { FileRefused } from "../file_refused.ts";
import { computeCrc } from "./crc.ts";

/** One of the FIT files that are chained in a file. */
export interface Part {
  /** Offsets of the messages, without header and checksum. */
  readonly start: number;
  readonly end: number;
  /** False if the checksum is wrong. */
  readonly isIntact: boolean;
  /** True if the file ends before the size that the header states. */
  readonly isCut: boolean;
  /** True if the header states another size than the file has. */
  readonly hasWrongSize: boolean;
}

const SMALLEST_HEADER = 12;
const CRC_BYTES = 2;
/** Parts that are read. Devices write five at most. */
const MAX_PARTS = 20;

/** Reports whether a FIT header begins at an offset. */
export function isFitHeader(bytes: Uint8Array, at = 0): boolean {
  return bytes.length >= at + SMALLEST_HEADER &&
    bytes[at]! >= SMALLEST_HEADER && bytes[at + 8] === 0x2e &&
    bytes[at + 9] === 0x46 && bytes[at + 10] === 0x49 &&
    bytes[at + 11] === 0x54;
}

/**
 * Divides a file into its chained parts. If the size in the first header is wrong and the
 * checksum fits at the end of the file, the whole file is one part. Bytes that follow the last
 * part and are not a FIT file are ignored.
 */
export function splitParts(bytes: Uint8Array): Part[] {
  if (!isFitHeader(bytes)) throw new FileRefused("unknown_format");
  const parts: Part[] = [];
  for (let at = 0; isFitHeader(bytes, at) && parts.length < MAX_PARTS;) {
    const part = readPart(bytes, at);
    parts.push(part);
    at = part.end + CRC_BYTES;
  }
  return parts;
}

function readPart(bytes: Uint8Array, at: number): Part {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = at + bytes[at]!;
  const size = view.getUint32(at + 4, true);
  const stated = start + size;
  const fits = (end: number) =>
    end + CRC_BYTES <= bytes.length && end >= start &&
    computeCrc(bytes, at, end) === view.getUint16(end, true);
  if (size > 0 && fits(stated)) {
    return {
      start,
      end: stated,
      isIntact: true,
      isCut: false,
      hasWrongSize: false,
    };
  }
  const last = bytes.length - CRC_BYTES;
  // Only for the first part: for each of many parts it would read the whole rest.
  if (at === 0 && stated !== last && fits(last)) {
    return {
      start,
      end: last,
      isIntact: true,
      isCut: false,
      hasWrongSize: true,
    };
  }
  // A device that lost power leaves 0 or a size that it never reached. If other bytes than a
  // FIT file follow, the size is wrong.
  const isShort = size === 0 || stated > bytes.length ||
    (at === 0 && stated < last && !isFitHeader(bytes, stated + CRC_BYTES));
  if (isShort) {
    const end = Math.max(start, stated > bytes.length ? bytes.length : last);
    return { start, end, isIntact: false, isCut: true, hasWrongSize: true };
  }
  return {
    start,
    end: stated,
    isIntact: false,
    isCut: stated > last,
    hasWrongSize: false,
  };
}
