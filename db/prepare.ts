import { connect, type Pool } from "./driver/client.ts";
import { reachDatabase } from "./driver/reach.ts";
import { migrate } from "./migrate.ts";

/** The addresses of a database. */
export interface DatabaseAddress {
  databaseUrl: string;
  /** The same database without a pooler in front of it; the same address if there is none. */
  databaseDirectUrl: string;
}

/**
 * Waits until the database answers, and migrates it. Returns the names of the applied migrations.
 *
 * A long migration needs a connection without a pooler, which may have time limits.
 */
export async function prepareDatabase(
  sql: Pool,
  { databaseUrl, databaseDirectUrl }: DatabaseAddress,
): Promise<string[]> {
  await reachDatabase(sql);
  if (databaseDirectUrl === databaseUrl) return await migrate(sql);
  const direct = connect(databaseDirectUrl, { max: 1 });
  try {
    await reachDatabase(direct);
    return await migrate(direct);
  } finally {
    await direct.end();
  }
}
