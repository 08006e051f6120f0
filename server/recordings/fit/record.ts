import { createPoint, type Point, setPosition, setValue } from "../points.ts";
import {
  type DeveloperFields,
  MAX_EXTRAS,
  readDeveloperField,
} from "./developer_fields.ts";
import { type Message, readBytes, readNumber } from "./message.ts";

const SEMICIRCLES = 180 / 2 ** 31;

/** State of the records of one part. */
export interface RecordState {
  readonly developerFields: DeveloperFields;
  /** Names and units of the extra streams, in the order of their index. */
  readonly extras: { name: string; unit: string | null }[];
  /** Distance of compressed records in sixteenths of a metre. */
  compressedDistance: number;
}

/** Returns the point of a `record` message at a time in seconds since 1970. */
export function readRecord(
  message: Message,
  { state, time }: { state: RecordState; time: number },
): Point {
  const point = createPoint(time);
  const latitude = readNumber(message, 0);
  const longitude = readNumber(message, 1);
  if (latitude !== undefined && longitude !== undefined) {
    setPosition(point, latitude * SEMICIRCLES, longitude * SEMICIRCLES);
  }
  const altitude = readNumber(message, 78) ?? readNumber(message, 2);
  const speed = readNumber(message, 73) ?? readNumber(message, 6);
  const distance = readNumber(message, 5);
  setValue(
    point,
    "altitude",
    altitude === undefined ? undefined : altitude / 5 - 500,
  );
  setValue(point, "speed", speed === undefined ? undefined : speed / 1000);
  setValue(
    point,
    "distance",
    distance === undefined ? undefined : distance / 100,
  );
  setValue(point, "heartRate", readNumber(message, 3));
  setValue(point, "cadence", readNumber(message, 4));
  setValue(point, "power", readNumber(message, 7));
  setValue(point, "temperature", readNumber(message, 13));
  if (message.definition.fields.has(8)) {
    readCompressed(message, { state, point });
  }
  if (message.definition.developerFields.length > 0) {
    readExtras(message, { state, point });
  }
  return point;
}

/** Reads the three bytes that hold twelve bits of speed and twelve of distance. */
function readCompressed(
  message: Message,
  { state, point }: { state: RecordState; point: Point },
): void {
  const [a, b, c] = readBytes(message, 8);
  if (a === undefined || b === undefined || c === undefined) return;
  if (a === 0xff && b === 0xff && c === 0xff) return;
  const low = b >> 4 | c << 4;
  // The distance rolls over every 256 metres.
  state.compressedDistance += (low - state.compressedDistance % 4096 + 4096) %
    4096;
  if (Number.isNaN(point.distance)) {
    setValue(point, "distance", state.compressedDistance / 16);
  }
  if (Number.isNaN(point.speed)) {
    setValue(point, "speed", (a | (b & 15) << 8) / 100);
  }
}

/** Names of the point by the number of the `record` field that a developer field stands for. */
const NATIVE = { 3: "heartRate", 4: "cadence", 7: "power" } as const;

/** Reads the developer fields. One that stands for a missing native field fills it. */
function readExtras(
  message: Message,
  { state, point }: { state: RecordState; point: Point },
): void {
  for (const place of message.definition.developerFields) {
    const read = readDeveloperField(state.developerFields, message, place);
    if (!read) continue;
    const { field: { name, unit, native }, value } = read;
    const target = native === undefined
      ? /^power$/i.test(name) ? "power" : undefined
      : NATIVE[native as keyof typeof NATIVE];
    if (target && Number.isNaN(point[target])) setValue(point, target, value);
    let index = state.extras.findIndex((each) =>
      each.name === name && each.unit === unit
    );
    if (index < 0) {
      if (state.extras.length >= MAX_EXTRAS) continue;
      index = state.extras.push({ name, unit }) - 1;
    }
    (point.extra ??= [])[index] = value;
  }
}
