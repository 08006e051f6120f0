import type { StreamSet } from "../../../db/streams/stream_columns.ts";
import type { StravaStreams } from "../../strava/streams.ts";

/** Columns whose values are stored as Strava sends them. */
const PLAIN = [
  "distance",
  "altitude",
  "velocity_smooth",
  "heartrate",
  "cadence",
  "watts",
  "temp",
  "grade_smooth",
] as const;

/** Greatest amount of a stored value. Strava's are far below. */
const MAX_VALUE = 1e8;

/**
 * Returns Strava's streams as columns; `undefined` if there are no times: without them no point has a
 * place. Times that go back are raised to the one before.
 */
export function parseStreams(streams: StravaStreams): StreamSet | undefined {
  const time = streams.time?.data;
  if (!time || time.length === 0) return undefined;
  let last = 0;
  const columns: StreamSet = {
    time: Float64Array.from(time, (value) => {
      last = Math.max(last, Math.min(value, MAX_VALUE));
      return last;
    }),
  };
  for (const name of PLAIN) columns[name] = toValues(streams[name]?.data);
  const points = streams.latlng?.data;
  if (points) {
    const known = points.map((point) =>
      point && isPosition(point) ? point : [NaN, NaN]
    );
    columns.latitude = known.map(([latitude]) => latitude!);
    columns.longitude = known.map(([, longitude]) => longitude!);
  }
  columns.moving = streams.moving
    ? streams.moving.data.map((moves) => moves ? 1 : 0)
    : null;
  return columns;
}

function toValues(
  values: readonly (number | null)[] | undefined,
): number[] | null {
  return values?.map((value) =>
    value === null || Math.abs(value) > MAX_VALUE ? NaN : value
  ) ?? null;
}

/** Reports whether a point has a position. Without one Strava sends null or an empty list. */
function isPosition([latitude, longitude]: readonly number[]): boolean {
  return latitude !== undefined && longitude !== undefined &&
    Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
}
