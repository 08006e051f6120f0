import { findUser } from "../../db/users.ts";
import { connect, type Pool, type Sql } from "../../db/driver/client.ts";
import { prepareDatabase } from "../../db/prepare.ts";
import {
  type ExportOwner,
  writeDataExport,
} from "../../server/accounts/data_export.ts";
import { record } from "../../server/audit.ts";
import { chooseAthlete } from "./choose_athlete.ts";
import type { Config } from "../../server/config.ts";
import type { Terminal } from "../terminal.ts";

/** Activities between two lines of progress. */
const PROGRESS_EVERY = 10_000;

/** The exit code that a shell gives a program that SIGPIPE has ended. */
const BROKEN_PIPE_CODE = 141;

/** Where an export and its progress go. */
export type ExportOutput = Pick<Terminal, "write" | "say">;

/** The owner of the data: an athlete or a user. The only athlete needs no name. */
export interface Owner {
  athleteId: number | undefined;
  /** A username or an e-mail address. */
  user?: string | undefined;
}

/** Writes all data of an athlete or a user as lines of JSON, and returns the exit code. */
export async function exportFromShell(
  config: Config,
  { athleteId, user, write, say }: ExportOutput & Owner,
): Promise<number> {
  // There is no log: it would end up inside the data export.
  const sql = connect(config.databaseUrl, { max: 1 });
  try {
    await prepareDatabase(sql, config);
    const chosen = await chooseOwner(sql, { athleteId, user });
    if ("problem" in chosen) {
      say(chosen.problem);
      return 1;
    }
    await writeExport(sql, { ...chosen, write, say });
    return 0;
  } catch (error) {
    // The reader, such as `head`, has closed the pipe.
    if (error instanceof Deno.errors.BrokenPipe) return BROKEN_PIPE_CODE;
    throw error;
  } finally {
    await sql.end();
  }
}

async function chooseOwner(
  sql: Sql,
  { athleteId, user }: Owner,
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

async function writeExport(
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
