/** A GeoJSON line: longitude and latitude in degrees (RFC 7946, section 3.1.4). */
export interface LineString {
  type: "LineString";
  coordinates: [number, number][];
}

/** Two or more pairs of numbers of at most 30 bits each, in Google's encoding. */
const TRACK = /^(?:[_-~]{0,5}[?-^][_-~]{0,5}[?-^]){2,}$/;

/**
 * Decodes a polyline in Google's encoding with five decimals
 * (https://developers.google.com/maps/documentation/utilities/polylinealgorithm). Returns `null` for
 * text that is empty or not a polyline, for a single point, and for a line of nothing but (0,0). The
 * function `is_track` in the database must accept the same texts.
 *
 * The npm packages do not fit: `@googlemaps/polyline-codec` decodes any text, and `@mapbox/polyline`
 * depends on packages for a command line.
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
  const numbers = decodeNumbers(polyline);
  let latitude = 0;
  let longitude = 0;
  for (let at = 0; at < numbers.length; at += 2) {
    latitude += numbers[at]!;
    longitude += numbers[at + 1]!;
    coordinates.push([longitude / 1e5, latitude / 1e5]);
  }
  return { type: "LineString", coordinates };
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
