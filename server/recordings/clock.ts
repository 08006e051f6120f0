import type { Point } from "./points.ts";

/** A step back of at most this many seconds is a record out of order. */
const MAX_DISORDER_SECONDS = 60;
/** A step ahead of more than this is a clock that was set. A shorter one is a pause. */
const MAX_PAUSE_SECONDS = 30 * 86_400;

/** Points in a row that may have a wrong time before the clock is taken for set. */
const MAX_WRONG_POINTS = 5;

const EARLIEST = Date.UTC(2000, 0, 1) / 1000;
const DAY_SECONDS = 86_400;

/** Reports whether an activity can have taken place at a time in seconds since 1970. */
export function isPlausibleTime(time: number, now: Date): boolean {
  return time >= EARLIEST && time <= now.getTime() / 1000 + DAY_SECONDS;
}

/**
 * Makes the times of points never decrease, in place and in the order of the file. Points after
 * a clock that was set back are moved behind the earlier ones; points before a clock that was set
 * ahead, usually by the first GPS fix, are moved to the later ones. A few points with a wrong time
 * take that of a neighbour. Returns whether the clock was set.
 */
export function repairClock(
  points: readonly Point[],
  { maxPauseSeconds = MAX_PAUSE_SECONDS }: { maxPauseSeconds?: number } = {},
): boolean {
  let wasSet = false;
  const step = findMedianStep(points);
  const jumps: { at: number; ahead: number }[] = [];
  let shift = 0;
  let last = -Infinity;
  for (const [i, point] of points.entries()) {
    let time = point.time + shift;
    const isBack = time < last - MAX_DISORDER_SECONDS;
    const isAhead = i > 0 && time > last + maxPauseSeconds;
    const isFirst = i <= MAX_WRONG_POINTS && points.length > 2 * i;
    const isLast = points.length - i <= MAX_WRONG_POINTS &&
      i > MAX_WRONG_POINTS;
    if (
      (isBack || isAhead) && returnsSoon(points, { i, shift, last }) ||
      isAhead && isLast
    ) {
      time = last;
    } else if (isAhead || isBack && isFirst && time < last - DAY_SECONDS) {
      const ahead = time - step - last;
      jumps.push({ at: i, ahead });
      last += ahead;
      wasSet = true;
    } else if (isBack) {
      shift += last + step - time;
      time = last + step;
      wasSet = true;
    }
    point.time = Math.max(time, last);
    last = point.time;
  }
  // In one pass, as a hostile file may have a jump at every few points.
  let ahead = 0;
  for (let i = points.length - 1; i >= 0; i--) {
    points[i]!.time += ahead;
    while (jumps.at(-1)?.at === i) ahead += jumps.pop()!.ahead;
  }
  return wasSet;
}

/** Reports whether one of the next points goes on from the time before the point at `i`. */
function returnsSoon(
  points: readonly Point[],
  { i, shift, last }: { i: number; shift: number; last: number },
): boolean {
  return points.slice(i + 1, i + 1 + MAX_WRONG_POINTS).some(({ time }) =>
    time + shift >= last && time + shift <= last + DAY_SECONDS
  );
}

/** Returns the usual time between two points in seconds; 1 if there is none. */
function findMedianStep(points: readonly Point[]): number {
  const steps: number[] = [];
  for (let i = 1; i < points.length && steps.length < 10_000; i++) {
    const step = points[i]!.time - points[i - 1]!.time;
    if (step > 0 && step <= MAX_DISORDER_SECONDS) steps.push(step);
  }
  steps.sort((a, b) => a - b);
  return steps[steps.length >> 1] ?? 1;
}
