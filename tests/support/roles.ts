import { connect, type Pool } from "../../db/driver/client.ts";
import { prepareDatabase } from "../../db/prepare.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

/** A database whose `url` and `sql` are those of a role that owns nothing. */
export interface LimitedDatabase extends TestDatabase {
  /** The owner of the tables. */
  owner: { url: string; sql: Pool };
  role: string;
}

/** Returns a URL with another user. */
export function toLogin(
  url: string,
  { user, password }: { user: string; password: string },
): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = encodeURIComponent(password);
  return changed.href;
}

/** Returns a name for a role: roles are shared by the databases of all tests. */
export function createRoleName(kind: string): string {
  return `${kind}_${crypto.randomUUID().slice(0, 8)}`;
}

/** Creates a database that a role uses which is not its owner, as the server does with compose. */
export async function createLimitedDatabase(): Promise<LimitedDatabase> {
  const database = await createTestDatabase();
  const role = createRoleName("limited");
  const url = toLogin(database.url, { user: role, password: "p'%w" });
  const sql = connect(url, { max: 3, applicationName: "paceline-test" });
  await prepareDatabase(sql, {
    databaseUrl: url,
    databaseOwnerUrl: database.url,
    createsRole: true,
  });
  return {
    url,
    sql,
    role,
    owner: database,
    async [Symbol.asyncDispose]() {
      await sql.end();
      await dropRoles(database.sql, [role]);
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Drops roles and what they own in this database. */
export async function dropRoles(
  sql: Pool,
  roles: readonly string[],
): Promise<void> {
  for (const role of roles) {
    await sql`drop owned by ${sql(role)}`;
    await sql`drop role ${sql(role)}`;
  }
}
