import {
  DEGREE,
  HALF_TURN,
  type PolylinePoint,
} from "../recordings/polyline.ts";

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
 * Draws the parts of a track as GeoJSON. A part over the antimeridian is cut there (RFC 7946, section
 * 3.1.9): as one line, maps would draw it around the globe.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const part = [
 *   { latitude: 3850000, longitude: -12020000 },
 *   { latitude: 4070000, longitude: -12095000 },
 * ];
 * assert.deepEqual(drawLines([part]), {
 *   type: "LineString",
 *   coordinates: [[-120.2, 38.5], [-120.95, 40.7]],
 * });
 * ```
 */
export function drawLines(
  parts: readonly (readonly PolylinePoint[])[],
): LineString | MultiLineString {
  const [line, ...others] = parts.flatMap((points) =>
    cutAtAntimeridian(
      points.map(({ longitude, latitude }): Position => [longitude, latitude]),
    )
  ).map((part) => part.map(toDegrees));
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
