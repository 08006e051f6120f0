import { createHash } from "node:crypto";
import type { FileActivityColumns } from "../../db/imports/file_activities.ts";
import type {
  Figure,
  FigureMethod,
  RecordingRow,
} from "../../db/imports/recordings.ts";
import { toActivityType } from "../../db/sports.ts";
import { doSportsAgree, UNKNOWN_SPORT } from "./same_activity.ts";

/** A recording of the activity to resolve. */
export type RankedRecording = Pick<
  RecordingRow,
  "contentHash" | "place" | "kind" | "importedAt" | "figures" | "listed"
>;

/** The kinds of files, those that hold the most figures of the device first. */
const KINDS = ["fit", "tcx", "gpx", "manual"] as const;
/** The origins of totals, the most trusted first. */
const METHODS: readonly FigureMethod[] = [
  "device",
  "listed",
  "computed",
  "entered",
];
/** Share of the longest recording that another one must last to speak for the whole activity. */
const MIN_COVERAGE = 0.8;
/** Strava's `workout_type` of a race. */
const RACE = { run: 1, ride: 11 } as const;

/**
 * Returns the columns of an activity that came by file, from all of its recordings. docs/import.md
 * has the order in which they decide. The result does not depend on the order of `recordings`.
 */
export function resolveActivity(
  recordings: readonly RankedRecording[],
  { id }: { id: number },
): FileActivityColumns {
  const ranked = rank(recordings);
  const best = ranked[0]!;
  const total = (name: string): number | null => findTotal(ranked, name);
  const sportType = findSport(ranked);
  const moving = Math.round(total("moving_seconds") ?? 0);
  const elapsed = Math.round(total("elapsed_seconds") ?? moving);
  const distance = roundTo(total("distance_metres"), 0.1) ?? 0;
  const { start_date, utc_offset, timezone } = best.figures;
  const columns = {
    id,
    name: findName(ranked) ?? toLabel(sportType),
    description: findDescription(ranked),
    type: toActivityType(sportType),
    sport_type: sportType,
    start_date,
    start_date_local: new Date(Date.parse(start_date) + utc_offset * 1000)
      .toISOString().slice(0, 19),
    utc_offset: Math.round(utc_offset),
    timezone,
    distance,
    moving_time: moving || elapsed,
    elapsed_time: Math.max(elapsed, moving),
    total_elevation_gain: roundTo(total("ascent_metres"), 0.1) ?? 0,
    average_speed: roundTo(
      total("average_speed") ?? (moving > 0 ? distance / moving : 0),
      0.001,
    ),
    max_speed: roundTo(total("max_speed"), 0.001) ?? 0,
    average_heartrate: roundTo(total("average_heart_rate"), 0.1),
    max_heartrate: total("max_heart_rate"),
    suffer_score: findListed(ranked, ({ relative_effort }) => relative_effort),
    heartrate_opt_out: false,
    kudos_count: 0,
    // A second file must not show an activity to more people than the first did.
    visibility: findFirst(recordings).figures.visibility,
    gear_id: findListed(ranked, ({ gear }) => gear?.id ?? null),
    workout_type: findWorkoutType(ranked, sportType),
    trainer: ranked.some(({ figures }) => figures.trainer),
    commute: ranked.some(({ listed }) => listed?.commute),
    manual: ranked.every(({ kind }) => kind === "manual"),
  };
  const content_hash = createHash("sha256").update(JSON.stringify(columns))
    .digest("hex");
  return { ...columns, content_hash };
}

/** Rounds a figure to the step that Strava's have, so that sums show no noise of the conversion. */
function roundTo<Value extends number | null>(
  value: Value,
  step: number,
): Value {
  const steps = Math.round(1 / step);
  return (value === null ? null : Math.round(value * steps) / steps) as Value;
}

/** Returns the recording that was imported first. */
export function findFirst<T extends RankedRecording>(
  recordings: readonly T[],
): T {
  return recordings.toSorted(compareImport)[0]!;
}

/** Returns a total by the trust in its origin, then by the rank of the recordings. */
export function findTotal(
  ranked: readonly RankedRecording[],
  name: string,
): number | null {
  return findFigure(ranked, name)?.figure.value ?? null;
}

/** Returns the figure that {@link findTotal} chooses, and its recording. */
export function findFigure<T extends RankedRecording>(
  ranked: readonly T[],
  name: string,
): { figure: Figure; recording: T } | undefined {
  for (const method of METHODS) {
    for (const recording of ranked) {
      const { figures, listed } = recording;
      const figure = [figures.totals[name], listed?.totals[name]].find(
        (each): each is Figure => each?.method === method,
      );
      if (figure) return { figure, recording };
    }
  }
  return undefined;
}

/**
 * Orders recordings by the trust in them: by kind, then by import. A recording of a part
 * of the activity says nothing about the whole, so it is left out.
 */
export function rank<T extends RankedRecording>(
  recordings: readonly T[],
): T[] {
  const length = (each: T): number =>
    findTotal([each], "elapsed_seconds") ??
      findTotal([each], "moving_seconds") ?? 0;
  const longest = Math.max(...recordings.map(length));
  return recordings.filter((each) => length(each) >= longest * MIN_COVERAGE)
    .toSorted((a, b) =>
      KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || compareImport(a, b)
    );
}

function compareImport(a: RankedRecording, b: RankedRecording): number {
  return a.importedAt.getTime() - b.importedAt.getTime() ||
    (a.contentHash < b.contentHash ? -1 : 1) *
      Number(a.contentHash !== b.contentHash) ||
    a.place - b.place;
}

/** Returns what the first row of a bulk export says. */
function findListed<T>(
  ranked: readonly RankedRecording[],
  read: (listed: NonNullable<RankedRecording["listed"]>) => T | null,
): T | null {
  for (const { listed } of ranked) {
    const value = listed && read(listed);
    if (value !== null) return value;
  }
  return null;
}

/** Returns the name that the athlete gave at Strava, else the first one in a file. */
function findName(ranked: readonly RankedRecording[]): string | null {
  return findListed(ranked, ({ name }) => name) ??
    ranked.map(({ figures }) => figures.name).find((name) => name !== null) ??
    null;
}

/** Returns the description that the athlete gave at Strava, else the first one in a file. */
function findDescription(ranked: readonly RankedRecording[]): string | null {
  return findListed(ranked, ({ description }) => description ?? null) ??
    ranked.map(({ figures }) => figures.description)
      .find((description) => description) ??
    null;
}

/** Returns the sport that the athlete chose at Strava, or the file's, if that is a finer one of it. */
function findSport(ranked: readonly RankedRecording[]): string {
  const listed = findListed(ranked, ({ sport_type }) => sport_type);
  const inFile = ranked.map(({ figures }) => figures.sport_type)
    .find((sport) => sport !== null);
  if (!inFile) return listed ?? UNKNOWN_SPORT;
  return listed === null || doSportsAgree(listed, inFile) ? inFile : listed;
}

function findWorkoutType(
  ranked: readonly RankedRecording[],
  sportType: string,
): number | null {
  if (!ranked.some(({ listed }) => listed?.race)) return null;
  return toRaceType(sportType);
}

/** Returns Strava's `workout_type` of a race; null for sports that have none at Strava. */
export function toRaceType(sportType: string): number | null {
  if (doSportsAgree(sportType, "Run")) return RACE.run;
  return doSportsAgree(sportType, "Ride") ? RACE.ride : null;
}

/** Returns "Gravel Ride" for `GravelRide`. */
function toLabel(sportType: string): string {
  return sportType.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ");
}
