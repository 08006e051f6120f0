import {
  type ArchiveEntry,
  type EntryRefusalReason,
  EntryRefused,
} from "../archive/archive_entry.ts";
import { parseActivitiesCsv, TableRefused } from "./activities_csv.ts";
import { FILENAME } from "./columns.ts";
import type {
  ExportedActivity,
  ExportedGear,
  ExportedProfile,
} from "./exported_activity.ts";
import { parseGearCsv, parseProfile } from "./other_tables.ts";

/** Tables that are read. All others hold personal data that is not training data. */
const TABLES = [
  "activities.csv",
  "bikes.csv",
  "shoes.csv",
  "profile.csv",
  "general_preferences.csv",
] as const;
type Table = (typeof TABLES)[number];

/** Largest table in bytes. An activity has about 600. */
const MAX_TABLE_BYTES = 32_000_000;

/** A recorded file of an export, to be read at once or not at all. */
export interface ExportedFile {
  /** As in the column `Filename`: `activities/` and the name. */
  readonly filename: string;
  bytes: ArchiveEntry["bytes"];
}

/** The tables of an export, and what was left out. */
export interface StravaExport {
  /** Null if the archive has no readable `activities.csv`, and so is not an export of Strava. */
  readonly activities: readonly ExportedActivity[] | null;
  readonly gear: readonly ExportedGear[];
  /** Whether both tables of gear were there and could be read. */
  readonly isGearComplete: boolean;
  readonly profile: ExportedProfile;
  /** Names of the recorded files in the archive, as in the column `Filename`. */
  readonly filenames: readonly string[];
  /** Photos and videos, which are not read. */
  readonly mediaCount: number;
  /** All other entries that are not read. */
  readonly ignoredCount: number;
  /** Tables that could not be read. */
  readonly problems: readonly {
    name: string;
    reason: EntryRefusalReason | "table";
    message: string;
  }[];
}

/**
 * Reads Strava's bulk export from the entries of an archive in one pass. Recorded files are passed
 * on as they come, usually before the tables; `joinExport` then finds the row of each. A folder
 * above everything, as after unpacking and packing again, does not matter.
 */
export async function readStravaExport(
  archive: AsyncIterable<ArchiveEntry>,
  onFile: (file: ExportedFile) => void | Promise<void>,
): Promise<StravaExport> {
  const tables = new Map<Table, Uint8Array>();
  const problems: StravaExport["problems"][number][] = [];
  const filenames: string[] = [];
  let mediaCount = 0;
  let ignoredCount = 0;
  for await (const entry of archive) {
    const { name } = entry;
    const [, base = name] = /([^/]*)$/.exec(name) ?? [];
    const table = TABLES.find((each) => each === base);
    // Finder adds a folder of hidden copies.
    const isHidden = /(^|\/)(__MACOSX\/|\._)/.test(name);
    if (isHidden) ignoredCount++;
    else if (FILENAME.test(name)) {
      const filename = `activities/${base}`;
      filenames.push(filename);
      await onFile({ filename, bytes: (options) => entry.bytes(options) });
    } else if (table && !tables.has(table)) {
      try {
        tables.set(table, await entry.bytes({ maxBytes: MAX_TABLE_BYTES }));
      } catch (error) {
        if (!(error instanceof EntryRefused)) throw error;
        const { reason, message } = error;
        problems.push({ name, reason, message });
      }
    } else if (/(^|\/)media\//.test(name)) mediaCount++;
    else ignoredCount++;
  }
  const parse = <T>(name: Table, read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof TableRefused)) throw error;
      problems.push({ name, reason: "table", message: error.message });
      return otherwise;
    }
  };
  const readGear = (name: "bikes.csv" | "shoes.csv") => {
    const bytes = tables.get(name);
    const kind = name === "bikes.csv" ? "bike" : "shoes";
    return parse(name, () => bytes ? parseGearCsv(bytes, kind) : null, null);
  };
  const bikes = readGear("bikes.csv");
  const shoes = readGear("shoes.csv");
  const list = tables.get("activities.csv");
  return {
    activities: parse(
      "activities.csv",
      () => list ? parseActivitiesCsv(list) : null,
      null,
    ),
    gear: [...bikes ?? [], ...shoes ?? []],
    isGearComplete: bikes !== null && shoes !== null,
    profile: parse(
      "profile.csv",
      () =>
        parseProfile({
          profile: tables.get("profile.csv"),
          preferences: tables.get("general_preferences.csv"),
        }),
      parseProfile({}),
    ),
    filenames,
    mediaCount,
    ignoredCount,
    problems,
  };
}

/** The rows and files of an export, joined by the column `Filename`. */
export interface JoinedExport {
  /** The row of each file. Several rows may name one file; the first counts. */
  readonly byFilename: ReadonlyMap<string, ExportedActivity>;
  /** Activities entered by hand: rows without a file, and with a readable date. */
  readonly manual: readonly ExportedActivity[];
  /** Rows without a file whose date is in an unknown language. They cannot be imported. */
  readonly undated: readonly ExportedActivity[];
  /** Rows whose file is not in the archive. */
  readonly missing: readonly ExportedActivity[];
  /** Files that no row names. */
  readonly orphans: readonly string[];
}

/** Joins rows and files by `Filename`, never by id: the number in it is that of the upload. */
export function joinExport(
  activities: readonly ExportedActivity[],
  filenames: readonly string[],
): JoinedExport {
  const present = new Set(filenames);
  const byFilename = new Map<string, ExportedActivity>();
  const missing: ExportedActivity[] = [];
  const withoutFile = activities.filter(({ filename }) => filename === null);
  for (const activity of activities) {
    const { filename } = activity;
    if (filename === null) continue;
    if (!present.has(filename)) missing.push(activity);
    else if (!byFilename.has(filename)) byFilename.set(filename, activity);
  }
  return {
    byFilename,
    manual: withoutFile.filter(({ startedAt }) => startedAt !== null),
    undated: withoutFile.filter(({ startedAt }) => startedAt === null),
    missing,
    orphans: filenames.filter((filename) => !byFilename.has(filename)),
  };
}
