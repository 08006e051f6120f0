/** Width of each base type in bytes, by the five-bit number of the FIT protocol. */
const WIDTHS = [1, 1, 1, 2, 2, 4, 4, 1, 4, 8, 1, 2, 4, 1, 8, 8, 8] as const;
const STRING = 7;

/** The raw value of each base type that stands for "no value". Floats use NaN. */
// deno-fmt-ignore
const INVALID: readonly (number | undefined)[] = [
  0xff, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, undefined, undefined, undefined,
  0, 0, 0, 0xff,
];

/** Place and type of a field in the data messages of a definition. */
export interface FieldPlace {
  readonly offset: number;
  readonly size: number;
  /** Five-bit number of the base type. */
  readonly type: number;
}

/** A field that a developer has added, described by an earlier message. */
export interface DeveloperPlace {
  readonly developer: number;
  readonly field: number;
  readonly offset: number;
  readonly size: number;
}

/** The form of data messages, as a definition message states it. */
export interface Definition {
  /** Number of the message in the FIT profile, such as 20 for `record`. */
  readonly message: number;
  readonly littleEndian: boolean;
  readonly fields: ReadonlyMap<number, FieldPlace>;
  readonly developerFields: readonly DeveloperPlace[];
  /** Bytes of a data message without its header. */
  readonly size: number;
}

/** A data message. It is valid only during the call that passes it on. */
export interface Message {
  readonly definition: Definition;
  /** Seconds since the FIT epoch from a compressed header. */
  readonly compressedTimestamp: number | undefined;
  readonly view: DataView;
  /** Offset of the first field. */
  readonly start: number;
}

function readScalar(
  { view, definition: { littleEndian } }: Message,
  at: number,
  type: number,
): number | undefined {
  let value: number;
  switch (type) {
    case 1:
      value = view.getInt8(at);
      break;
    case 3:
      value = view.getInt16(at, littleEndian);
      break;
    case 4:
    case 11:
      value = view.getUint16(at, littleEndian);
      break;
    case 5:
      value = view.getInt32(at, littleEndian);
      break;
    case 6:
    case 12:
      value = view.getUint32(at, littleEndian);
      break;
    case 8:
      value = view.getFloat32(at, littleEndian);
      break;
    case 9:
      value = view.getFloat64(at, littleEndian);
      break;
    case 14:
    case 15:
    case 16:
      // No field that is read here has 64 bits.
      return undefined;
    default:
      value = view.getUint8(at);
  }
  return value === INVALID[type] || !Number.isFinite(value) ? undefined : value;
}

/** Returns the values of a place, without the invalid ones at their places. */
export function readPlace(
  message: Message,
  place: FieldPlace,
): (number | undefined)[] {
  const width = WIDTHS[place.type];
  if (width === undefined || place.type === STRING) return [];
  const count = Math.floor(place.size / width);
  return Array.from(
    { length: count },
    (_, i) =>
      readScalar(message, message.start + place.offset + i * width, place.type),
  );
}

/** Returns the first value of a field, or undefined if it is absent or invalid. */
export function readNumber(
  message: Message,
  field: number,
): number | undefined {
  const place = message.definition.fields.get(field);
  if (!place || place.type === STRING) return undefined;
  const width = WIDTHS[place.type];
  if (width === undefined || place.size < width) return undefined;
  return readScalar(message, message.start + place.offset, place.type);
}

/** Returns all values of a field; an invalid one is undefined. */
export function readNumbers(
  message: Message,
  field: number,
): (number | undefined)[] {
  const place = message.definition.fields.get(field);
  return place ? readPlace(message, place) : [];
}

/** Returns the text of a field up to its first zero byte, or undefined if there is none. */
export function readText(message: Message, field: number): string | undefined {
  const place = message.definition.fields.get(field);
  if (!place || place.type !== STRING) return undefined;
  const { view } = message;
  const bytes = new Uint8Array(
    view.buffer,
    view.byteOffset + message.start + place.offset,
    place.size,
  );
  const end = bytes.indexOf(0);
  const text = new TextDecoder().decode(
    end < 0 ? bytes : bytes.subarray(0, end),
  );
  return text.replaceAll(/\p{Cc}|\ufffd/gu, "").trim() || undefined;
}

/** Returns the message's time in seconds since the FIT epoch, if it has one. */
export function readTimestamp(message: Message): number | undefined {
  return message.compressedTimestamp ?? readNumber(message, 253);
}

/** Returns the bytes of a field, or none if it is absent. */
export function readBytes(message: Message, field: number): Uint8Array {
  const place = message.definition.fields.get(field);
  const { view, start } = message;
  return new Uint8Array(
    view.buffer,
    view.byteOffset + start + (place?.offset ?? 0),
    place?.size ?? 0,
  );
}
