import type { StreamSet } from "@paceline/sdk";

/** Returns the average of a stream, each value weighted by the time until the next point. Null without values. */
export function averageOf(
  values: readonly (number | null)[],
  time: readonly number[],
): number | null {
  let sum = 0;
  let seconds = 0;
  for (const [index, value] of values.entries()) {
    const until = time[index + 1];
    if (value === null || until === undefined) continue;
    // A pause says nothing about the value.
    const step = Math.min(until - time[index]!, MAX_STEP);
    sum += value * step;
    seconds += step;
  }
  if (seconds > 0) return sum / seconds;
  return values.find((value) => value !== null) ?? null;
}

/** Longest time that one value stands for, in seconds. */
const MAX_STEP = 30;

/** Returns a stream of positions in the distance without gaps: a missing value is the one before it. */
export function fillDistance(distance: readonly (number | null)[]): number[] {
  let last = 0;
  return distance.map((value) => last = Math.max(value ?? last, last));
}

/** Returns the least and the greatest value. Undefined if there is none. */
export function rangeOf(
  values: readonly (number | null)[],
): readonly [least: number, most: number] | undefined {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return least <= most ? [least, most] : undefined;
}

/** Reports whether a stream has values that tell something. */
export function hasValues(
  values: readonly (number | null)[] | undefined,
): values is readonly (number | null)[] {
  return values?.some((value) => value !== null && value !== 0) ?? false;
}

/** Returns a part of a range: closer or wider around its middle, or moved, within the whole. */
export function changeRange(
  [from, to]: readonly [number, number],
  whole: readonly [number, number],
  { scale = 1, shift = 0 }: { scale?: number; shift?: number },
): readonly [number, number] | undefined {
  const length = to - from;
  const middle = (from + to) / 2 + shift * length;
  const next = length * scale;
  if (next >= whole[1] - whole[0]) return undefined;
  const start = Math.min(
    Math.max(middle - next / 2, whole[0]),
    whole[1] - next,
  );
  return [start, start + next];
}

/** Returns the places of at most a number of points, evenly spread, the first and the last one included. */
export function pickRows(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, index) => index);
  return Array.from(
    { length: most },
    (_, index) => Math.round(index * (length - 1) / (most - 1)),
  );
}

/** Reports whether there is a distance to draw over. */
export function hasDistance(streams: StreamSet): boolean {
  return hasValues(streams.distance);
}
