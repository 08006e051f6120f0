/** A line as GeoJSON has it: longitude and latitude in degrees (RFC 7946, section 3.1.4). */
export interface LineString {
  type: "LineString";
  coordinates: [number, number][];
}

/** Pairs of numbers, two or more, each of at most 30 bits: what Google's algorithm can write. */
const TRACK = /^(?:[_-~]{0,5}[?-^][_-~]{0,5}[?-^]){2,}$/;

/**
 * The line of a polyline in Google's encoding with five decimals
 * (https://developers.google.com/maps/documentation/utilities/polylinealgorithm); null where it
 * has none: a text that is empty or no polyline, a single point, or nothing but (0,0).
 *
 * It is ours since what npm has does not fit: `@googlemaps/polyline-codec` has no named exports in
 * Deno, `@mapbox/polyline` brings the packages of a command line along. The database's `is_track`
 * says the same of a text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(toLineString("_p~iF~ps|U_ulLnnqC_mqNvxq`@"), {
 *   type: "LineString",
 *   coordinates: [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]],
 * });
 * ```
 */
export function toLineString(polyline: string | null): LineString | null {
  if (polyline === null || !TRACK.test(polyline) || /^\?*$/.test(polyline)) {
    return null;
  }
  const coordinates: LineString["coordinates"] = [];
  const numbers = readNumbers(polyline);
  let latitude = 0;
  let longitude = 0;
  for (let at = 0; at < numbers.length; at += 2) {
    latitude += numbers[at]!;
    longitude += numbers[at + 1]!;
    coordinates.push([longitude / 1e5, latitude / 1e5]);
  }
  return { type: "LineString", coordinates };
}

/** Each is the difference to the one two before, its bits in fives, the lowest first. */
function readNumbers(polyline: string): number[] {
  const numbers: number[] = [];
  let bits = 0;
  let shift = 0;
  for (let at = 0; at < polyline.length; at++) {
    const chunk = polyline.charCodeAt(at) - 63;
    bits |= (chunk & 0x1f) << shift;
    shift += 5;
    if (chunk >= 0x20) continue;
    // The lowest bit is the sign: all bits are inverted then.
    numbers.push(bits & 1 ? ~(bits >> 1) : bits >> 1);
    bits = 0;
    shift = 0;
  }
  return numbers;
}
