import type { Method, Pause, Streams, TotalName, Totals } from "./recording.ts";

/** Metres that the altitude must change by before it counts as climbed. */
const ASCENT_THRESHOLD_METRES = 3;
/** A faster change of the altitude, in metres per second, is a fault of the sensor. */
const MAX_VERTICAL_SPEED = 50;
/** Shortest time in seconds over which a maximum speed is taken from distances. */
const MIN_SPEED_SECONDS = 5;

/** Figures that a file states itself. */
export type DeviceTotals = Partial<Record<TotalName, number>>;

/**
 * Completes the device's totals by figures computed from the streams. The rules are in
 * docs/recordings.md.
 */
export function computeTotals(
  device: DeviceTotals,
  { streams, pauses, segments }: {
    streams: Streams;
    pauses: readonly Pause[];
    /** Index of the first record of each segment. */
    segments: readonly number[];
  },
): Totals {
  const totals: Partial<Record<TotalName, { value: number; method: Method }>> =
    {};
  const add = (name: TotalName, value: number | undefined, method: Method) => {
    if (value !== undefined && Number.isFinite(value)) {
      totals[name] ??= { value, method };
    }
  };
  for (const [name, value] of Object.entries(device)) {
    add(name as TotalName, value, "device");
  }
  if (device.timerSeconds !== undefined) {
    // Some devices count more time than passes, by a second of rounding.
    const { timerSeconds, elapsedSeconds = timerSeconds } = device;
    add("movingSeconds", Math.min(timerSeconds, elapsedSeconds), "device");
  }
  const { time, distance, heartRate, cadence, power, temperature } = streams;
  if (time.length > 0) {
    const elapsed = time.at(-1)!;
    const paused = sum(pauses, (each) => each.endSeconds - each.startSeconds);
    add("elapsedSeconds", elapsed, "computed");
    add("timerSeconds", Math.max(0, elapsed - paused), "computed");
    add("movingSeconds", computeMovingSeconds(streams), "computed");
  }
  if (distance) add("distanceMetres", findLast(distance) ?? 0, "computed");
  if (streams.altitude) {
    const { up, down } = computeClimb(streams.altitude, { time, segments });
    add("ascentMetres", up, "computed");
    add("descentMetres", down, "computed");
  }
  const moving = totals.movingSeconds?.value;
  if (totals.distanceMetres && moving) {
    add("averageSpeed", totals.distanceMetres.value / moving, "computed");
  }
  add("maxSpeed", computeMaxSpeed(streams), "computed");
  add("averageHeartRate", computeMean(heartRate), "computed");
  add("maxHeartRate", findMaximum(heartRate), "computed");
  add("averageCadence", computeMean(cadence), "computed");
  add("maxCadence", findMaximum(cadence), "computed");
  add("averagePower", computeMean(power), "computed");
  add("maxPower", findMaximum(power), "computed");
  add("averageTemperature", computeMean(temperature), "computed");
  return totals;
}

function sum<T>(list: readonly T[], of: (each: T) => number): number {
  return list.reduce((total, each) => total + of(each), 0);
}

function computeMovingSeconds({ time, moving }: Streams): number {
  let seconds = 0;
  for (let i = 1; i < time.length; i++) {
    if (moving[i]) seconds += time[i]! - time[i - 1]!;
  }
  return seconds;
}

function findLast(values: Float64Array): number | undefined {
  return values.findLast((value) => !Number.isNaN(value));
}

function findMaximum(values: Float32Array | null): number | undefined {
  let most: number | undefined;
  for (const value of values ?? []) {
    if (value > (most ?? -Infinity)) most = value;
  }
  return most;
}

/** Computes the mean of the records that have a value. */
function computeMean(values: Float32Array | null): number | undefined {
  let total = 0;
  let count = 0;
  for (const value of values ?? []) {
    if (Number.isNaN(value)) continue;
    total += value;
    count++;
  }
  return count > 0 ? total / count : undefined;
}

/**
 * Computes the ascent and descent of altitudes. A change counts when the altitude has left the
 * last one that counted by the threshold, so that the noise of a sensor adds nothing.
 */
export function computeClimb(
  altitude: Float32Array,
  { time, segments = [] }: {
    time: Float64Array;
    segments?: readonly number[];
  },
): { up: number; down: number } {
  const starts = new Set(segments);
  let up = 0;
  let down = 0;
  let reference = NaN;
  let last = -1;
  for (const [i, value] of altitude.entries()) {
    if (starts.has(i)) reference = NaN;
    if (Number.isNaN(value)) continue;
    const seconds = Math.max(1, time[i]! - (time[last] ?? time[i]!));
    const isJump = last >= 0 &&
      Math.abs(value - altitude[last]!) > MAX_VERTICAL_SPEED * seconds;
    last = i;
    if (isJump) reference = NaN;
    if (Number.isNaN(reference)) reference = value;
    const change = value - reference;
    if (Math.abs(change) < ASCENT_THRESHOLD_METRES) continue;
    if (change > 0) up += change;
    else down -= change;
    reference = value;
  }
  return { up, down };
}

function computeMaxSpeed({ time, distance, speed, moving }: Streams):
  | number
  | undefined {
  if (speed) return findMaximum(speed);
  if (!distance) return undefined;
  let most: number | undefined;
  let from = -1;
  for (let i = 0; i < time.length; i++) {
    if (Number.isNaN(distance[i])) continue;
    // A step without motion may be a gap between two segments, one without time a guess.
    if (from < 0 || !moving[i] || time[i] === time[i - 1]) {
      from = i;
      continue;
    }
    const seconds = time[i]! - time[from]!;
    if (seconds < MIN_SPEED_SECONDS) continue;
    most = Math.max(most ?? 0, (distance[i]! - distance[from]!) / seconds);
    from = i;
  }
  return most;
}
