import {
  buildRecording,
  type Draft,
  type DraftLap,
} from "../build_recording.ts";
import { isPlausibleTime } from "../clock.ts";
import { FileRefused } from "../file_refused.ts";
import type { Point } from "../points.ts";
import type { Recording } from "../recording.ts";
import type { FitLap, PartContent, Session } from "./collect.ts";
import { isIndoor, toSportType } from "./sports.ts";

/** Makers of virtual worlds, whose positions are not those of the athlete. */
const VIRTUAL_MAKERS = new Set([
  "zwift",
  "zwift_byte",
  "bkool",
  "virtualtraining",
  "mywhoosh",
  "onelap",
]);

/** Seconds by which a session may start after its first point. Some state their end. */
const MAX_LATE_START_SECONDS = 300;
/** Seconds by which a session may start before its first point. */
const MAX_START_DIFFERENCE_SECONDS = 86_400;
/** The same if the clock was set, after which the two are of different clocks. */
const MAX_SET_DIFFERENCE_SECONDS = 60;

/** Seconds since 1970 from which on points belong to a session, and until when. */
interface Window {
  readonly from: number;
  readonly to: number;
}

/** Builds a recording from each session of an activity, or one from its points alone. */
export function buildSessions(
  content: PartContent,
  { firstIndex, now }: { firstIndex: number; now: Date },
): Recording[] {
  const sessions = selectSessions(content, now);
  if (sessions.length === 0) {
    if (content.points.length === 0) throw new FileRefused("no_track");
    if (content.points.length < 2) throw new FileRefused("too_short");
    return [buildRecording(toDraft(content, {
      index: firstIndex,
      session: undefined,
      window: { from: -Infinity, to: Infinity },
    }))];
  }
  const windows = sessions.map((_, i) => ({
    from: i === 0 ? -Infinity : sessions[i]!.start ?? Infinity,
    to: sessions[i + 1]?.start ?? Infinity,
  }));
  continueDistances(content.points, windows);
  return sessions.map((session, i) =>
    buildRecording(toDraft(content, {
      index: firstIndex + i,
      session,
      window: windows[i]!,
    }))
  );
}

/** Returns the sessions with a start, in the order of time, without those that only sum up. */
function selectSessions(
  { points, sessions, clockWasSet }: PartContent,
  now: Date,
): Session[] {
  const maxDifference = clockWasSet
    ? MAX_SET_DIFFERENCE_SECONDS
    : MAX_START_DIFFERENCE_SECONDS;
  const single = sessions.filter(({ sport }) => sport !== "multisport");
  const used = single.length > 0 ? single : sessions;
  const [first] = points;
  const dated = used.map((session) => {
    const { start } = session;
    const isUsable = start !== undefined && isPlausibleTime(start, now) &&
      // Only a single session can have been started under another clock.
      (used.length > 1 || !first ||
        (first.time - start <= maxDifference &&
          start - first.time <= MAX_LATE_START_SECONDS));
    return isUsable ? session : { ...session, start: first?.time };
  });
  if (dated.some(({ start }) => start === undefined)) {
    throw new FileRefused("no_clock");
  }
  return dated.toSorted((a, b) => a.start! - b.start!);
}

function toDraft(
  content: PartContent,
  { index, session, window }: {
    index: number;
    session: Session | undefined;
    window: Window;
  },
): Draft {
  const isWithin = (time: number | undefined) =>
    time !== undefined && time >= window.from && time < window.to;
  const points = content.points.filter(({ time }) => isWithin(time));
  const sport = pickSport(session?.sport, content.sport);
  const subSport = pickSport(session?.subSport, content.subSport);
  const start = session?.start ?? points[0]?.time ?? 0;
  const profile = {
    ...content.profile,
    thresholdPower: content.profile.thresholdPower ??
      session?.thresholdPower ?? null,
  };
  return {
    kind: "fit",
    index,
    start,
    points,
    sportType: toSportType(sport, subSport),
    sportInFile: sport &&
        [sport, subSport].filter((each) => each !== null && each !== "generic")
          .join("/") || sport,
    isVirtual: subSport === "virtual_activity" ||
      VIRTUAL_MAKERS.has(content.device.maker ?? ""),
    isIndoor: isIndoor(subSport),
    device: content.device,
    deviceOffsetSeconds: content.deviceOffsetSeconds,
    totals: session?.totals ?? {},
    poolLengthMetres: session?.poolLengthMetres ?? null,
    laps: placeLaps(content.laps, start).filter((lap) => isWithin(lap.start)),
    lengths: content.lengths.flatMap(({ start, ...length }) =>
      start !== undefined && isWithin(start) ? [{ start, ...length }] : []
    ),
    pauses: findPauses(content, { from: start, to: findEnd(points, window) }),
    extras: content.extras,
    profile: Object.values(profile).some((value) => value !== null)
      ? profile
      : null,
  };
}

/** Gives laps without a start the end of the lap before, or the start of the session. */
function placeLaps(laps: readonly FitLap[], start: number): DraftLap[] {
  return laps.map(({ start: own, totals, trigger, intensity }, i) => ({
    start: own ?? laps[i - 1]?.end ?? start,
    totals,
    trigger,
    intensity,
  }));
}

/** Returns the session's own sport, or the file's if the session says nothing. */
function pickSport(
  own: string | null | undefined,
  ofFile: string | null,
): string | null {
  return own && own !== "generic" ? own : own ?? ofFile;
}

/** Makes distances start at 0 that the device counts on from session to session. */
function continueDistances(
  points: readonly Point[],
  windows: readonly Window[],
): void {
  let last = 0;
  for (const { from, to } of windows) {
    const within = points.filter(({ time, distance }) =>
      time >= from && time < to && distance >= 0
    );
    const base = last;
    last = within.at(-1)?.distance ?? last;
    if (base === 0 || within.length === 0 || within[0]!.distance < base) {
      continue;
    }
    for (const point of within) {
      point.distance = Math.round((point.distance - base) * 1000) / 1000;
    }
  }
}

function findEnd(points: readonly Point[], { to }: Window): number {
  return points.at(-1)?.time ?? to;
}

/** Returns the times between a stop of the timer and the next start, within a window. */
function findPauses(
  { timer }: PartContent,
  { from, to }: Window,
): { start: number; end: number }[] {
  const pauses: { start: number; end: number }[] = [];
  let stop: number | undefined;
  for (const { time, runs } of timer) {
    if (!runs) {
      stop ??= time;
      continue;
    }
    if (stop !== undefined) {
      const start = Math.max(from, stop);
      const end = Math.min(to, time);
      if (end > start) pauses.push({ start, end });
    }
    stop = undefined;
  }
  return pauses;
}
