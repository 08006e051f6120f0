import type {
  Figure,
  ListedFigures,
  RecordingFigures,
} from "../../db/imports/recordings.ts";
import type { Recording, Total, TotalName } from "../recordings/recording.ts";
import type { ExportedActivity } from "../recordings/strava_export/exported_activity.ts";
import { toFileGear } from "./file_gear.ts";
import { toText } from "./text.ts";

/** Choices of the person who imports, for what files do not say themselves. */
export interface ImportChoices {
  /** IANA zone of recordings without a position and without an offset of the device. */
  timeZone: string;
  /** Visibility of the imported activities. */
  visibility: "everyone" | "followers_only" | "only_me";
}

/** Longest description, in characters. */
export const MAX_DESCRIPTION = 10_000;
/** Greatest value of an `integer` column. */
const MAX_INTEGER = 2 ** 31 - 1;
/** Greatest accepted Relative Effort, far above real ones. */
const MAX_EFFORT = 1_000_000;

/** Returns what is stored about a recording. */
export function toFigures(
  recording: Recording,
  { timeZone, visibility }: ImportChoices,
): RecordingFigures {
  const { startedAt, utcOffsetSeconds } = recording;
  const hasClock = utcOffsetSeconds !== null;
  return {
    start_date: startedAt.toISOString(),
    timezone: hasClock ? recording.timeZone : timeZone,
    utc_offset: hasClock ? utcOffsetSeconds : findOffset(timeZone, startedAt),
    sport_type: recording.sportType,
    name: toText(recording.name),
    description: toText(recording.description, MAX_DESCRIPTION),
    trainer: recording.indoor,
    visibility,
    totals: toFigureTable(
      Object.entries(recording.totals) as [TotalName, Total][],
    ),
  };
}

/** Returns what is stored of a row of Strava's bulk export. */
export function toListedFigures(row: ExportedActivity): ListedFigures {
  const values: Partial<Record<TotalName, number | null>> = {
    distanceMetres: row.distanceMetres,
    elapsedSeconds: row.elapsedSeconds,
    movingSeconds: row.movingSeconds,
    ascentMetres: row.ascentMetres,
    descentMetres: row.descentMetres,
    averageSpeed: row.averageSpeed,
    maxSpeed: row.maxSpeed,
    averageHeartRate: row.averageHeartRate,
    maxHeartRate: row.maxHeartRate,
    averageCadence: row.averageCadence,
    maxCadence: row.maxCadence,
    averagePower: row.averagePower,
    maxPower: row.maxPower,
    normalizedPower: row.normalizedPower,
    calories: row.calories,
    averageTemperature: row.averageTemperature,
  };
  const { relativeEffort } = row;
  const isPlausible = relativeEffort !== null && relativeEffort >= 0 &&
    relativeEffort <= MAX_EFFORT;
  return {
    strava_id: row.id,
    sport_type: row.sportType,
    name: toText(row.name),
    description: toText(row.description, MAX_DESCRIPTION),
    commute: row.commute,
    race: row.race,
    relative_effort: isPlausible ? relativeEffort : null,
    ...row.gear !== undefined &&
      { gear: row.gear && toFileGear(row.gear) },
    totals: toFigureTable(
      (Object.entries(values) as [TotalName, number | null][]).flatMap(
        ([name, value]) =>
          value === null ? [] : [[name, { value, method: "listed" }] as const],
      ),
    ),
  };
}

/** Returns the figures of an activity that was entered by hand: only the row has any. */
export function toManualFigures(
  { startedAt }: { startedAt: Date },
  { timeZone, visibility }: ImportChoices,
): RecordingFigures {
  return {
    start_date: startedAt.toISOString(),
    timezone: timeZone,
    utc_offset: findOffset(timeZone, startedAt),
    sport_type: null,
    name: null,
    description: null,
    trainer: false,
    visibility,
    totals: {},
  };
}

/** Returns what is stored about an activity that its owner has entered. */
export function toEnteredFigures(
  { startDateLocal, timeZone, sportType, name, trainer, visibility, totals }: {
    startDateLocal: string;
    timeZone: string;
    sportType: string;
    name: string;
    trainer: boolean;
    visibility: ImportChoices["visibility"];
    totals: Readonly<Record<string, number | undefined>>;
  },
): RecordingFigures {
  const start = Temporal.PlainDateTime.from(startDateLocal)
    .toZonedDateTime(timeZone);
  return {
    start_date: start.toInstant().toString(),
    timezone: timeZone,
    utc_offset: start.offsetNanoseconds / 1e9,
    sport_type: sportType,
    name,
    description: null,
    trainer,
    visibility,
    totals: Object.fromEntries(
      Object.entries(totals).flatMap(([total, value]) =>
        value === undefined ? [] : [[total, { value, method: "entered" }]]
      ),
    ),
  };
}

/** Returns the totals under snake_case names, without those that no column could hold. */
function toFigureTable(
  totals: readonly (readonly [TotalName, Figure])[],
): Record<string, Figure> {
  return Object.fromEntries(
    totals.filter(([name, { value }]) =>
      value <= MAX_INTEGER && (value >= 0 || name === "averageTemperature")
    )
      .map(([name, { value, method }]) => [
        name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        { value, method },
      ]),
  );
}

function findOffset(timeZone: string, at: Date): number {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone).offsetNanoseconds / 1e9;
}
