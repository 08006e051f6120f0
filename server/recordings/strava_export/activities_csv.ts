import { parse } from "csv-parse/sync";
import { parseActivityType } from "./activity_types.ts";
import { type FindCell, resolveColumns } from "./columns.ts";
import { findSlashOrder, parseExportDate, type SlashOrder } from "./dates.ts";
import type { ExportedActivity } from "./exported_activity.ts";

/** The table is not one of activities, or is broken as CSV. */
export class TableRefused extends Error {
  override readonly name = "TableRefused";
}

const MAX_ROWS = 200_000;
const MAX_ROW_CHARACTERS = 1_000_000;

/** Parses CSV by RFC 4180, with line breaks in quotes and rows of any length. */
export function parseCsv(bytes: Uint8Array): string[][] {
  const text = new TextDecoder().decode(bytes);
  try {
    const rows = parse(text, {
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: MAX_ROW_CHARACTERS,
      to: MAX_ROWS + 1,
    });
    if (rows.length <= MAX_ROWS) return rows;
  } catch (cause) {
    throw new TableRefused("The table is not valid CSV", { cause });
  }
  throw new TableRefused(`The table has more than ${MAX_ROWS} rows`);
}

/** Parses `activities.csv` in any language and with any number of columns. */
export function parseActivitiesCsv(bytes: Uint8Array): ExportedActivity[] {
  const [header = [], ...lines] = parseCsv(bytes);
  const rows = lines.filter((row) => row.some((cell) => cell !== ""));
  const find = resolveColumns(header, rows);
  if (!find) {
    throw new TableRefused("The table has no columns of activities");
  }
  const slashes = findSlashOrder(
    rows.map((row) => find(row, "Activity Date") ?? ""),
  );
  return rows.map((row, i) =>
    toActivity(row, { find, slashes, number: i + 1 })
  );
}

function toActivity(
  row: readonly string[],
  { find, slashes, number }: {
    find: FindCell;
    slashes: SlashOrder;
    number: number;
  },
): ExportedActivity {
  const text = (name: string, occurrence?: number) =>
    find(row, name, occurrence)?.trim() || null;
  // The second column of a name has more digits, and always a point.
  const value = (name: string) =>
    parseNumber(text(name, 1)) ?? parseNumber(text(name));
  const typeInFile = text("Activity Type") ?? "";
  return {
    row: number,
    id: parseId(text("Activity ID")),
    filename: text("Filename"),
    startedAt: parseExportDate(text("Activity Date") ?? "", slashes),
    name: find(row, "Activity Name") ?? "",
    description: text("Activity Description"),
    privateNote: text("Activity Private Note"),
    typeInFile,
    sportType: parseActivityType(typeInFile),
    elapsedSeconds: value("Elapsed Time"),
    movingSeconds: value("Moving Time"),
    distanceMetres: findDistance(text),
    ascentMetres: value("Elevation Gain"),
    descentMetres: value("Elevation Loss"),
    averageSpeed: value("Average Speed"),
    maxSpeed: value("Max Speed"),
    averageHeartRate: value("Average Heart Rate"),
    maxHeartRate: value("Max Heart Rate"),
    averageCadence: value("Average Cadence"),
    maxCadence: value("Max Cadence"),
    averagePower: value("Average Watts"),
    maxPower: value("Max Watts"),
    normalizedPower: value("Weighted Average Power"),
    calories: value("Calories"),
    averageTemperature: value("Average Temperature"),
    athleteWeightKilograms: value("Athlete Weight"),
    poolLengthMetres: value("Pool Length"),
    perceivedExertion: value("Perceived Exertion"),
    relativeEffort: value("Relative Effort"),
    commute: isTrue(text("Commute", 1) ?? text("Commute")),
    race: isTrue(text("Competition")),
    gearName: text("Activity Gear"),
    mediaCount: text("Media")?.split("|").filter(Boolean).length ?? 0,
  };
}

/**
 * Finds the distance in metres. The first column has kilometres with two decimals in the
 * language's format, and reportedly metres for swims, so it counts only where it is unambiguous.
 */
function findDistance(
  text: (name: string, occurrence?: number) => string | null,
): number | null {
  const metres = parseNumber(text("Distance", 1)) ??
    parseNumber(text("Distance in Metres"));
  if (metres !== null) return metres;
  const kilometres = /^(\d+)[.,](\d{1,2})$/.exec(text("Distance") ?? "");
  return kilometres ? Number(`${kilometres[1]}.${kilometres[2]}`) * 1000 : null;
}

/**
 * Parses a number with a point. Strava prints single-precision numbers in full: 3322.949951171875
 * is 3322.95, the shortest number with the same single-precision value.
 */
function parseNumber(text: string | null): number | null {
  if (text === null || !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return null;
  const value = Number(text);
  if (Math.fround(value) !== value) return value;
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function parseId(text: string | null): number | null {
  const id = /^\d{1,16}$/.test(text ?? "") ? Number(text) : NaN;
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}

function isTrue(text: string | null): boolean {
  return text !== null && /^(true|1(\.0)?)$/i.test(text);
}
