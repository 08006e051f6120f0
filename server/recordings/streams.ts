import {
  computeDistance,
  dropUnfixedPositions,
  hasPosition,
  type Point,
  toOffset,
} from "./points.ts";
import type { Pause, Streams } from "./recording.ts";

/** Slower than this, in metres per second, the athlete does not move. */
const MOVING_SPEED = 0.3;

/**
 * Builds the streams of one recording. The times of `points` never decrease. Without distances of
 * the device they are summed up over the positions within each segment.
 */
export function buildStreams(
  points: readonly Point[],
  { startSeconds, pauses }: { startSeconds: number; pauses: readonly Pause[] },
): { streams: Streams; hasDeviceDistance: boolean } {
  dropUnfixedPositions(points);
  const { length } = points;
  const time = Float64Array.from(
    points,
    (point) => toOffset(point.time, startSeconds),
  );
  const deviceDistance = readDistance(points);
  const distance = deviceDistance ?? sumDistance(points);
  const speed = pickSingle(points, "speed");
  const streams = {
    time,
    latitude: pick(points, "latitude"),
    longitude: pick(points, "longitude"),
    altitude: pickSingle(points, "altitude"),
    distance,
    speed,
    heartRate: pickSingle(points, "heartRate"),
    cadence: pickSingle(points, "cadence"),
    power: pickSingle(points, "power"),
    temperature: pickSingle(points, "temperature"),
    moving: new Uint8Array(length),
  };
  markMoving(points, streams, pauses);
  return { streams, hasDeviceDistance: deviceDistance !== null };
}

type Measured = Exclude<keyof Point, "time" | "segment" | "extra">;

/** Returns the values of all points; null if none has one. */
function pick(points: readonly Point[], name: Measured): Float64Array | null {
  return points.some((point) => !Number.isNaN(point[name]))
    ? Float64Array.from(points, (point) => point[name])
    : null;
}

/** Returns the values of all points in single precision, which sensors do not exceed. */
function pickSingle(
  points: readonly Point[],
  name: Measured,
): Float32Array | null {
  const values = pick(points, name);
  return values && new Float32Array(values);
}

/**
 * Returns the device's distances without steps back. A device that starts at 0 again, as some do
 * with each lap, goes on from where it was.
 */
function readDistance(points: readonly Point[]): Float64Array | null {
  const values = pick(points, "distance");
  if (!values) return null;
  let last = 0;
  let base = 0;
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    if (base + value < last / 2) base = last;
    last = Math.max(last, base + value);
    values[i] = last;
  }
  return values;
}

function sumDistance(points: readonly Point[]): Float64Array | null {
  if (!points.some(hasPosition)) return null;
  let sum = 0;
  let last: Point | undefined;
  return Float64Array.from(points, (point) => {
    if (!hasPosition(point)) return NaN;
    if (last?.segment === point.segment) sum += computeDistance(last, point);
    last = point;
    return sum;
  });
}

function markMoving(
  points: readonly Point[],
  { time, distance, speed, moving }: Streams,
  pauses: readonly Pause[],
): void {
  let pause = 0;
  let lastDistance = -1;
  for (let i = 0; i < moving.length; i++) {
    if (distance && !Number.isNaN(distance[i])) {
      const from = lastDistance;
      lastDistance = i;
      if (from >= 0) {
        const seconds = time[i]! - time[from]!;
        const metres = distance[i]! - distance[from]!;
        const moves = metres >= MOVING_SPEED * seconds && metres > 0;
        for (let k = from + 1; k <= i; k++) moving[k] = moves ? 1 : 0;
      }
    } else if (!distance) {
      moving[i] = i > 0 && !(speed && speed[i]! < MOVING_SPEED) ? 1 : 0;
    }
  }
  for (let i = 1; i < moving.length; i++) {
    if (points[i]!.segment !== points[i - 1]!.segment) moving[i] = 0;
    // A step that lies in a pause for the most part is not motion.
    while (pause < pauses.length && pauses[pause]!.endSeconds <= time[i - 1]!) {
      pause++;
    }
    const stop = pauses[pause];
    if (!stop) continue;
    const stopped = Math.min(stop.endSeconds, time[i]!) -
      Math.max(stop.startSeconds, time[i - 1]!);
    if (stopped > (time[i]! - time[i - 1]!) / 2) moving[i] = 0;
  }
  moving[0] = 0;
}
