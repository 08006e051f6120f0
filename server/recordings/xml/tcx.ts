import { buildRecording } from "../build_recording.ts";
import { isPlausibleTime, repairClock } from "../clock.ts";
import { FileRefused, type RefusalReason } from "../file_refused.ts";
import type { ParsedFile, Recording } from "../recording.ts";
import { parseSportName } from "../sports.ts";
import { decodeTcx, type TcxActivity, type TcxLap } from "./tcx_elements.ts";
import type { DeviceTotals } from "../totals.ts";

/** Parses a TCX file. Each activity, also within a multisport session, is a recording. */
export function parseTcx(text: string, { now }: { now: Date }): ParsedFile {
  const { activities, hasCourse, hasWorkout } = decodeTcx(text);
  const warnings: string[] = [];
  const recordings: Recording[] = [];
  let refusal: RefusalReason | undefined;
  for (const activity of activities) {
    const reason = findRefusal(activity, now, warnings);
    if (reason === undefined) {
      recordings.push(toRecording(activity, recordings.length));
    } else refusal ??= reason;
  }
  if (recordings.length === 0) {
    if (refusal) throw new FileRefused(refusal);
    if (hasCourse) throw new FileRefused("not_an_activity", "a course");
    if (hasWorkout) throw new FileRefused("not_an_activity", "a workout");
    throw new FileRefused("no_track");
  }
  const skipped = activities.length - recordings.length;
  if (skipped > 0) {
    warnings.push(
      `${skipped} of ${activities.length} activities have no usable records and were left out`,
    );
  }
  return { kind: "tcx", recordings, warnings: [...new Set(warnings)] };
}

/** Repairs an activity and returns the reason for which it is no recording, if there is one. */
function findRefusal(
  { points, laps, untimed }: TcxActivity,
  now: Date,
  warnings: string[],
): RefusalReason | undefined {
  if (untimed > 0) warnings.push("Records without a time were left out");
  const hasTotals = laps.some((lap) =>
    lap.start !== undefined && (lap.totals.timerSeconds ?? 0) > 0
  );
  if (points.length === 0 && !hasTotals) {
    return untimed > 0 ? "no_times" : "no_track";
  }
  if (points.length === 1 && !hasTotals) return "too_short";
  if (repairClock(points)) {
    warnings.push("The device's clock was set during the activity");
  }
  const times = points.length > 0
    ? points.map(({ time }) => time)
    : laps.flatMap(({ start }) => start === undefined ? [] : [start]);
  return times.every((time) => isPlausibleTime(time, now))
    ? undefined
    : "no_clock";
}

function toRecording(activity: TcxActivity, index: number): Recording {
  const { laps, points, sport } = activity;
  const first = points[0]?.time;
  const lapStart = laps.find(({ start }) => start !== undefined)?.start;
  // A lap that claims to begin after its records, or days before them, has a faulty start.
  const isUsable = lapStart !== undefined &&
    (first === undefined || (lapStart <= first && first - lapStart < 86_400));
  const start = isUsable ? lapStart : first!;
  const sportType = parseSportName(sport);
  return buildRecording({
    kind: "tcx",
    index,
    start,
    points,
    sportType,
    sportInFile: sport,
    name: activity.name,
    description: activity.description,
    isVirtual: /\bzwift\b/i.test(activity.creator ?? ""),
    device: { maker: null, product: activity.creator, serial: activity.serial },
    deviceOffsetSeconds: activity.offsetSeconds,
    totals: sumLaps(laps),
    laps: laps.map((lap) => ({ ...lap, start: lap.start ?? start })),
  });
}

/** Sums up the laps. TCX has no totals of the whole activity, and no averages of it. */
function sumLaps(laps: readonly TcxLap[]): DeviceTotals {
  const [only] = laps;
  if (only && laps.length === 1) return only.totals;
  const totals: DeviceTotals = {};
  for (const name of ["distanceMetres", "timerSeconds", "calories"] as const) {
    const values = laps.flatMap(({ totals }) => totals[name] ?? []);
    if (values.length > 0) {
      totals[name] = values.reduce((sum, value) => sum + value, 0);
    }
  }
  for (const name of ["maxSpeed", "maxHeartRate", "maxPower"] as const) {
    const values = laps.flatMap(({ totals }) => totals[name] ?? []);
    if (values.length > 0) {
      totals[name] = values.reduce((most, value) => Math.max(most, value));
    }
  }
  return totals;
}
