import { isPlausibleTime, repairClock } from "../clock.ts";
import { FileRefused } from "../file_refused.ts";
import type { Point } from "../points.ts";
import type { ParsedFile, Recording } from "../recording.ts";
import {
  collectPart,
  FIRST_DATE,
  FIT_EPOCH,
  type PartContent,
} from "./collect.ts";
import { addHeartRates } from "./heart_rate.ts";
import { ACTIVITY_FILE, describeFileType } from "./names.ts";
import { type Part, splitParts } from "./parts.ts";
import { buildSessions } from "./sessions.ts";

/**
 * Parses a FIT file. Each chained part with a `file_id` message is a file for itself; a part
 * without one, such as the memory of a heart rate strap, belongs to the part before.
 */
export function parseFit(
  bytes: Uint8Array,
  { now }: { now: Date },
): ParsedFile {
  const warnings: string[] = [];
  const activities: PartContent[] = [];
  let otherType: number | undefined;
  for (const part of splitParts(bytes)) {
    const content = collectPart(bytes, part);
    const previous = activities.at(-1);
    // A damaged part after a good one must not take the good one away.
    if (previous && content.end === "broken" && !part.isIntact) {
      warnings.push("A later part of the file is damaged and was left out");
      continue;
    }
    assertReadable(part, content);
    warnDamage(warnings, part, content);
    if (content.fileType === undefined && previous) {
      joinContent(previous, content);
    } else if ((content.fileType ?? ACTIVITY_FILE) === ACTIVITY_FILE) {
      activities.push(content);
    } else otherType ??= content.fileType;
  }
  if (activities.length === 0) {
    throw otherType === undefined
      ? new FileRefused("no_track")
      : new FileRefused("not_an_activity", describeFileType(otherType));
  }
  const recordings: Recording[] = [];
  let refusal: FileRefused | undefined;
  for (const content of activities) {
    try {
      prepare(content, { now, warnings });
      recordings.push(
        ...buildSessions(content, { firstIndex: recordings.length, now }),
      );
    } catch (error) {
      if (!(error instanceof FileRefused)) throw error;
      refusal ??= error;
      warnings.push(`A part of the file was left out: ${error.message}`);
    }
  }
  if (recordings.length === 0) {
    throw refusal ?? new FileRefused("no_track");
  }
  return { kind: "fit", recordings, warnings: [...new Set(warnings)] };
}

/** Refuses a part that can hold wrong values: its checksum is wrong and its structure breaks. */
function assertReadable(part: Part, { end, points }: PartContent): void {
  if (end !== "broken") return;
  const isReadable = (part.isIntact || part.isCut) && points.length >= 2;
  if (!isReadable) throw new FileRefused("damaged");
}

function warnDamage(
  warnings: string[],
  part: Part,
  { end }: PartContent,
): void {
  if (part.isCut || end === "cut") {
    warnings.push("The file is incomplete: its end is missing");
  } else if (end === "broken") {
    warnings.push("The file is damaged: it was read up to the first fault");
  } else if (!part.isIntact) {
    warnings.push("The checksum of the file is wrong");
  } else if (part.hasWrongSize) {
    warnings.push("The header states a wrong size");
  }
}

/** Adds the messages of a part without a `file_id` to those of the part before. */
function joinContent(
  target: PartContent,
  { points, ...rest }: PartContent,
): void {
  for (const point of points) target.points.push(point);
  for (const rate of rest.heartRates) target.heartRates.push(rate);
  target.sessions.push(...rest.sessions);
  target.laps.push(...rest.laps);
  target.lengths.push(...rest.lengths);
  target.timer.push(...rest.timer);
}

/** Repairs the times of the points and completes their heart rates. */
function prepare(
  content: PartContent,
  { now, warnings }: { now: Date; warnings: string[] },
): void {
  content.points = dropUndated(content.points);
  if (repairClock(content.points, findLongestPause(content))) {
    content.clockWasSet = true;
    warnings.push("The device's clock was set during the activity");
  }
  if (content.points.some(({ time }) => !isPlausibleTime(time, now))) {
    throw new FileRefused("no_clock");
  }
  addHeartRates(content.points, content.heartRates, FIT_EPOCH);
}

/** Pause in seconds that is believed of a device that states a shorter elapsed time. */
const MAX_UNSTATED_PAUSE_SECONDS = 6 * 3600;

/**
 * Returns a limit for pauses if the points span much more time than the sessions, which then
 * were recorded by a clock that jumped.
 */
function findLongestPause(
  { points, sessions }: PartContent,
): { maxPauseSeconds?: number } {
  const stated = sessions.length === 1
    ? sessions[0]!.totals.elapsedSeconds
    : undefined;
  if (stated === undefined || points.length === 0) return {};
  const span = points.at(-1)!.time - points[0]!.time;
  return Math.abs(span) > stated + 2 * MAX_UNSTATED_PAUSE_SECONDS
    ? { maxPauseSeconds: MAX_UNSTATED_PAUSE_SECONDS }
    : {};
}

/**
 * Drops points without a time, and those without a date that follow one with a date, such as those of
 * a cleared memory.
 */
function dropUndated(points: Point[]): Point[] {
  let hasDate = false;
  return points.filter(({ time }) => {
    if (Number.isNaN(time)) return false;
    const isDated = time - FIT_EPOCH >= FIRST_DATE;
    hasDate ||= isDated;
    return isDated || !hasDate;
  });
}
