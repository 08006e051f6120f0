/** Length over which a gradient is computed, in metres. */
const GRADE_METRES = 50;
/** Least length at which there is a gradient. */
const MIN_GRADE_METRES = 10;
/** Steeper than this, in percent, the altitude is a fault of the sensor. */
const MAX_GRADE = 100;
/** Time over which a speed is computed, in seconds. */
const SPEED_SECONDS = 5;
/** A longer time between two points is a pause, of which no speed is known. */
const MAX_SPEED_SECONDS = 60;

/**
 * Computes the gradient in percent at each point, from the change of altitude over the
 * `GRADE_METRES` around it. NaN where there is no altitude or distance, or no way.
 */
export function computeGrade(
  { altitude, distance }: {
    altitude: Float64Array;
    distance: Float64Array;
  },
): Float64Array {
  const grade = new Float64Array(distance.length).fill(NaN);
  const known = findKnown(altitude, distance);
  let from = 0;
  let to = 0;
  for (const at of known) {
    const middle = distance[at]!;
    while (distance[known[from]!]! < middle - GRADE_METRES / 2) from++;
    while (
      to < known.length - 1 && distance[known[to]!]! < middle + GRADE_METRES / 2
    ) to++;
    const first = known[from]!;
    const last = known[to]!;
    const metres = distance[last]! - distance[first]!;
    if (metres < MIN_GRADE_METRES) continue;
    const percent = 100 * (altitude[last]! - altitude[first]!) / metres;
    if (Math.abs(percent) <= MAX_GRADE) grade[at] = round(percent, 10);
  }
  return grade;
}

/**
 * Computes the speed in metres per second at each point, from the distance of at least `SPEED_SECONDS` before it.
 * NaN without a distance, and after a pause.
 */
export function computeSpeed(
  { time, distance }: { time: Float64Array; distance: Float64Array },
): Float64Array {
  const speed = new Float64Array(distance.length).fill(NaN);
  const known = findKnown(distance);
  let from = 0;
  for (const at of known) {
    while (time[known[from + 1]!]! <= time[at]! - SPEED_SECONDS) from++;
    const first = known[from]!;
    const seconds = time[at]! - time[first]!;
    if (seconds <= 0 || seconds > MAX_SPEED_SECONDS) continue;
    speed[at] = round((distance[at]! - distance[first]!) / seconds, 1000);
  }
  return speed;
}

/** Returns the places at which all streams have a value. */
function findKnown(...streams: readonly Float64Array[]): number[] {
  const known: number[] = [];
  for (let i = 0; i < streams[0]!.length; i++) {
    if (streams.every((values) => !Number.isNaN(values[i]!))) known.push(i);
  }
  return known;
}

function round(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
