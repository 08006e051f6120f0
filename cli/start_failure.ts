import { PostgresError } from "../db/driver/client.ts";
import { isDatabaseUnavailable } from "../db/driver/errors.ts";
import { BackupFileError } from "./backup/file_error.ts";
import { MigrationError } from "../db/migrate.ts";

/** SQLSTATE classes of a refused connection: wrong user or password, unknown database. */
const REFUSED = /^(28|3D)/;

/** Returns why this database cannot be used, as a sentence; `undefined` for any other failure. */
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
  return `Cannot reach ${server}${reason}: check that it runs and accepts connections from here, ` +
    "and that DATABASE_URL is right";
}

/** Error codes for a path that this user cannot write to. */
const NOT_WRITABLE = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"]);

/** Returns why nothing could be started: a sentence, or the whole error if it was not foreseen. */
export function describeLocalFailure(error: unknown, dir: string): string {
  if (!(error instanceof Error)) return Deno.inspect(error);
  if (error instanceof BackupFileError) return error.message;
  // PostgreSQL and its tools report a full disk in a line of their output, which the message holds.
  const [full] = /.*No space left on device.*/.exec(error.message) ?? [];
  if (full) return `The disk that holds "${dir}" is full: ${full.trim()}`;
  const cause = error.cause instanceof Error ? error.cause : error;
  if ("code" in cause && NOT_WRITABLE.has(String(cause.code))) {
    return `Cannot use "${dir}": ${cause.message}. ` +
      "Run Paceline as the user who owns that folder, or from a clone of your own";
  }
  // Our own code throws sentences as plain errors; any other class is a fault.
  return error.constructor === Error ? error.message : Deno.inspect(error);
}
