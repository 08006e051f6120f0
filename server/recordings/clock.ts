import { FileRefused } from "./file_refused.ts";
import type { Point } from "./points.ts";

/** A step back of at most this many seconds is a record out of order. */
const MAX_DISORDER_SECONDS = 60;
/** A step ahead of more than this is a clock that was set. A shorter one is a pause. */
const MAX_PAUSE_SECONDS = 30 * 86_400;

const EARLIEST = Date.UTC(2000, 0, 1) / 1000;
const DAY_SECONDS = 86_400;

/** Reports whether an activity can have taken place at a time in seconds since 1970. */
export function isPlausibleTime(time: number, now: Date): boolean {
  return time >= EARLIEST && time <= now.getTime() / 1000 + DAY_SECONDS;
}

/**
 * Makes the times of points never decrease, in place and in the order of the file. Points after
 * a clock that was set back are moved behind the earlier ones; points before a clock that was set
 * ahead, usually by the first GPS fix, are moved to the later ones. Returns whether the clock was
 * set.
 */
export function repairClock(points: readonly Point[]): boolean {
  let wasSet = false;
  const step = findMedianStep(points);
  let shift = 0;
  let last = -Infinity;
  for (const [i, point] of points.entries()) {
    let time = point.time + shift;
    if (time < last - MAX_DISORDER_SECONDS) {
      shift += last + step - time;
      time = last + step;
      wasSet = true;
    } else if (i > 0 && time > last + MAX_PAUSE_SECONDS) {
      const ahead = time - step - last;
      for (let k = 0; k < i; k++) points[k]!.time += ahead;
      wasSet = true;
    }
    point.time = Math.max(time, i > 0 ? points[i - 1]!.time : -Infinity);
    last = point.time;
  }
  return wasSet;
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

/** Throws if an activity can not have taken place at these times. */
export function assertPlausible(times: readonly number[], now: Date): void {
  if (!times.every((time) => isPlausibleTime(time, now))) {
    throw new FileRefused("no_clock");
  }
}
