import { type Pool, PostgresError } from "../../db/driver/client.ts";
import {
  ArchiveRefused,
  EntryRefused,
} from "../recordings/archive/archive_entry.ts";
import { FileRefused } from "../recordings/file_refused.ts";
import { MAX_FILE_BYTES } from "../recordings/parse_activity_file.ts";
import { toFileGear } from "./file_gear.ts";
import {
  type ImportSource,
  type Inspection,
  isWanted,
  toFilename,
  toRowName,
} from "./inspect.ts";
import {
  type ReadFile,
  readFile,
  readManual,
  type ReadOptions,
} from "./read_file.ts";
import { storeGear } from "./join_gear.ts";
import { storeFile, type StoreResult } from "./store_file.ts";

/** The result of one file, or to an activity that was entered by hand. */
export type ImportOutcome =
  | { name: string; result: StoreResult }
  | { name: string; result: "refused"; reason: string };

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
  const { athleteId, isDryRun, now, onOutcome } = options;
  if (!isDryRun) {
    const gear = inspection.gear.map(toFileGear);
    await storeGear(sql, { athleteId, gear, now: new Date(now()) });
  }
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
