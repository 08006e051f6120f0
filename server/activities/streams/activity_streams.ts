import { type ActivityStreams, STREAM_KEYS } from "@paceline/sdk/schemas";
import type * as z from "zod";
import type { ActivityStreamsRow } from "../../../db/streams/activity_streams.ts";
import type {
  StoredStreams,
  StreamColumn,
} from "../../../db/streams/stream_columns.ts";
import { computeGrade, computeSpeed } from "./derived_streams.ts";
import { choosePlaces } from "./thin_out.ts";

/** The key of a stream in the API. */
export type StreamKey = typeof STREAM_KEYS[number];

type Answer = z.input<typeof ActivityStreams>;

/** Streams whose least and greatest values stay. The others only grow, or have two values. */
const PEAK_COLUMNS: readonly StreamColumn[] = [
  "latitude",
  "longitude",
  "altitude",
  "velocity_smooth",
  "heartrate",
  "cadence",
  "watts",
  "temp",
  "grade_smooth",
];

/** Parses the comma-separated keys. `time` is always one of them. Without keys these are all. */
export function parseKeys(text: string | undefined): StreamKey[] {
  if (text === undefined) return [...STREAM_KEYS];
  const wanted = new Set(["time", ...text.split(",")]);
  return STREAM_KEYS.filter((key) => wanted.has(key));
}

/** Returns the columns that the keys need, those of computed streams included. */
export function toColumns(keys: readonly StreamKey[]): StreamColumn[] {
  const columns = new Set<StreamColumn>();
  for (const key of keys) {
    if (key === "latlng") columns.add("latitude").add("longitude");
    else columns.add(key);
    if (key === "grade_smooth") columns.add("altitude").add("distance");
    if (key === "velocity_smooth") columns.add("distance");
  }
  return [...columns];
}

/** Renders the streams of an activity, thinned out to `resolution` points. */
export function toActivityStreams(
  row: ActivityStreamsRow | undefined,
  { keys, withheld, resolution }: {
    keys: readonly StreamKey[];
    withheld: StreamKey[];
    resolution: number;
  },
): Answer {
  if (!row) {
    const nothing = { source: null, points: 0, returned_points: 0 };
    return { ...nothing, streams: {}, withheld };
  }
  const stored = addComputed(row.streams, keys);
  const wanted = toColumns(keys);
  const places = choosePlaces(row.points, {
    streams: PEAK_COLUMNS.filter((name) => wanted.includes(name))
      .flatMap((name) => stored[name] ?? []),
    limit: resolution,
  });
  const streams: Answer["streams"] = {};
  for (const key of keys) {
    const values = pick(stored, { key, places });
    if (values) Object.assign(streams, { [key]: values });
  }
  return {
    source: row.source,
    points: row.points,
    returned_points: places.length,
    streams,
    withheld,
  };
}

/** Adds the gradient and the speed if they were not recorded and can be computed. */
function addComputed(
  streams: StoredStreams,
  keys: readonly StreamKey[],
): StoredStreams {
  const { time, distance, altitude } = streams;
  const computed: StoredStreams = { ...streams };
  if (keys.includes("grade_smooth") && altitude && distance) {
    computed.grade_smooth ??= computeGrade({ altitude, distance });
  }
  if (keys.includes("velocity_smooth") && time && distance) {
    computed.velocity_smooth ??= computeSpeed({ time, distance });
  }
  return computed;
}

/** Returns the values of a stream at the places; `undefined` if there is no such stream. */
function pick(
  streams: StoredStreams,
  { key, places }: { key: StreamKey; places: Uint32Array },
): unknown[] | undefined {
  if (key === "latlng") {
    const { latitude, longitude } = streams;
    return latitude && longitude && pickEach(places, (at) => {
      const north = latitude[at]!;
      return Number.isNaN(north) ? null : [north, longitude[at]!];
    });
  }
  const values = streams[key];
  if (!values) return undefined;
  if (key === "moving") return pickEach(places, (at) => values[at] === 1);
  return pickEach(places, (at) => {
    const value = values[at]!;
    return Number.isNaN(value) ? null : value;
  });
}

/** Maps the places. `Array.from` would take several times as long. */
function pickEach<T>(places: Uint32Array, toValue: (at: number) => T): T[] {
  const picked = new Array<T>(places.length);
  for (let i = 0; i < picked.length; i++) picked[i] = toValue(places[i]!);
  return picked;
}
