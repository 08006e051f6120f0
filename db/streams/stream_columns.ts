import { packStream, type StreamValues, unpackStream } from "./pack.ts";

/**
 * The streams by their columns, and the parts in which each is stored: `distance` in tenths of a metre.
 * The view `activity_points` divides by the same numbers. Names and units are Strava's.
 */
export const STREAM_UNITS = {
  /** Hundredths of a second since the start. */
  time: 100,
  /** Millionths of a degree, about 11 cm. */
  latitude: 1e6,
  longitude: 1e6,
  distance: 10,
  altitude: 10,
  velocity_smooth: 1000,
  heartrate: 1,
  cadence: 10,
  watts: 1,
  temp: 10,
  /** 1 if the athlete moved in the time before the point, else 0. */
  moving: 1,
  /** Only Strava has it. It is computed for recordings. */
  grade_smooth: 10,
} as const;

/** A column of a stream. */
export type StreamColumn = keyof typeof STREAM_UNITS;

/** The columns of all streams, in the order of the tables. */
export const STREAM_COLUMNS = Object.keys(STREAM_UNITS) as StreamColumn[];

/** Streams by their columns, all of one length. A missing value is NaN. */
export type StreamSet = Partial<Record<StreamColumn, StreamValues | null>>;

/** Streams as they were stored. */
export type StoredStreams = Partial<Record<StreamColumn, Float64Array>>;

/** Packed streams by their columns. */
export type PackedStreams = Record<StreamColumn, Uint8Array | null>;

/** Packs each stream. */
export function packStreams(streams: StreamSet): PackedStreams {
  const packed = STREAM_COLUMNS.map((name) => {
    const values = streams[name];
    return [name, values ? packStream(values, STREAM_UNITS[name]) : null];
  });
  return Object.fromEntries(packed);
}

/** Unpacks the streams that a row has. */
export function unpackStreams(packed: Partial<PackedStreams>): StoredStreams {
  const streams: StoredStreams = {};
  for (const name of STREAM_COLUMNS) {
    const bytes = packed[name];
    if (bytes) streams[name] = unpackStream(bytes, STREAM_UNITS[name]);
  }
  return streams;
}

/** Returns the whole seconds from the first time to the last. */
export function computeSeconds(time: StreamValues): number {
  const { length } = time;
  return length === 0
    ? 0
    : Math.max(0, Math.round(time[length - 1]! - time[0]!));
}

/**
 * Returns a row of packed streams as JSON with their values: `row_to_json` writes the bytes in
 * hexadecimal. A missing value is null.
 */
export function unpackJson(row: string): string {
  const columns = JSON.parse(row) as Record<string, unknown>;
  for (const name of STREAM_COLUMNS) {
    const bytes = columns[name];
    if (typeof bytes !== "string") continue;
    const packed = Uint8Array.fromHex(bytes.slice(2));
    // NaN becomes null.
    columns[name] = [...unpackStream(packed, STREAM_UNITS[name])];
  }
  return JSON.stringify(columns);
}
