import { type Pool, PostgresError } from "../../db/driver/client.ts";
import {
  type ArchiveEntry,
  ArchiveRefused,
  EntryRefused,
} from "../recordings/archive/archive_entry.ts";
import { FileRefused } from "../recordings/file_refused.ts";
import { MAX_FILE_BYTES } from "../recordings/parse_activity_file.ts";
import type { ExportedActivity } from "../recordings/strava_export/exported_activity.ts";
import {
  joinExport,
  readStravaExport,
} from "../recordings/strava_export/read_strava_export.ts";
import {
  type ReadFile,
  readFile,
  readManual,
  type ReadOptions,
} from "./read_file.ts";
import { storeFile, type StoreResult } from "./store_file.ts";

/** Files of an archive or a folder. They can be read more than once. */
export interface ImportSource {
  /** Name of the whole for messages. */
  name: string;
  /** Opens the files, one pass at a time. */
  entries(): AsyncIterable<ArchiveEntry>;
  /** Whether every entry is a file to import, whatever its name. */
  isFile: boolean;
}

/** The result of one file, or to an activity that was entered by hand. */
export type ImportOutcome =
  | { name: string; result: StoreResult }
  | { name: string; result: "refused"; reason: string };

/** The content of a source, as far as it is known before its files are imported. */
export interface Inspection {
  /** Number of files and of activities entered by hand. */
  total: number;
  /** Number of entries that are left out: photos, tables and others. */
  ignored: number;
  /** The rows of Strava's bulk export by `Filename`. Empty for anything else. */
  rows: ReadonlyMap<string, ExportedActivity>;
  /** Activities entered by hand. */
  manual: readonly (ExportedActivity & { startedAt: Date })[];
  /** Rows and tables that cannot be imported, with the reason. */
  problems: readonly { name: string; reason: string }[];
}

/** Names of the files that are looked into. All others are left out. */
const ACTIVITY_FILE = /\.(fit|gpx|tcx)(\.gz)?$/i;
/** Hidden files, and the copies that macOS adds to archives. */
const HIDDEN = /(^|\/)(__MACOSX\/|\.)/;

/**
 * Looks through a source before anything is imported: how much there is, and the tables of Strava's
 * bulk export, which usually come after the files. Passes over the content of the files.
 */
export async function inspect(source: ImportSource): Promise<Inspection> {
  const names: string[] = [];
  let ignored = 0;
  async function* watch(): AsyncGenerator<ArchiveEntry> {
    try {
      for await (const entry of source.entries()) {
        if (isWanted(source, entry.name)) names.push(entry.name);
        else ignored++;
        yield entry;
      }
    } catch (error) {
      // The import meets it again and reports it. The entries before can be imported.
      if (!(error instanceof ArchiveRefused)) throw error;
    }
  }
  if (source.isFile) return { ...NOTHING, total: 1 };
  const { activities, filenames, problems } = await readStravaExport(
    watch(),
    () => {},
  );
  const other = { ...NOTHING, total: names.length, ignored };
  if (!activities) return { ...other, problems: problems.map(toProblem) };
  const joined = joinExport(activities, filenames);
  const manual = joined.manual.filter(hasDate);
  return {
    ...other,
    total: names.length + manual.length,
    rows: joined.byFilename,
    manual,
    problems: [
      ...problems.map(toProblem),
      ...joined.missing.map((row) => ({
        name: row.filename ?? toRowName(row),
        reason:
          "The archive does not have this file, which activities.csv names",
      })),
      ...joined.undated.map((row) => ({
        name: toRowName(row),
        reason: "The date of this activity is in an unknown form",
      })),
    ],
  };
}

const NOTHING: Inspection = {
  total: 0,
  ignored: 0,
  rows: new Map(),
  manual: [],
  problems: [],
};

/** Options of {@link importEntries}. */
export interface ImportOptions extends Omit<ReadOptions, "now"> {
  athleteId: number;
  isDryRun: boolean;
  now: () => number;
  /** Called after each file. */
  onOutcome: (outcome: ImportOutcome) => void;
}

/**
 * Imports the files of a source one after the other, each in its own transaction. A file that cannot be
 * read is refused, and the others follow.
 */
export async function importEntries(
  sql: Pool,
  { source, inspection, ...options }: ImportOptions & {
    source: ImportSource;
    inspection: Inspection;
  },
): Promise<void> {
  const { onOutcome } = options;
  for (const { name, reason } of inspection.problems) {
    onOutcome({ name, reason, result: "refused" });
  }
  const importOne = async (
    name: string,
    read: (options: ReadOptions) => Promise<ReadFile>,
  ): Promise<void> =>
    onOutcome(await importFile(sql, { name, read, ...options }));
  try {
    for await (const entry of source.entries()) {
      const { name } = entry;
      if (!isWanted(source, name)) continue;
      await importOne(name, async (choices) => {
        const bytes = await entry.bytes({ maxBytes: MAX_FILE_BYTES });
        const row = inspection.rows.get(toFilename(name));
        return readFile({ name, bytes, row }, choices);
      });
    }
  } catch (error) {
    if (!(error instanceof ArchiveRefused)) throw error;
    onOutcome({ name: source.name, result: "refused", reason: error.message });
  }
  for (const row of inspection.manual) {
    await importOne(
      toRowName(row),
      (choices) => Promise.resolve(readManual(row, choices)),
    );
  }
}

async function importFile(
  sql: Pool,
  { name, read, athleteId, isDryRun, now, ...choices }: ImportOptions & {
    name: string;
    read: (options: ReadOptions) => Promise<ReadFile>;
  },
): Promise<ImportOutcome> {
  const at = new Date(now());
  try {
    const file = await read({ ...choices, now: at });
    const options = { athleteId, file, isDryRun, now: at };
    return { name, result: await storeFile(sql, options) };
  } catch (error) {
    const reason = toReason(error);
    if (reason === undefined) throw error;
    return { name, result: "refused", reason };
  }
}

/** Returns why a file is refused; `undefined` for a failure that is not the file's. */
function toReason(error: unknown): string | undefined {
  if (error instanceof FileRefused || error instanceof EntryRefused) {
    return error.message;
  }
  if (error instanceof PostgresError) {
    // The classes of values that do not fit, and of violated constraints.
    return /^2[23]/.test(error.code)
      ? `The database does not accept its values: ${error.message}`
      : undefined;
  }
  // A fault of a parser. The next file does not depend on it.
  return error instanceof TypeError || error instanceof RangeError
    ? `The file cannot be read: ${error.message}`
    : undefined;
}

function isWanted({ isFile }: ImportSource, name: string): boolean {
  return isFile || (ACTIVITY_FILE.test(name) && !HIDDEN.test(name));
}

/** Returns a name as the column `Filename` has it, also if a folder is above everything. */
function toFilename(name: string): string {
  return `activities/${name.replace(/^.*\//, "")}`;
}

function toRowName({ row }: ExportedActivity): string {
  return `activities.csv, row ${row}`;
}

function toProblem(
  { name, message }: { name: string; message: string },
): { name: string; reason: string } {
  return { name, reason: message };
}

function hasDate(
  row: ExportedActivity,
): row is ExportedActivity & { startedAt: Date } {
  return row.startedAt !== null;
}
