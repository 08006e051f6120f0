import { listAthletes } from "../../db/athletes.ts";
import { connect, type Pool } from "../../db/driver/client.ts";
import { listOutdatedFiles } from "../../db/imports/outdated_files.ts";
import { prepareDatabase } from "../../db/prepare.ts";
import type { Config } from "../../server/config.ts";
import { PARSER_VERSION } from "../../server/imports/read_file.ts";
import {
  computeMissingTracks,
  rereadFile,
} from "../../server/imports/reread_file.ts";
import { FileRefused } from "../../server/recordings/file_refused.ts";
import type { Terminal } from "../terminal.ts";

/** Where the results go. */
type RereadTerminal = Pick<Terminal, "say" | "print">;

/**
 * Reads the outdated files of an athlete or of all athletes again. Returns the exit code: 1 if a file
 * was refused, or if the athlete does not exist.
 */
export async function rereadFromShell(
  config: Config,
  { terminal, athleteId }: {
    terminal: RereadTerminal;
    athleteId: number | undefined;
  },
): Promise<number> {
  const sql = connect(config.databaseUrl, { max: 1 });
  try {
    await prepareDatabase(sql, config);
    const all = await listAthletes(sql);
    if (athleteId !== undefined && !all.includes(athleteId)) {
      terminal.say(`There is no athlete ${athleteId}`);
      return 1;
    }
    let refused = 0;
    for (const each of athleteId === undefined ? all : [athleteId]) {
      refused += await rereadAthlete(sql, { athleteId: each, terminal });
    }
    return refused > 0 ? 1 : 0;
  } finally {
    await sql.end();
  }
}

/** Reads an athlete's files and prints how many. Returns the number of refused ones. */
async function rereadAthlete(
  sql: Pool,
  { athleteId, terminal: { say, print } }: {
    athleteId: number;
    terminal: RereadTerminal;
  },
): Promise<number> {
  const files = await listOutdatedFiles(sql, {
    athleteId,
    parserVersion: PARSER_VERSION,
  });
  let read = 0;
  let refused = 0;
  for (const { contentHash, name, isKept } of files) {
    if (!isKept) continue;
    try {
      if (await rereadFile(sql, { athleteId, contentHash })) read++;
    } catch (error) {
      if (!(error instanceof FileRefused)) throw error;
      refused++;
      say(`Refused ${name}: ${error.message}`);
    }
  }
  const maps = await computeMissingTracks(sql, { athleteId });
  const lost = files.filter(({ isKept }) => !isKept).length;
  print(
    `Athlete ${athleteId}: ${read} files read again${
      refused > 0 ? `, ${refused} refused` : ""
    }${maps > 0 ? `, ${maps} maps computed` : ""}${
      lost > 0 ? `; ${lost} are not kept` : ""
    }`,
  );
  return refused;
}
