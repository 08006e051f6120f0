import { findUser } from "../db/users.ts";
import { connect, type Pool, type Sql } from "../db/driver/client.ts";
import { migrate } from "../db/migrate.ts";
import { reachDatabase } from "../db/driver/reach.ts";
import {
  type ExportOwner,
  writeDataExport,
} from "../server/accounts/data_export.ts";
import { record } from "../server/audit.ts";
import { chooseAthlete } from "./choose_athlete.ts";
import type { Config } from "../server/config.ts";

/** A line of progress each time so many activities are done. */
const PROGRESS_EVERY = 10_000;

/** As a shell counts a program that SIGPIPE has ended, quietly. */
const BROKEN_PIPE_CODE = 141;

/** Where an export goes, and where it tells how far it is. */
export interface ExportOutput {
  write: (text: string) => Promise<void>;
  say: (line: string) => void;
}

/** Whose data a command is about: a user's with all of theirs, or an athlete's; an only athlete goes unnamed. */
export interface Whose {
  athleteId: number | undefined;
  /** A user's name or e-mail address. */
  user?: string | undefined;
}

/** Writes all that is kept of an athlete or a user as lines of JSON; returns the exit code. */
export async function exportFromShell(
  config: Config,
  { athleteId, user, write, say }: ExportOutput & Whose,
): Promise<number> {
  // No log: it would stand amid the archive.
  const sql = connect(config.databaseUrl, { max: 1 });
  try {
    await reachDatabase(sql);
    await migrate(sql);
    const chosen = await chooseOwner(sql, { athleteId, user });
    if ("problem" in chosen) {
      say(chosen.problem);
      return 1;
    }
    await exportOf(sql, { ...chosen, write, say });
    return 0;
  } catch (error) {
    // The reader, such as `head`, has seen enough.
    if (error instanceof Deno.errors.BrokenPipe) return BROKEN_PIPE_CODE;
    throw error;
  } finally {
    await sql.end();
  }
}

async function chooseOwner(
  sql: Sql,
  { athleteId, user }: Whose,
): Promise<{ owner: ExportOwner; name: string } | { problem: string }> {
  if (user === undefined) {
    const athlete = await chooseAthlete(sql, { athleteId });
    if ("problem" in athlete) return athlete;
    const { id, name } = athlete;
    return { owner: { athleteId: id }, name: `athlete ${id}, ${name}` };
  }
  const account = await findUser(sql, { name: user });
  if (!account) return { problem: `There is no user "${user}"` };
  const { id: userId, username } = account;
  await record({ sql, now: Date.now }, "account_exported", {
    userId,
    detail: { by: "shell" },
  });
  return { owner: { userId }, name: `user ${username}` };
}

async function exportOf(
  sql: Pool,
  { owner, name, write, say }: ExportOutput & {
    owner: ExportOwner;
    name: string;
  },
): Promise<void> {
  const counts = await writeDataExport(sql, {
    owner,
    now: new Date(),
    write,
    onProgress(kind, { before, now }) {
      const passed = Math.floor(now / PROGRESS_EVERY) >
        Math.floor(before / PROGRESS_EVERY);
      if (kind === "activity" && passed) say(`${now} activities exported`);
    },
  });
  say(
    `Exported ${name}: ` +
      Object.entries(counts).map(([kind, count]) => `${count} ${kind}`)
        .join(", "),
  );
}
