import { BackupError } from "../../db/backup/parts.ts";
import { restoreBackup } from "../../db/backup/restore_backup.ts";
import { connect } from "../../db/driver/client.ts";
import { reachDatabase } from "../../db/driver/reach.ts";
import type { Config } from "../../server/config.ts";
import { openBody } from "../backup/body.ts";
import { createByteReader } from "../backup/byte_reader.ts";
import { BackupFileError } from "../backup/file_error.ts";
import { readPreface } from "../backup/preface.ts";
import { toCounts } from "../backup/progress.ts";
import type { Terminal } from "../terminal.ts";

/** Where a backup comes from, and its progress goes. */
export type RestoreOptions = Pick<Terminal, "input" | "say" | "showsProgress">;

/** Restores a backup from stdin into an empty database, and returns the exit code. */
export async function restoreFromShell(
  { databaseOwnerUrl }: Config,
  { input, say, showsProgress }: RestoreOptions,
): Promise<number> {
  const sql = connect(databaseOwnerUrl, {
    max: 1,
    statementTimeoutSeconds: 0,
  });
  try {
    const reader = createByteReader(input());
    await readPreface(reader);
    await reachDatabase(sql);
    const body = openBody(reader);
    const counts = await restoreBackup(sql, {
      parts: body.parts,
      onTable: (table) => showsProgress && say(`Restoring ${table}`),
    }).catch(async (error) => {
      // A damaged file may show itself first by data that PostgreSQL refuses.
      await body.check();
      throw error;
    });
    say(`Restored and verified ${toCounts(counts)}`);
    return 0;
  } catch (error) {
    if (error instanceof BackupError || error instanceof BackupFileError) {
      say(`${error.message}. Nothing was restored`);
      return 1;
    }
    throw error;
  } finally {
    await sql.end();
  }
}
