import { connect } from "../../db/driver/client.ts";
import { prepareDatabase } from "../../db/prepare.ts";
import type { Config } from "../../server/config.ts";
import { createLog } from "../../server/log.ts";
import type { Terminal } from "../terminal.ts";

/** Migrates the database, logs each migration as the server does, and returns the exit code. */
export async function migrateFromShell(
  config: Config,
  { quiet, say }: Pick<Terminal, "say"> & { quiet: boolean },
): Promise<number> {
  const { logger } = await createLog(config);
  const sql = connect(config.databaseUrl, { max: 1 });
  try {
    const applied = await prepareDatabase(sql, config);
    for (const name of applied) {
      logger.info("Applied migration {name}", { name });
    }
    if (applied.length === 0 && !quiet) say("No migration is pending");
    return 0;
  } finally {
    await sql.end();
  }
}
