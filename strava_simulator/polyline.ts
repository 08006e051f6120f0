/** A coordinate in degrees: latitude, longitude. */
export type Point = [number, number];

/** Returns Google's encoded polyline with five decimals, as in `map.summary_polyline`. */
export function encodePolyline(points: readonly Point[]): string {
  let text = "";
  let [lastLat, lastLng] = [0, 0];
  for (const [lat, lng] of points) {
    const [nextLat, nextLng] = [Math.round(lat * 1e5), Math.round(lng * 1e5)];
    text += encodeNumber(nextLat - lastLat) + encodeNumber(nextLng - lastLng);
    [lastLat, lastLng] = [nextLat, nextLng];
  }
  return text;
}

function encodeNumber(value: number): string {
  let rest = value < 0 ? ~(value << 1) : value << 1;
  let text = "";
  while (rest >= 0x20) {
    text += String.fromCharCode((0x20 | (rest & 0x1f)) + 63);
    rest >>= 5;
  }
  return text + String.fromCharCode(rest + 63);
}

/** Returns the points of an encoded polyline. */
export function decodePolyline(text: string): Point[] {
  const points: Point[] = [];
  const sums: Point = [0, 0];
  let [value, shift, axis] = [0, 0, 0];
  for (const char of text) {
    const bits = char.charCodeAt(0) - 63;
    value |= (bits & 0x1f) << shift;
    shift += 5;
    if (bits >= 0x20) continue;
    sums[axis === 0 ? 0 : 1] += value & 1 ? ~(value >> 1) : value >> 1;
    [value, shift] = [0, 0];
    axis = 1 - axis;
    if (axis === 0) points.push([sums[0] / 1e5, sums[1] / 1e5]);
  }
  return points;
}
