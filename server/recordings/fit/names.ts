/** Names of the FIT profile by number. */
const LAP_TRIGGERS = [
  "manual",
  "time",
  "distance",
  "position_start",
  "position_lap",
  "position_waypoint",
  "position_marked",
  "session_end",
  "fitness_equipment",
];
const INTENSITIES = [
  "active",
  "rest",
  "warmup",
  "cooldown",
  "recovery",
  "interval",
  "other",
];
const STROKES = [
  "freestyle",
  "backstroke",
  "breaststroke",
  "butterfly",
  "drill",
  "mixed",
  "im",
  "im",
  "im",
];

/** Files that hold something else than an activity, as the athlete would call them. */
const FILE_TYPES: Readonly<Record<number, string>> = {
  1: "device capabilities",
  2: "settings",
  3: "sport settings",
  5: "a workout",
  6: "a course",
  7: "a training schedule",
  8: "saved locations",
  9: "weight measurements",
  10: "totals",
  11: "goals",
  14: "blood pressure",
  15: "health monitoring",
  20: "an activity summary",
  28: "health monitoring",
  32: "health monitoring",
  34: "a segment",
  35: "a list of segments",
  40: "display settings",
};

/** Number of the file type `activity`. */
export const ACTIVITY_FILE = 4;

const pick = (names: readonly string[], number: number | undefined) =>
  number === undefined ? null : names[number] ?? null;

/** Returns the name of a `lap_trigger`. */
export const toLapTrigger = (number: number | undefined): string | null =>
  pick(LAP_TRIGGERS, number);

/** Returns the name of an `intensity`. */
export const toIntensity = (number: number | undefined): string | null =>
  pick(INTENSITIES, number);

/** Returns the name of a `swim_stroke`. */
export const toStroke = (number: number | undefined): string | null =>
  pick(STROKES, number);

/** Describes the content of a file that is no activity. */
export function describeFileType(type: number): string {
  return FILE_TYPES[type] ?? `file type ${type}`;
}
