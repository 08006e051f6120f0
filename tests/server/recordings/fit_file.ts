/** Writes FIT files for tests, also faulty ones. */
import { computeCrc } from "../../../server/recordings/fit/crc.ts";

/** Base types of the FIT protocol. */
export const TYPES = {
  enum: 0x00,
  sint8: 0x01,
  uint8: 0x02,
  string: 0x07,
  uint8z: 0x0a,
  byte: 0x0d,
  sint16: 0x83,
  uint16: 0x84,
  sint32: 0x85,
  uint32: 0x86,
  float32: 0x88,
  uint32z: 0x8c,
} as const;

type Type = keyof typeof TYPES;
/** A field: number, base type, and its raw values or its text. */
export type Field = readonly [
  number: number,
  type: Type,
  value: number | readonly number[] | string,
];

interface Options {
  local?: number;
  bigEndian?: boolean;
  /** Fields of developer 0. */
  developerFields?: readonly Field[];
  /** Seconds for a compressed timestamp header. */
  compressed?: number;
  withoutDefinition?: boolean;
}

/** Seconds since the FIT epoch of an ISO time. */
export function fitTime(iso: string): number {
  return Date.parse(iso) / 1000 - 631_065_600;
}

function encodeField([, type, value]: Field, littleEndian: boolean): number[] {
  if (typeof value === "string") return [...new TextEncoder().encode(value), 0];
  return [value].flat().flatMap((each) => {
    const view = new DataView(new ArrayBuffer(4));
    if (/8z?$|enum|byte/.test(type)) return [each & 255];
    if (/16/.test(type)) view.setUint16(0, each & 0xffff, littleEndian);
    else if (type === "float32") view.setFloat32(0, each, littleEndian);
    else view.setUint32(0, each >>> 0, littleEndian);
    const bytes = [...new Uint8Array(view.buffer)];
    return /16/.test(type) ? bytes.slice(0, 2) : bytes;
  });
}

/** Encodes a definition message and a data message. */
export function message(
  number: number,
  fields: readonly Field[],
  {
    local = 0,
    bigEndian = false,
    developerFields = [],
    compressed,
    withoutDefinition = false,
  }: Options = {},
): number[] {
  const encode = (list: readonly Field[]) =>
    list.map((field) => encodeField(field, !bigEndian));
  const own = encode(fields);
  const developer = encode(developerFields);
  const definition = [
    0x40 | local | (developer.length > 0 ? 0x20 : 0),
    0,
    bigEndian ? 1 : 0,
    ...(bigEndian ? [number >> 8, number & 255] : [number & 255, number >> 8]),
    fields.length,
    ...fields.flatMap(([id, type], i) => [id, own[i]!.length, TYPES[type]]),
    ...(developer.length > 0
      ? [
        developer.length,
        ...developerFields.flatMap(([id], i) => [id, developer[i]!.length, 0]),
      ]
      : []),
  ];
  const header = compressed === undefined
    ? local
    : 0x80 | local << 5 | compressed & 31;
  return [
    ...(withoutDefinition ? [] : definition),
    header,
    ...own.flat(),
    ...developer.flat(),
  ];
}

/** Wraps messages with a header and a checksum. */
export function fitFile(
  messages: readonly (readonly number[])[],
  { dataSize, crc }: { dataSize?: number; crc?: number } = {},
): Uint8Array {
  const body = messages.flat();
  const bytes = new Uint8Array(14 + body.length + 2);
  const view = new DataView(bytes.buffer);
  bytes.set([14, 0x20, 0x54, 0x08]);
  view.setUint32(4, dataSize ?? body.length, true);
  bytes.set(new TextEncoder().encode(".FIT"), 8);
  bytes.set(body, 14);
  const end = 14 + body.length;
  view.setUint16(end, crc ?? computeCrc(bytes, 0, end), true);
  return bytes;
}

/** The `file_id` message of an activity, or of another type. */
export function fileId(type = 4, maker = 1, product = 3121): number[] {
  return message(0, [
    [0, "enum", type],
    [1, "uint16", maker],
    [2, "uint16", product],
    [3, "uint32z", 123456],
  ]);
}

/** One record. Coordinates are in degrees; what is missing is left out. */
export function record(
  time: number,
  { latitude, longitude, distance, heartRate, altitude, speed, power }: {
    latitude?: number;
    longitude?: number;
    distance?: number;
    heartRate?: number;
    altitude?: number;
    speed?: number;
    power?: number;
  } = {},
  options?: Options,
): number[] {
  const toSemicircles = (degrees: number) =>
    Math.round(degrees * 2 ** 31 / 180);
  const fields: Field[] = [[253, "uint32", time]];
  if (latitude !== undefined) {
    fields.push([0, "sint32", toSemicircles(latitude)]);
  }
  if (longitude !== undefined) {
    fields.push([1, "sint32", toSemicircles(longitude)]);
  }
  if (altitude !== undefined) {
    fields.push([2, "uint16", Math.round((altitude + 500) * 5)]);
  }
  if (heartRate !== undefined) fields.push([3, "uint8", heartRate]);
  if (distance !== undefined) {
    fields.push([5, "uint32", Math.round(distance * 100)]);
  }
  if (speed !== undefined) fields.push([6, "uint16", Math.round(speed * 1000)]);
  if (power !== undefined) fields.push([7, "uint16", power]);
  return message(20, fields, options);
}

/** A `session` message with a start, a sport and the totals that are given. */
export function session(
  start: number,
  {
    sport = 1,
    subSport = 0,
    elapsed = 100,
    timer = elapsed,
    distance,
    fields = [],
  }: {
    sport?: number;
    subSport?: number;
    elapsed?: number;
    timer?: number;
    distance?: number;
    fields?: readonly Field[];
  } = {},
): number[] {
  return message(18, [
    [253, "uint32", start + Math.round(elapsed)],
    [2, "uint32", start],
    [5, "enum", sport],
    [6, "enum", subSport],
    [7, "uint32", Math.round(elapsed * 1000)],
    [8, "uint32", Math.round(timer * 1000)],
    ...(distance === undefined
      ? []
      : [[9, "uint32", Math.round(distance * 100)] as const]),
    ...fields,
  ]);
}

/** A start (`runs`) or a stop of the timer. */
export function timer(time: number, runs: boolean): number[] {
  return message(21, [
    [253, "uint32", time],
    [0, "enum", 0],
    [1, "enum", runs ? 0 : 4],
  ]);
}

/** A whole run: `count` records, one each second, 3 m apart, north from Berlin. */
export function createRun(
  { start = fitTime("2024-06-01T06:00:00Z"), count = 61 }: {
    start?: number;
    count?: number;
  } = {},
): Uint8Array {
  const records = Array.from({ length: count }, (_, i) =>
    record(start + i, {
      latitude: 52.5 + i * 3 / 111_195,
      longitude: 13.4,
      distance: 3 * i,
      heartRate: 120 + i % 20,
      altitude: 40,
    }));
  const elapsed = count - 1;
  return fitFile([
    fileId(),
    ...records,
    session(start, { elapsed, distance: 3 * elapsed }),
  ]);
}
