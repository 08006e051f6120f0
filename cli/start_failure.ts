import { PostgresError } from "../db/driver/client.ts";
import { isDatabaseUnavailable } from "../db/driver/errors.ts";
import { MigrationError } from "../db/migrate.ts";

/** SQLSTATE classes of a connection that is refused: wrong user or password, no such database. */
const REFUSED = /^(28|3D)/;

/** Why the database of this address cannot be used, as a sentence; `undefined` for any other failure. */
export function describeDatabaseFailure(
  error: unknown,
  databaseUrl: string,
): string | undefined {
  if (error instanceof MigrationError) return error.message;
  const { hostname, port } = new URL(databaseUrl);
  const server = `PostgreSQL at ${hostname}:${port || 5432}`;
  if (error instanceof PostgresError && REFUSED.test(error.code)) {
    return `${server} refuses the connection: ${error.message}. ` +
      "Check user, password and database in DATABASE_URL";
  }
  if (!isDatabaseUnavailable(error)) return undefined;
  const reason = error instanceof Error && "code" in error
    ? ` (${error.code})`
    : "";
  return `Cannot reach ${server}${reason}: check that it runs and takes connections from here, ` +
    "and that DATABASE_URL is right";
}

/** What a system says where a folder is not for us to write. */
const NOT_OURS = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"]);

/** Why nothing could be started: a sentence, or all of the error where nobody foresaw it. */
export function describeLocalFailure(error: unknown, dir: string): string {
  if (!(error instanceof Error)) return Deno.inspect(error);
  // Where PostgreSQL or a tool of its says so, it is a line of its output, which the message has.
  const [full] = /.*No space left on device.*/.exec(error.message) ?? [];
  if (full) return `The disk that has "${dir}" is full: ${full.trim()}`;
  const cause = error.cause instanceof Error ? error.cause : error;
  if ("code" in cause && NOT_OURS.has(String(cause.code))) {
    return `Cannot use "${dir}": ${cause.message}. ` +
      "Run Paceline as the user who owns that folder, or from a clone of your own";
  }
  // What our own code throws as a plain Error is a sentence; anything else is a fault.
  return error.constructor === Error ? error.message : Deno.inspect(error);
}
