import { connect, type Pool } from "../../db/driver/client.ts";
import { prepareDatabase } from "../../db/prepare.ts";
import type { Config } from "../../server/config.ts";
import type { ImportChoices } from "../../server/imports/figures.ts";
import {
  importEntries,
  type ImportOutcome,
} from "../../server/imports/import_entries.ts";
import {
  type ImportSource,
  inspect,
  type Inspection,
} from "../../server/imports/inspect.ts";
import type { ReadOptions } from "../../server/imports/read_file.ts";
import { createFileAthlete } from "../../server/import_jobs/file_athlete.ts";
import { AthleteGoneError } from "../../server/imports/store_file.ts";
import {
  countFound,
  createImportProgress,
  toSummary,
} from "../import/progress.ts";
import { openSources, PathError } from "../import/sources.ts";
import type { Terminal } from "../terminal.ts";
import { chooseAthlete } from "./choose_athlete.ts";

const NOTHING_FOUND = "There is no FIT, GPX or TCX file in what you named";

/** Where the progress and the result of an import go. */
export type ImportTerminal = Pick<Terminal, "say" | "print" | "showsProgress">;

/** Options of `import`. */
export interface ImportCommand {
  paths: readonly string[];
  /** The folder that relative paths start from. */
  base: string;
  athleteId: number | undefined;
  isDryRun: boolean;
  /** Default: the zone of this machine. */
  timeZone?: string | undefined;
  /** Default: `only_me`. */
  visibility?: ImportChoices["visibility"] | undefined;
}

/**
 * Imports files, folders and archives, and prints what happened to them. Returns the exit code: 1 if a
 * file was refused.
 */
export async function importFromShell(
  config: Config,
  { terminal, paths, base, athleteId, isDryRun, ...choices }: ImportCommand & {
    terminal: ImportTerminal;
  },
): Promise<number> {
  const { say } = terminal;
  const sql = connect(config.databaseUrl, { max: 1 });
  try {
    await prepareDatabase(sql, config);
    const chosen = await chooseAthlete(sql, { athleteId });
    const isFirst = "problem" in chosen && chosen.isEmpty === true &&
      athleteId === undefined && !isDryRun;
    if ("problem" in chosen && !isFirst) {
      say(`${chosen.problem}\nCreate one with \`athlete create --name NAME\``);
      return 1;
    }
    const found = await lookThrough(paths, { base });
    const { total } = countFound(found.map(({ inspection }) => inspection));
    if (isFirst && total === 0) {
      say(NOTHING_FOUND);
      return 1;
    }
    const athlete = "problem" in chosen
      ? await createFirstAthlete(sql)
      : chosen;
    return await importAll(sql, {
      found,
      athlete,
      terminal,
      isDryRun,
      timeZone: choices.timeZone ?? Temporal.Now.timeZoneId(),
      visibility: choices.visibility ?? "only_me",
      keepOriginals: config.keepOriginals,
    });
  } catch (error) {
    if (!(error instanceof PathError || error instanceof AthleteGoneError)) {
      throw error;
    }
    say(error.message);
    return 1;
  } finally {
    await sql.end();
  }
}

/** Creates the instance's own athlete for a first import. */
async function createFirstAthlete(
  sql: Pool,
): Promise<{ id: number; name: string }> {
  const name = "Athlete";
  const id = await createFileAthlete({ sql, now: Date.now }, {
    firstname: name,
    userId: undefined,
    by: "import",
  });
  return { id, name };
}

/** A source that was looked through. */
interface Found {
  source: ImportSource;
  inspection: Inspection;
}

async function lookThrough(
  paths: readonly string[],
  { base }: { base: string },
): Promise<Found[]> {
  const found = [];
  for (const source of await openSources(paths, { base })) {
    found.push({ source, inspection: await inspect(source) });
  }
  return found;
}

async function importAll(
  sql: Pool,
  { found, athlete, terminal, isDryRun, ...choices }:
    & Omit<ReadOptions, "now">
    & {
      found: readonly Found[];
      athlete: { id: number; name: string };
      terminal: ImportTerminal;
      isDryRun: boolean;
    },
): Promise<number> {
  const { say, print } = terminal;
  const { total, ignored } = countFound(found.map((each) => each.inspection));
  const progress = createImportProgress(terminal, { total, now: Date.now });
  for (const each of found) {
    await importEntries(sql, {
      ...each,
      ...choices,
      athleteId: athlete.id,
      isDryRun,
      now: Date.now,
      onOutcome: (outcome) =>
        progress.report(
          found.length > 1 ? withSource(outcome, each.source) : outcome,
        ),
    });
  }
  const { counts } = progress;
  print(
    `${
      isDryRun ? "Dry run, nothing is stored. " : ""
    }Athlete ${athlete.id}, ${athlete.name}: ${toSummary(counts)}${
      ignored > 0 ? `; ${ignored} other files left out` : ""
    }`,
  );
  const isEmpty = total === 0 && counts.refused === 0;
  if (isEmpty) say(NOTHING_FOUND);
  return counts.refused > 0 || isEmpty ? 1 : 0;
}

/** Adds the name of the archive or folder that a file is in. */
function withSource(
  outcome: ImportOutcome,
  { name, isFile }: ImportSource,
): ImportOutcome {
  return isFile || outcome.name === name
    ? outcome
    : { ...outcome, name: `${name}: ${outcome.name}` };
}
