import {
  type ArchiveEntry,
  ArchiveRefused,
} from "../recordings/archive/archive_entry.ts";
import type {
  ExportedActivity,
  ExportedGear,
} from "../recordings/strava_export/exported_activity.ts";
import {
  findGear,
  indexGear,
} from "../recordings/strava_export/other_tables.ts";
import {
  joinExport,
  readStravaExport,
  type StravaExport,
} from "../recordings/strava_export/read_strava_export.ts";

/** Files of an archive or a folder. They can be read more than once. */
export interface ImportSource {
  /** Name of the whole for messages. */
  name: string;
  /** Opens the files, one pass at a time. */
  entries(): AsyncIterable<ArchiveEntry>;
  /** Whether every entry is a file to import, whatever its name. */
  isFile: boolean;
}

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
  /** Bikes and shoes of Strava's bulk export. */
  gear: readonly ExportedGear[];
  /** Rows and tables that cannot be imported, with the reason. */
  problems: readonly { name: string; reason: string }[];
}

/** Names of the files that are looked into. All others are left out. */
const ACTIVITY_FILE = /\.(fit|gpx|tcx)(\.gz)?$/i;
/** Hidden files, and the copies that macOS adds to archives. */
const HIDDEN = /(^|\/)(__MACOSX\/|\.(?!\.?\/))/;

/**
 * Looks through a source before anything is imported: how much there is, and the tables of Strava's
 * bulk export, which usually come after the files. Passes over the content of the files.
 */
export async function inspect(source: ImportSource): Promise<Inspection> {
  const names: string[] = [];
  let ignored = 0;
  let isComplete = true;
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
      isComplete = false;
    }
  }
  if (source.isFile) return { ...NOTHING, total: 1 };
  const tables = await readStravaExport(watch(), () => {});
  return joinTables(tables, { total: names.length, ignored, isComplete });
}

/** Joins the tables of Strava's bulk export with the files of an archive. */
export function joinTables(
  { activities, gear, isGearComplete, filenames, problems }: StravaExport,
  { total, ignored, isComplete }:
    & Pick<Inspection, "total" | "ignored">
    & {
      /** Whether the archive was read to its end. If not, missing files are not reported. */
      isComplete: boolean;
    },
): Inspection {
  const other = { ...NOTHING, total, ignored };
  if (!activities) return { ...other, problems: problems.map(toProblem) };
  const isWhole = isComplete && isGearComplete;
  const named = nameGear(activities, { gear, isWhole });
  const joined = joinExport(named, filenames);
  const manual = joined.manual.filter(hasDate);
  return {
    ...other,
    total: total + manual.length,
    rows: joined.byFilename,
    manual,
    gear,
    problems: [
      ...problems.map(toProblem),
      ...(isComplete ? joined.missing : []).map((row) => ({
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
  gear: [],
  problems: [],
};

/**
 * Adds the gear that each row names. A name that fits none or several bikes and shoes is taken for gear
 * itself, unless a table is missing: the gear may be in it, and known by another id since an earlier import.
 */
function nameGear(
  activities: readonly ExportedActivity[],
  { gear, isWhole }: {
    gear: readonly ExportedGear[];
    /** Whether the gear is all that the export has. */
    isWhole: boolean;
  },
): ExportedActivity[] {
  const index = indexGear(gear);
  return activities.map((activity) => {
    const { gearName } = activity;
    if (gearName === null) return { ...activity, gear: null };
    const found = findGear(gearName, index);
    if (!found && !isWhole) return activity;
    const { kind, name, brand, model } = found ??
      { kind: null, name: gearName, brand: "", model: "" };
    return { ...activity, gear: { kind, name, brand, model } };
  });
}

/** Reports whether an entry is a file to import. */
export function isWanted(
  { isFile }: Pick<ImportSource, "isFile">,
  name: string,
): boolean {
  return isFile || (ACTIVITY_FILE.test(name) && !HIDDEN.test(name));
}

/** Returns a name as the column `Filename` has it, also if a folder is above everything. */
export function toFilename(name: string): string {
  return `activities/${name.replace(/^.*\//, "")}`;
}

/** Returns the name of an activity that was entered by hand. */
export function toRowName({ row }: ExportedActivity): string {
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
