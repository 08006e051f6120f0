import { readArchive } from "../db/archive.ts";
import type { AthleteStatus } from "../db/athletes.ts";
import { connect, type Pool } from "../db/client.ts";
import { migrate } from "../db/migrate.ts";
import { reachDatabase } from "../db/reach.ts";
import { chooseAthlete } from "./choose_athlete.ts";
import type { Config } from "./config.ts";

/** Of the lines and their fields: docs/privacy.md describes them. */
const FORMAT = "paceline-archive";
const VERSION = 1;

/** A line of progress each time so many activities are done. */
const PROGRESS_EVERY = 10_000;

/** As a shell counts a program that SIGPIPE has ended, quietly. */
const BROKEN_PIPE_CODE = 141;

/** Where an export goes, and where it tells how far it is. */
export interface ExportOutput {
  write: (text: string) => Promise<void>;
  say: (line: string) => void;
}

/** Writes all that is kept of an athlete as lines of JSON; returns the exit code. */
export async function exportFromShell(
  config: Config,
  { athleteId, write, say }: ExportOutput & { athleteId: number | undefined },
): Promise<number> {
  // No log: it would stand amid the archive.
  const sql = connect(config.databaseUrl, { max: 1 });
  try {
    await reachDatabase(sql);
    await migrate(sql);
    const athlete = await chooseAthlete(sql, { athleteId });
    if ("problem" in athlete) {
      say(athlete.problem);
      return 1;
    }
    await writeArchive(sql, { athlete, write, say });
    return 0;
  } catch (error) {
    // The reader, such as `head`, has seen enough.
    if (error instanceof Deno.errors.BrokenPipe) return BROKEN_PIPE_CODE;
    throw error;
  } finally {
    await sql.end();
  }
}

async function writeArchive(
  sql: Pool,
  { athlete, write, say }: ExportOutput & { athlete: AthleteStatus },
): Promise<void> {
  const counts: Record<string, number> = {};
  await write(toLine("archive", {
    format: FORMAT,
    version: VERSION,
    athlete_id: athlete.id,
    exported_at: new Date().toISOString(),
  }));
  await readArchive(sql, {
    athleteId: athlete.id,
    async take(kind, rows) {
      await write(rows.map((row) => toRowLine(kind, row)).join(""));
      const before = counts[kind] ?? 0;
      const done = counts[kind] = before + rows.length;
      const passed = Math.floor(done / PROGRESS_EVERY) >
        Math.floor(before / PROGRESS_EVERY);
      if (kind === "activity" && passed) say(`${done} activities exported`);
    },
  });
  if (counts["athlete"] !== 1) {
    throw new Error(`Athlete ${athlete.id} was erased meanwhile`);
  }
  // Without this line the archive is not whole.
  await write(toLine("end", { counts }));
  say(
    `Exported athlete ${athlete.id}, ${athlete.name}: ` +
      Object.entries(counts).map(([kind, count]) => `${count} ${kind}`)
        .join(", "),
  );
}

function toLine(kind: string, data: object): string {
  return toRowLine(kind, JSON.stringify(data));
}

function toRowLine(kind: string, row: string): string {
  return `{"kind":"${kind}","data":${row}}\n`;
}
