import { readUserExport } from "../../db/user_data_export.ts";
import { readAthleteExport, type TakeRows } from "../../db/data_export.ts";
import type { Pool } from "../../db/driver/client.ts";

/** Of the lines and their fields: docs/privacy.md describes them. */
const FORMAT = "paceline-archive";
const VERSION = 1;

/** Whose archive: an athlete's, or a user's with all athletes of theirs. */
export type ExportOwner = { athleteId: number } | { userId: string };

/** How many rows of each kind an archive has. */
export type ExportCounts = Readonly<Record<string, number>>;

export interface ExportOptions {
  owner: ExportOwner;
  now: Date;
  write: (text: string) => Promise<void>;
  /** Told after each portion how many rows of its kind are written. */
  onProgress?: (kind: string, done: { before: number; now: number }) => void;
}

/** Writes all that is kept of somebody as lines of JSON; throws where they are erased meanwhile. */
export async function writeDataExport(
  sql: Pool,
  { owner, now, write, onProgress }: ExportOptions,
): Promise<ExportCounts> {
  const counts: Record<string, number> = {};
  const take: TakeRows = async (kind, rows) => {
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
    ? readUserExport(sql, { userId: owner.userId, take })
    : readAthleteExport(sql, { athleteId: owner.athleteId, take }));
  if (counts[isUser ? "user" : "athlete"] !== 1) {
    const whose = isUser
      ? `User ${owner.userId}`
      : `Athlete ${owner.athleteId}`;
    throw new Error(`${whose} was erased meanwhile`);
  }
  // Without this line the archive is not whole.
  await write(toLine("end", { counts }));
  return counts;
}

function toLine(kind: string, data: object): string {
  return toRowLine(kind, JSON.stringify(data));
}

function toRowLine(kind: string, row: string): string {
  return `{"kind":"${kind}","data":${row}}\n`;
}
