import { decodePolyline, DEGREE, HALF_TURN } from "../recordings/polyline.ts";

/** A position in GeoJSON: longitude and latitude in degrees. */
type Position = [longitude: number, latitude: number];

/** A GeoJSON line (RFC 7946, section 3.1.4). */
export interface LineString {
  type: "LineString";
  coordinates: Position[];
}

/** A GeoJSON line in several parts (RFC 7946, section 3.1.5). */
export interface MultiLineString {
  type: "MultiLineString";
  coordinates: Position[][];
}

/**
 * Draws a polyline as GeoJSON. A track over the antimeridian is cut there (RFC 7946, section 3.1.9): as one line, maps would draw it around the
 * globe. Returns `null` for text that is not a track: see `decodePolyline`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(toTrack("_p~iF~ps|U_ulLnnqC_mqNvxq`@"), {
 *   type: "LineString",
 *   coordinates: [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]],
 * });
 * ```
 */
export function toTrack(
  polyline: string | null,
): LineString | MultiLineString | null {
  const points = polyline === null ? null : decodePolyline(polyline);
  if (points === null) return null;
  const positions = points.map(({ longitude, latitude }): Position => [
    longitude,
    latitude,
  ]);
  const [line, ...others] = cutAtAntimeridian(positions)
    .map((part) => part.map(toDegrees));
  return others.length === 0
    ? { type: "LineString", coordinates: line! }
    : { type: "MultiLineString", coordinates: [line!, ...others] };
}

function toDegrees([longitude, latitude]: Position): Position {
  return [longitude / DEGREE, latitude / DEGREE];
}

/**
 * Cuts a line wherever it crosses the antimeridian, and ends both parts on it. Between two
 * points more than half a turn apart the track took the shorter way.
 */
function cutAtAntimeridian(points: readonly Position[]): Position[][] {
  let line: Position[] = [];
  const lines = [line];
  for (const [index, point] of points.entries()) {
    const last = points[index - 1];
    if (last && Math.abs(point[0] - last[0]) > HALF_TURN) {
      const side = last[0] > 0 ? HALF_TURN : -HALF_TURN;
      const latitude = findLatitude(last, point, side);
      if (!isSame(last, [side, latitude])) line.push([side, latitude]);
      line = isSame(point, [-side, latitude]) ? [] : [[-side, latitude]];
      lines.push(line);
    }
    line.push(point);
  }
  // A part with one point only touches the antimeridian, where its neighbour ends.
  const drawn = lines.filter(({ length }) => length > 1);
  return drawn.length > 0 ? drawn : [[...points]];
}

function isSame(a: Position, b: Position): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** Returns the latitude at which the line from `last` crosses the meridian `side` on its way. */
function findLatitude(
  last: Position,
  point: Position,
  side: number,
): number {
  const way = point[0] + 2 * side - last[0];
  const share = way === 0 ? 1 : (side - last[0]) / way;
  return Math.round(last[1] + share * (point[1] - last[1]));
}
