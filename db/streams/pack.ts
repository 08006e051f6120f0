/** The values of a stream. NaN is a missing value. */
export type StreamValues =
  | Float64Array
  | Float32Array
  | Uint8Array
  | readonly number[];

/** Bytes before the numbers: their width and the first value. */
const HEADER_BYTES = 5;
const LARGEST = 2 ** 31 - 1;

/**
 * Packs a stream for the database: whole multiples of `1 / unit`, as differences in the fewest bytes
 * that hold them all. PostgreSQL then compresses them. The function `unpack_stream` in the database
 * must read the same form. Returns `null` if there is not one value.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const packed = packStream([120, 121.04, NaN, 119.5], 10)!;
 * assert.equal(packed.length, 9);
 * assert.deepEqual([...unpackStream(packed, 10)], [120, 121, NaN, 119.5]);
 * ```
 */
export function packStream(
  values: StreamValues,
  unit: number,
): Uint8Array | null {
  const { first, differences, width } = computeDifferences(values, unit);
  if (first === undefined) return null;
  const packed = new Uint8Array(HEADER_BYTES + width * differences.length);
  const view = new DataView(packed.buffer);
  view.setUint8(0, width);
  view.setInt32(1, first, true);
  const none = toNone(width);
  for (let i = 0; i < differences.length; i++) {
    const at = HEADER_BYTES + i * width;
    const each = differences[i]!;
    const number = Number.isNaN(each) ? none : each;
    if (width === 1) view.setInt8(at, number);
    else if (width === 2) view.setInt16(at, number, true);
    else view.setInt32(at, number, true);
  }
  return packed;
}

/** Unpacks a stream. */
export function unpackStream(packed: Uint8Array, unit: number): Float64Array {
  const view = new DataView(
    packed.buffer,
    packed.byteOffset,
    packed.byteLength,
  );
  const width = view.getUint8(0);
  const none = toNone(width);
  const values = new Float64Array((packed.length - HEADER_BYTES) / width);
  let value = view.getInt32(1, true);
  for (let i = 0; i < values.length; i++) {
    const at = HEADER_BYTES + i * width;
    const number = width === 1
      ? view.getInt8(at)
      : width === 2
      ? view.getInt16(at, true)
      : view.getInt32(at, true);
    values[i] = number === none ? NaN : (value += number) / unit;
  }
  return values;
}

/** Returns the number that stands for a missing value. */
function toNone(width: number): number {
  return -(2 ** (8 * width - 1));
}

/** Returns the first value, the difference of each value from the one before, and their width. */
function computeDifferences(
  values: StreamValues,
  unit: number,
): { first: number | undefined; differences: Float64Array; width: 1 | 2 | 4 } {
  const differences = new Float64Array(values.length);
  let first: number | undefined;
  let last = 0;
  let widest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) {
      differences[i] = NaN;
      continue;
    }
    const whole = Math.round(value * unit);
    if (first === undefined) first = last = clamp(whole);
    // An impossible jump is cut, and the values after it catch up.
    const difference = clamp(whole - last);
    last += difference;
    differences[i] = difference;
    widest = Math.max(widest, Math.abs(difference));
  }
  const width = widest < 128 ? 1 : widest < 32_768 ? 2 : 4;
  return { first, differences, width };
}

function clamp(value: number): number {
  return Math.max(-LARGEST, Math.min(LARGEST, value));
}
