import { findLocalClock } from "./time_zone.ts";
import { type Point, toOffset } from "./points.ts";
import type {
  AthleteProfile,
  Device,
  ExtraStream,
  Lap,
  Length,
  Recording,
  RecordingKind,
} from "./recording.ts";
import { buildStreams } from "./streams.ts";
import { computeTotals, type DeviceTotals } from "./totals.ts";

/** A parsed activity before streams and totals are computed. Times are seconds since 1970. */
export interface Draft {
  readonly kind: RecordingKind;
  readonly index: number;
  readonly start: number;
  /** In the order of the file; their times never decrease. */
  readonly points: readonly Point[];
  readonly sportType: string | null;
  readonly sportInFile: string | null;
  readonly name?: string | null;
  readonly description?: string | null;
  readonly isVirtual?: boolean;
  readonly isIndoor?: boolean;
  readonly device: Device;
  readonly deviceOffsetSeconds?: number | undefined;
  readonly totals: DeviceTotals;
  readonly poolLengthMetres?: number | null;
  readonly laps: readonly DraftLap[];
  readonly lengths?: readonly DraftLength[];
  readonly pauses?: readonly DraftPause[];
  /** Names and units of the points' extra values. */
  readonly extras?: readonly { name: string; unit: string | null }[];
  readonly profile?: Omit<AthleteProfile, "at"> | null;
}

/** A lap that starts at a time instead of an offset. */
export interface DraftLap extends Omit<Lap, "startSeconds"> {
  readonly start: number;
}

/** A length that starts at a time instead of an offset. */
export interface DraftLength extends Omit<Length, "startSeconds"> {
  readonly start: number;
}

/** A pause between two times. */
export interface DraftPause {
  readonly start: number;
  readonly end: number;
}

/** Computes the streams, the totals and the local time of a parsed activity. */
export function buildRecording(draft: Draft): Recording {
  const { points, start, isVirtual = false } = draft;
  const startedAt = new Date(Math.round(start * 1000));
  const pauses = joinPauses([
    ...(draft.pauses ?? []),
    ...findGaps(points),
  ]).map((pause) => ({
    startSeconds: toOffset(pause.start, start),
    endSeconds: toOffset(pause.end, start),
  }));
  const { streams, hasDeviceDistance } = buildStreams(points, {
    startSeconds: start,
    pauses,
  });
  const { distanceMetres, ...otherTotals } = draft.totals;
  // Some devices state 0 metres although their records have a distance.
  const isContradicted = distanceMetres === 0 && hasDeviceDistance &&
    streams.distance!.some((metres) => metres > 0);
  const segments = points.flatMap(({ segment }, i) =>
    i > 0 && points[i - 1]!.segment !== segment ? [i] : []
  );
  return {
    kind: draft.kind,
    index: draft.index,
    startedAt,
    ...findLocalClock(points, {
      startedAt,
      isVirtual,
      deviceOffsetSeconds: draft.deviceOffsetSeconds,
    }),
    sportType: draft.sportType,
    sportInFile: draft.sportInFile,
    name: draft.name ?? null,
    description: draft.description ?? null,
    virtual: isVirtual,
    indoor: draft.isIndoor ?? false,
    device: draft.device,
    totals: computeTotals(
      isContradicted ? otherTotals : draft.totals,
      { streams, pauses, segments },
    ),
    poolLengthMetres: draft.poolLengthMetres ?? null,
    laps: draft.laps.map(({ start: lapStart, ...lap }) => ({
      startSeconds: toOffset(lapStart, start),
      ...lap,
    })),
    lengths: (draft.lengths ?? []).map(({ start: own, ...length }) => ({
      startSeconds: toOffset(own, start),
      ...length,
    })),
    pauses,
    streams,
    extraStreams: buildExtraStreams(points, draft.extras ?? []),
    profile: draft.profile ? { at: startedAt, ...draft.profile } : null,
  };
}

/** Returns the times between the segments. */
function findGaps(points: readonly Point[]): DraftPause[] {
  const gaps: DraftPause[] = [];
  for (let i = 1; i < points.length; i++) {
    const before = points[i - 1]!;
    const point = points[i]!;
    if (before.segment !== point.segment && point.time > before.time) {
      gaps.push({ start: before.time, end: point.time });
    }
  }
  return gaps;
}

/** Joins pauses that overlap and orders them by time. */
function joinPauses(pauses: readonly DraftPause[]): DraftPause[] {
  const joined: DraftPause[] = [];
  for (const pause of pauses.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last && pause.start <= last.end) {
      joined[joined.length - 1] = {
        start: last.start,
        end: Math.max(last.end, pause.end),
      };
    } else joined.push(pause);
  }
  return joined;
}

function buildExtraStreams(
  points: readonly Point[],
  extras: readonly { name: string; unit: string | null }[],
): ExtraStream[] {
  return extras.map(({ name, unit }, i) => ({
    name,
    unit,
    values: Float32Array.from(points, ({ extra }) => extra?.[i] ?? NaN),
  })).filter(({ values }) => values.some((value) => !Number.isNaN(value)));
}
