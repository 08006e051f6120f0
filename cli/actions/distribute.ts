import { connect } from "../../db/driver/client.ts";
import {
  distribute,
  DistributionError,
} from "../../db/distribution/distribute.ts";
import { reachDatabase } from "../../db/driver/reach.ts";
import { migrate } from "../../db/migrate.ts";
import type { Config } from "../../server/config.ts";
import type { Terminal } from "../terminal.ts";

/** Distributes the database and returns the exit code. */
export async function distributeFromShell(
  { databaseOwnerUrl }: Pick<Config, "databaseOwnerUrl">,
  { say }: Pick<Terminal, "say">,
): Promise<number> {
  const sql = connect(databaseOwnerUrl, { max: 1 });
  try {
    await reachDatabase(sql);
    await migrate(sql);
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
