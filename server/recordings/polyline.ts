/** Units of a polyline in a degree. All computation is in whole units, so that none is lost. */
export const DEGREE = 1e5;
export const HALF_TURN = 180 * DEGREE;
export const TURN = 360 * DEGREE;

/** A point of a polyline in whole units. */
export interface PolylinePoint {
  latitude: number;
  longitude: number;
}

/** Two or more pairs of numbers of at most 30 bits each, in Google's encoding. */
const TRACK = /^(?:[_-~]{0,5}[?-^][_-~]{0,5}[?-^]){2,}$/;

/** Returns degrees in the units of a polyline. */
export function toUnits(degrees: number): number {
  return Math.round(degrees * DEGREE);
}

/**
 * Encodes points as a polyline in Google's encoding with five decimals
 * (https://developers.google.com/maps/documentation/utilities/polylinealgorithm).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const points = [
 *   { latitude: 3850000, longitude: -12020000 },
 *   { latitude: 4070000, longitude: -12095000 },
 * ];
 * assert.equal(encodePolyline(points), "_p~iF~ps|U_ulLnnqC");
 * assert.deepEqual(decodePolyline("_p~iF~ps|U_ulLnnqC"), points);
 * ```
 */
export function encodePolyline(points: readonly PolylinePoint[]): string {
  let text = "";
  let last: PolylinePoint = { latitude: 0, longitude: 0 };
  for (const point of points) {
    text += encodeNumber(point.latitude - last.latitude) +
      encodeNumber(point.longitude - last.longitude);
    last = point;
  }
  return text;
}

/** Writes a number in groups of five bits, lowest bits first. The lowest bit is the sign. */
function encodeNumber(value: number): string {
  let rest = value < 0 ? ~(value << 1) : value << 1;
  let text = "";
  while (rest >= 0x20) {
    text += String.fromCharCode((0x20 | (rest & 0x1f)) + 63);
    rest >>= 5;
  }
  return text + String.fromCharCode(rest + 63);
}

/**
 * Decodes the points of a polyline, with longitudes from -180 to 180 degrees. Returns `null` for text
 * that is empty or not a polyline, for a single point, and for a line of nothing but (0,0). The
 * function `is_track` in the database must accept the same texts.
 *
 * The npm packages do not fit (ADR 14): `@googlemaps/polyline-codec` decodes any text, and
 * `@mapbox/polyline` depends on packages for a command line.
 */
export function decodePolyline(polyline: string): PolylinePoint[] | null {
  if (!TRACK.test(polyline) || /^\?*$/.test(polyline)) return null;
  const numbers = decodeNumbers(polyline);
  const points: PolylinePoint[] = [];
  let latitude = 0;
  let longitude = 0;
  for (let at = 0; at < numbers.length; at += 2) {
    latitude += numbers[at]!;
    longitude += numbers[at + 1]!;
    points.push({ latitude, longitude: toUsualLongitude(longitude) });
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
