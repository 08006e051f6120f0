/** Shared by the benches: a separate database, the settings, and table output. */

import { connect, type Pool } from "../db/driver/client.ts";
import { startPostgres } from "../embedded_postgres/embedded_postgres.ts";
import { migrate } from "../db/migrate.ts";
import { readConfig } from "../server/config.ts";
import { ROOT } from "../cli/root.ts";

/** The owner's API key. */
export const KEY = "bench-0123456789-abcdefghijklmnopqrstuvw";

/** Returns the usual variables for this database. */
export function createVariables(databaseUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    INTERNAL_API_KEY: KEY,
    STATE_SECRET: `state-${KEY}`,
    ENCRYPTION_KEY: `seal-${KEY}`,
    STRAVA_CLIENT_ID: "12345",
    STRAVA_CLIENT_SECRET: "0123456789abcdef0123456789abcdef01234567",
    LOG_LEVEL: "error",
  };
}

/** Returns the usual settings for this database. */
export function createConfig(
  databaseUrl: string,
): ReturnType<typeof readConfig> {
  const variables = createVariables(databaseUrl);
  return readConfig((name) => variables[name]);
}

/** A database for one bench, dropped on disposal. */
export interface Database extends AsyncDisposable {
  url: string;
  sql: Pool;
}

/** Creates a database in the embedded PostgreSQL, or on the server of DATABASE_URL. */
export async function openDatabase(): Promise<Database> {
  const given = Deno.env.get("DATABASE_URL");
  const server = given ? undefined : await startPostgres({
    dir: `${ROOT}/.data/postgres`,
    ephemeral: true,
  });
  const admin = connect(given ?? server!.url, { max: 1 });
  const name = `paceline_bench_${crypto.randomUUID().slice(-8)}`;
  await admin`create database ${admin(name)}`;
  const url = new URL(given ?? server!.url);
  url.pathname = `/${name}`;
  const sql = connect(url.href, { max: 1 });
  await migrate(sql);
  return {
    url: url.href,
    sql,
    async [Symbol.asyncDispose]() {
      await sql.end();
      await admin`drop database ${admin(name)} with (force)`;
      await admin.end();
      await server?.stop();
    },
  };
}

/** Returns the median. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Prints a line on standard output. */
export function print(line = ""): void {
  // deno-lint-ignore no-console -- a bench prints its results
  console.log(line);
}

/** Prints a line of a table. */
export function printCells(...cells: (string | number)[]): void {
  print(cells.map((cell) => String(cell).padEnd(14)).join("").trimEnd());
}
