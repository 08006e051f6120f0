import {
  readAthleteExport,
  readUserExport,
  type WriteRows,
} from "../../db/data_export.ts";
import type { Pool } from "../../db/driver/client.ts";

/** Name and version of the file format, which docs/privacy.md describes. */
const FORMAT = "paceline-archive";
const VERSION = 1;

/** The owner of the exported data: one athlete, or a user with all of their athletes. */
export type ExportOwner = { athleteId: number } | { userId: string };

/** The number of exported rows of each kind. */
export type ExportCounts = Readonly<Record<string, number>>;

export interface ExportOptions {
  owner: ExportOwner;
  now: Date;
  write: (text: string) => Promise<void>;
  /** Called after each batch with the number of rows of its kind written before and after it. */
  onProgress?: (kind: string, done: { before: number; now: number }) => void;
}

/**
 * Writes all data of an athlete or a user as lines of JSON.
 *
 * @throws {Error} if the owner is deleted before the export begins.
 */
export async function writeDataExport(
  sql: Pool,
  { owner, now, write, onProgress }: ExportOptions,
): Promise<ExportCounts> {
  const counts: Record<string, number> = {};
  const writeRows: WriteRows = async (kind, rows) => {
    await write(rows.map((row) => toRowLine(kind, row)).join(""));
    const before = counts[kind] ?? 0;
    counts[kind] = before + rows.length;
    onProgress?.(kind, { before, now: counts[kind] });
  };
  const isUser = "userId" in owner;
  await write(toLine("archive", {
    format: FORMAT,
    version: VERSION,
    ...(isUser ? { user_id: owner.userId } : { athlete_id: owner.athleteId }),
    exported_at: now.toISOString(),
  }));
  await (isUser
    ? readUserExport(sql, { userId: owner.userId, writeRows })
    : readAthleteExport(sql, { athleteId: owner.athleteId, writeRows }));
  if (counts[isUser ? "user" : "athlete"] !== 1) {
    const name = isUser ? `User ${owner.userId}` : `Athlete ${owner.athleteId}`;
    throw new Error(`${name} was deleted before the export began`);
  }
  // A file without this last line is incomplete.
  await write(toLine("end", { counts }));
  return counts;
}

function toLine(kind: string, data: object): string {
  return toRowLine(kind, JSON.stringify(data));
}

function toRowLine(kind: string, row: string): string {
  return `{"kind":"${kind}","data":${row}}\n`;
}
