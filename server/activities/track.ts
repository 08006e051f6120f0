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

/** Two or more pairs of numbers of at most 30 bits each, in Google's encoding. */
const TRACK = /^(?:[_-~]{0,5}[?-^][_-~]{0,5}[?-^]){2,}$/;

/** Units of a polyline in a degree. All computation is in whole units, so that none is lost. */
const DEGREE = 1e5;
const HALF_TURN = 180 * DEGREE;
const TURN = 360 * DEGREE;

/**
 * Decodes a polyline in Google's encoding with five decimals
 * (https://developers.google.com/maps/documentation/utilities/polylinealgorithm). A track over the
 * antimeridian is cut there (RFC 7946, section 3.1.9): as one line, maps would draw it around the
 * globe. Returns `null` for text that is empty or not a polyline, for a single point, and for a line
 * of nothing but (0,0). The function `is_track` in the database must accept the same texts.
 *
 * The npm packages do not fit: `@googlemaps/polyline-codec` decodes any text, and `@mapbox/polyline`
 * depends on packages for a command line.
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
  if (polyline === null || !TRACK.test(polyline) || /^\?*$/.test(polyline)) {
    return null;
  }
  const [line, ...others] = cutAtAntimeridian(decodePoints(polyline))
    .map((points) => points.map(toDegrees));
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

/** Decodes the points of a polyline, with longitudes from -180 to 180 degrees. */
function decodePoints(polyline: string): Position[] {
  const numbers = decodeNumbers(polyline);
  const points: Position[] = [];
  let latitude = 0;
  let longitude = 0;
  for (let at = 0; at < numbers.length; at += 2) {
    latitude += numbers[at]!;
    longitude += numbers[at + 1]!;
    points.push([toUsualLongitude(longitude), latitude]);
  }
  return points;
}

/** Returns the same longitude from -180 to 180 degrees: some devices count on to 181. */
function toUsualLongitude(longitude: number): number {
  if (Math.abs(longitude) <= HALF_TURN) return longitude;
  const turns = Math.round(longitude / TURN);
  return longitude - turns * TURN;
}

/**
 * Decodes the numbers of a polyline: latitude and longitude in turn, each as the difference from the
 * point before. A number is written in groups of five bits, lowest bits first.
 */
function decodeNumbers(polyline: string): number[] {
  const numbers: number[] = [];
  let bits = 0;
  let shift = 0;
  for (let at = 0; at < polyline.length; at++) {
    const chunk = polyline.charCodeAt(at) - 63;
    bits |= (chunk & 0x1f) << shift;
    shift += 5;
    if (chunk >= 0x20) continue;
    // The lowest bit is the sign. If it is set, all bits are inverted.
    numbers.push(bits & 1 ? ~(bits >> 1) : bits >> 1);
    bits = 0;
    shift = 0;
  }
  return numbers;
}
