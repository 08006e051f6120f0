import { PostgresError } from "../db/driver/client.ts";
import { parseConnectionUrl } from "../db/driver/connection_url.ts";
import { isDatabaseUnavailable } from "../db/driver/errors.ts";
import { OwnerError } from "../db/prepare.ts";
import type { Config } from "../server/config.ts";
import { BackupFileError } from "./backup/file_error.ts";
import { MigrationError } from "../db/migrate.ts";

/** Causes in PostgreSQL by SQLSTATE, and what to do. */
const CAUSES: Readonly<Record<string, string>> = {
  "25006":
    "DATABASE_URL must lead to a server that can write, not to a read-only replica",
  "3F000":
    "Create the schema, or take `schema` and `search_path` out of DATABASE_URL; and make its user the " +
    "owner of the database, as in `create database paceline owner paceline`",
  "42501":
    "Make the user of DATABASE_URL the owner of the database, as in `create database paceline owner paceline`, " +
    "or name the owner in DATABASE_OWNER_URL",
};

/** The addresses of the database in the settings. */
type Addresses = Pick<
  Config,
  "databaseUrl" | "databaseDirectUrl" | "databaseOwnerUrl"
>;

/**
 * Returns why this database cannot be used, as a sentence; `undefined` for any other failure. `isOwner`
 * tells that the command uses the connection for migrations only.
 */
export function describeDatabaseFailure(
  error: unknown,
  addresses: Addresses,
  { isOwner = false }: { isOwner?: boolean } = {},
): string | undefined {
  if (error instanceof OwnerError) {
    return describeDatabaseFailure(error.cause, addresses, { isOwner: true });
  }
  const { databaseUrl, databaseDirectUrl, databaseOwnerUrl } = addresses;
  if (!isOwner || databaseOwnerUrl === databaseUrl) {
    return describe(error, databaseUrl, "DATABASE_URL");
  }
  const variable = databaseOwnerUrl === databaseDirectUrl
    ? "DATABASE_DIRECT_URL"
    : "DATABASE_OWNER_URL";
  return describe(error, databaseOwnerUrl, variable);
}

function describe(
  error: unknown,
  url: string,
  variable: string,
): string | undefined {
  if (error instanceof MigrationError) return error.message;
  const { address } = parseConnectionUrl(url);
  const server = `PostgreSQL at ${address}`;
  if (error instanceof PostgresError) {
    const { code, message } = error;
    const cause = CAUSES[code];
    if (cause) return `${server} refuses the migration: ${message}. ${cause}`;
    // PostgreSQL is fatal about connections only.
    if (error.severity === "FATAL" && !isDatabaseUnavailable(error)) {
      const advice = /parameter|time zone|option/i.test(message)
        ? `Take that parameter out of ${variable}`
        : `Check user, password and database in ${variable}`;
      return `${server} refuses the connection: ${message}. ${advice}`;
    }
  }
  if (isTlsFailure(error)) {
    return `Cannot open an encrypted connection to ${server}: ${error.message}. ` +
      `Check \`sslmode\` in ${variable}: ` +
      "`disable` for a server without TLS, `require` for one whose " +
      "certificate is not signed by a known authority";
  }
  if (!isDatabaseUnavailable(error)) return undefined;
  const reason = error instanceof Error && "code" in error
    ? ` (${error.code})`
    : "";
  return `Cannot reach ${server}${reason}: check that it runs and accepts connections from here, ` +
    `and that ${variable} is right`;
}

function isTlsFailure(error: unknown): error is Error {
  if (!(error instanceof Error) || error instanceof PostgresError) return false;
  const code = "code" in error ? String(error.code) : "";
  return /^(ERR_SSL|ERR_TLS|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(
    code,
  ) ||
    error instanceof Deno.errors.InvalidData ||
    /\b(certificate|SSL|TLS)\b|InvalidContentType/.test(error.message);
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
