import { migrate } from "../../db/migrate.ts";
import { connect, type Pool } from "../../db/driver/client.ts";

/** A migrated, empty database for one test. */
export interface TestDatabase extends AsyncDisposable {
  url: string;
  /** A small pool, opened by its first query and closed with the database. */
  sql: Pool;
}

/**
 * Creates a database as a copy of the migrated template and drops it on disposal:
 *
 * ```ts
 * await using database = await createTestDatabase();
 * const app = createApp({ sql: database.sql });
 * ```
 *
 * Keep additional pools small: a new connection costs more than the copy.
 */
export async function createTestDatabase(
  { as }: {
    /** Options of `create database`, such as its locale. It then starts empty and is migrated. */
    as?: string | undefined;
  } = {},
): Promise<TestDatabase> {
  const server = Deno.env.get("TEST_DATABASE_URL");
  const template = Deno.env.get("TEST_DATABASE_TEMPLATE");
  if (!server || !template) {
    throw new Error(
      "Tests that need a database run by 'deno task test [file]', which starts a PostgreSQL for them",
    );
  }
  const name = `${template}_${crypto.randomUUID().slice(-12)}`;
  // One connection creates and drops it, because the sanitizers require each test to close its own.
  const admin = connect(server, { max: 1, applicationName: "paceline-test" });
  try {
    await admin`create database ${admin(name)} ${
      as === undefined
        ? admin`template ${admin(template)} strategy file_copy`
        : admin.unsafe(`template template0 ${as}`)
    }`;
  } catch (error) {
    await admin.end();
    throw error;
  }
  const url = new URL(server);
  url.pathname = `/${name}`;
  const sql = connect(url.href, { max: 3, applicationName: "paceline-test" });
  try {
    if (as !== undefined) await migrate(sql);
  } catch (error) {
    await sql.end();
    await admin`drop database ${admin(name)} with (force)`;
    await admin.end();
    throw error;
  }
  return {
    url: url.href,
    sql,
    async [Symbol.asyncDispose]() {
      await sql.end();
      await admin`drop database ${admin(name)} with (force)`;
      await admin.end();
    },
  };
}
