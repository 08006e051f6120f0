import type { ByteReader } from "./byte_reader.ts";
import { BackupFileError } from "./file_error.ts";

/** The first word of a backup file. */
const NAME = "paceline-backup";
/** The version of the format that this program writes, and the newest that it reads. */
const FORMAT = 1;
/** Most bytes of a line before the data. */
const MAX_LINE = 64 * 1024;

/** The two lines before the data of a backup file. */
export interface Preface {
  /** The sealed secrets; null if the backup has none. */
  secrets: string | null;
}

/** Returns the two lines before the data. */
export function toPreface({ secrets }: Preface): Uint8Array {
  return new TextEncoder().encode(
    `${NAME} ${FORMAT}\n${JSON.stringify({ secrets })}\n`,
  );
}

/**
 * Reads the two lines before the data.
 *
 * @throws {BackupFileError} if the file is foreign, newer or damaged.
 */
export async function readPreface(reader: ByteReader): Promise<Preface> {
  const first = await reader.readLine(MAX_LINE);
  const [, version] = /^paceline-backup (\d{1,6})$/.exec(first ?? "") ?? [];
  if (version === undefined) {
    throw new BackupFileError(
      "This is not a backup of Paceline: expected a file that `backup` has written",
    );
  }
  if (Number(version) > FORMAT) {
    throw new BackupFileError(
      `This backup has format ${version}, and this version reads up to ${FORMAT}: install a newer Paceline`,
    );
  }
  const line = await reader.readLine(MAX_LINE);
  const { secrets } = parse(line) ?? {};
  if (secrets === null || typeof secrets === "string") return { secrets };
  throw new BackupFileError(
    line === undefined
      ? "The backup is incomplete: its end is missing"
      : "The backup is damaged: its second line cannot be read",
  );
}

function parse(line: string | undefined): Partial<Preface> | undefined {
  try {
    return JSON.parse(line ?? "") ?? undefined;
  } catch {
    return undefined;
  }
}
