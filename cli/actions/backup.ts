import { BackupError } from "../../db/backup/parts.ts";
import { readBackup } from "../../db/backup/read_backup.ts";
import { connect } from "../../db/driver/client.ts";
import { reachDatabase } from "../../db/driver/reach.ts";
import type { Config } from "../../server/config.ts";
import { writeBody } from "../backup/body.ts";
import { toPreface } from "../backup/preface.ts";
import { createProgress, toCounts } from "../backup/progress.ts";
import type { Terminal } from "../terminal.ts";

/** The exit code that a shell gives a program that SIGPIPE has ended. */
const BROKEN_PIPE_CODE = 141;

/** Where a backup and its progress go. */
export interface BackupOptions
  extends Pick<Terminal, "write" | "say" | "showsProgress"> {
  /** Leaves out the lines before the data, because the launcher has written them. */
  bodyOnly: boolean;
}

/** Writes a backup of the database, and returns the exit code. */
export async function backupFromShell(
  { databaseOwnerUrl }: Config,
  { bodyOnly, write, say, showsProgress }: BackupOptions,
): Promise<number> {
  // There is no migration: a backup before an upgrade must not be the upgrade.
  const sql = connect(databaseOwnerUrl, {
    max: 1,
    statementTimeoutSeconds: 0,
  });
  const progress = createProgress({ say, showsProgress });
  try {
    await reachDatabase(sql);
    if (!bodyOnly) await write(toPreface({ secrets: null }));
    const counts = await writeBody(write, (writePart) =>
      readBackup(sql, {
        now: new Date(),
        write: writePart,
        onProgress: progress.reportRows,
      }));
    say(`Backed up ${toCounts(counts)}`);
    return 0;
  } catch (error) {
    // The reader, such as `head`, has closed the pipe.
    if (error instanceof Deno.errors.BrokenPipe) return BROKEN_PIPE_CODE;
    if (!(error instanceof BackupError)) throw error;
    say(error.message);
    return 1;
  } finally {
    await sql.end();
  }
}
