import { connect, type Pool, type Sql } from "./driver/client.ts";
import { parseConnectionUrl } from "./driver/connection_url.ts";
import { reachDatabase } from "./driver/reach.ts";
import { migrate, migrateWithin } from "./migrate.ts";
import { grantAccess, setApplicationRole } from "./roles.ts";

/** The addresses of a database. */
export interface DatabaseAddress {
  databaseUrl: string;
  /**
   * The same database for migrations: without a pooler in front of it, and as the owner of the tables.
   * The same address if there is no pooler and one role for everything.
   */
  databaseOwnerUrl: string;
  /** Lets the owner create the role of `databaseUrl` and set its password. */
  createsRole: boolean;
}

/** Thrown when the connection for migrations fails. The cause is the driver's error. */
export class OwnerError extends Error {
  override name = "OwnerError";
}

/** Codes of PostgreSQL when it does not know a role, or the password is another one. */
const REFUSED_LOGINS = ["28000", "28P01"];

/**
 * Waits until the database answers, and migrates it. If another role owns the tables, that one migrates
 * and then lets the role of `databaseUrl` use them. Returns the names of the applied migrations.
 *
 * A long migration needs a connection without a pooler, which may have time limits.
 *
 * @throws {OwnerError} If only the connection for migrations fails.
 */
export async function prepareDatabase(
  sql: Pool,
  { databaseUrl, databaseOwnerUrl, createsRole }: DatabaseAddress,
): Promise<string[]> {
  const canLogIn = await reachUnlessRefused(sql, createsRole);
  if (databaseOwnerUrl === databaseUrl) return await migrate(sql);
  const role = canLogIn ? await readRole(sql) : undefined;
  const { user = "", password = "" } = parseConnectionUrl(databaseUrl).options;
  const login = { role: user, password };
  const owner = connect(databaseOwnerUrl, { max: 1 });
  let applied: string[];
  try {
    await reachDatabase(owner);
    applied = await owner.begin(async (tx) => {
      const names = await migrateWithin(tx);
      if (role === undefined) {
        await setApplicationRole(tx, login);
        await grantAccess(tx, login.role);
      } else if (role !== await readRole(tx)) await grantAccess(tx, role);
      return names;
    });
  } catch (cause) {
    throw new OwnerError("Cannot prepare the database", { cause });
  } finally {
    await owner.end();
  }
  if (!canLogIn) await reachDatabase(sql);
  return applied;
}

/** Waits until the database answers. Returns false if it does not know the role and `mayFail` is set. */
async function reachUnlessRefused(
  sql: Pool,
  mayFail: boolean,
): Promise<boolean> {
  try {
    await reachDatabase(sql);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (mayFail && REFUSED_LOGINS.includes(String(code))) return false;
    throw error;
  }
}

async function readRole(sql: Sql): Promise<string> {
  const [row] = await sql<{ role: string }[]>`select current_user as role`;
  return row!.role;
}
