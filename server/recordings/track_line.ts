import simplify from "simplify-js";
import { computeDistance } from "./points.ts";
import { encodePolyline, toUnits } from "./polyline.ts";

/** Points of a track at most. */
export const MAX_TRACK_POINTS = 500;
/** Metres by which a track may differ from the positions. Doubled until it has few enough points. */
export const TRACK_TOLERANCE_METRES = 5;

/** Positions that are compared at most: a day at one a second has fewer. */
const MAX_POSITIONS = 100_000;
/** Positions that are simplified together. It bounds the depth of the recursion. */
const CHUNK_POSITIONS = 256;
const METRES_PER_DEGREE = 111_195;

/** Shortest jump that can be a fault, in metres. */
const JUMP_METRES = 100;
/** Speed in metres per second at which no athlete jumps to a place and back. */
const SPIKE_SPEED = 50;
/** Speed in metres per second that no athlete reaches. */
const IMPOSSIBLE_SPEED = 340;
/** Positions in a row that may be a fault. */
const MAX_SPIKE_POSITIONS = 10;

/** The positions of a recording in degrees, and their times in seconds. A missing value is NaN. */
export interface PositionStreams {
  time: ArrayLike<number>;
  latitude: ArrayLike<number> | null;
  longitude: ArrayLike<number> | null;
}

/** A position of a track. `x` and `y` are metres on a plane. */
interface Position {
  time: number;
  latitude: number;
  longitude: number;
  x: number;
  y: number;
}

/**
 * Computes the track of a recording as an encoded polyline with five decimals, like Strava's
 * `summary_polyline`. Positions that jump away and back are left out. The rest is simplified by
 * Douglas and Peucker's algorithm. Returns an empty text if there are not two different positions.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const track = computeTrackLine({
 *   time: [0, 600, 1200],
 *   latitude: [38.5, NaN, 38.52],
 *   longitude: [-120.2, NaN, -120.21],
 * });
 * assert.equal(track, "_p~iF~ps|U_|Bn}@");
 * ```
 */
export function computeTrackLine(streams: PositionStreams): string {
  const positions = readPositions(streams);
  const step = Math.ceil(positions.length / MAX_POSITIONS);
  const compared = positions.filter((_, i) =>
    i % step === 0 || i === positions.length - 1
  );
  let line = dropTeleports(dropSpikes(compared));
  let tolerance = TRACK_TOLERANCE_METRES;
  do {
    line = simplifyChunks(line, tolerance);
    tolerance *= 2;
  } while (line.length > MAX_TRACK_POINTS);
  const points = line.map(({ latitude, longitude }) => ({
    latitude: toUnits(latitude),
    longitude: toUnits(longitude),
  }));
  const [first] = points;
  const isLine = points.some(({ latitude, longitude }) =>
    latitude !== first!.latitude || longitude !== first!.longitude
  );
  return isLine ? encodePolyline(points) : "";
}

/** Returns the positions on a plane that touches the earth at the first one. */
function readPositions(
  { time, latitude, longitude }: PositionStreams,
): Position[] {
  if (!latitude || !longitude) return [];
  const positions: Position[] = [];
  let turned = NaN;
  let scale = NaN;
  for (let i = 0; i < time.length; i++) {
    const [north, east] = [latitude[i]!, longitude[i]!];
    if (Number.isNaN(north) || Number.isNaN(east)) continue;
    if (Number.isNaN(turned)) {
      turned = east;
      scale = Math.cos(north * Math.PI / 180) * METRES_PER_DEGREE;
    }
    // Across the antimeridian the longitude counts on.
    turned = east + 360 * Math.round((turned - east) / 360);
    positions.push({
      time: time[i]!,
      latitude: north,
      longitude: east,
      x: turned * scale,
      y: north * METRES_PER_DEGREE,
    });
  }
  return positions;
}

/** Leaves out positions from which the track returns within a few positions. */
function dropSpikes(positions: readonly Position[]): Position[] {
  const kept: Position[] = [];
  for (let i = 0; i < positions.length; i++) {
    const last = kept.at(-1);
    const next = positions[i]!;
    const back = last && isJump(last, next, SPIKE_SPEED)
      ? findReturn(positions, { from: i, last })
      : -1;
    if (back > 0) i = back;
    kept.push(positions[i]!);
  }
  return kept;
}

/** Returns the index of the next position that is near the last one again; -1 if none is. */
function findReturn(
  positions: readonly Position[],
  { from, last }: { from: number; last: Position },
): number {
  const far = computeDistance(last, positions[from]!);
  const end = Math.min(positions.length, from + MAX_SPIKE_POSITIONS + 1);
  for (let i = from + 1; i < end; i++) {
    const next = positions[i]!;
    if (
      !isJump(last, next, SPIKE_SPEED) && computeDistance(last, next) < far / 2
    ) return i;
  }
  return -1;
}

/** Leaves out a few positions at an end, and between two jumps that are impossible. */
function dropTeleports(positions: Position[]): Position[] {
  const parts: Position[][] = [];
  for (const [i, position] of positions.entries()) {
    const last = positions[i - 1];
    if (!last || isJump(last, position, IMPOSSIBLE_SPEED)) parts.push([]);
    parts.at(-1)!.push(position);
  }
  const usual = parts.filter(({ length }) => length > MAX_SPIKE_POSITIONS);
  return usual.length > 0 ? usual.flat() : positions;
}

function isJump(a: Position, b: Position, speed: number): boolean {
  const metres = computeDistance(a, b);
  const seconds = Math.max(1, b.time - a.time) || 1;
  return metres > JUMP_METRES && metres > speed * seconds;
}

/** Simplifies a line in chunks. Each begins with the last position of the one before. */
function simplifyChunks(
  line: readonly Position[],
  tolerance: number,
): Position[] {
  const simple: Position[] = [];
  for (let at = 0; at < line.length; at += CHUNK_POSITIONS) {
    const chunk = line.slice(Math.max(0, at - 1), at + CHUNK_POSITIONS);
    // It returns some of the objects that it is given.
    const kept = simplify(chunk, tolerance) as Position[];
    simple.push(...kept.slice(at === 0 ? 0 : 1));
  }
  return simple;
}
