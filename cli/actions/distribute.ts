import { connect } from "../../db/driver/client.ts";
import {
  distribute,
  DistributionError,
} from "../../db/distribution/distribute.ts";
import { prepareDatabase } from "../../db/prepare.ts";
import type { Config } from "../../server/config.ts";
import type { Terminal } from "../terminal.ts";

/** Distributes the database and returns the exit code. */
export async function distributeFromShell(
  { databaseDirectUrl }: Pick<Config, "databaseDirectUrl">,
  { say }: Pick<Terminal, "say">,
): Promise<number> {
  const sql = connect(databaseDirectUrl, { max: 1 });
  try {
    await prepareDatabase(sql, {
      databaseUrl: databaseDirectUrl,
      databaseDirectUrl,
    });
    const { reference, distributed } = await distribute(sql);
    say(`Copied to every node: ${reference.join(", ")}`);
    say(`Spread by athlete: ${distributed.join(", ")}`);
    return 0;
  } catch (error) {
    if (!(error instanceof DistributionError)) throw error;
    say(error.message);
    return 1;
  } finally {
    await sql.end();
  }
}
