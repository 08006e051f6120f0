import { parseEnv } from "node:util";
import { ConfigError, readConfig, VARIABLES } from "../server/config.ts";
import { DATABASE_PARTS } from "../server/database_url.ts";
import { createRandomText } from "../server/crypto/random_text.ts";
import { ROOT } from "./root.ts";
import { readSecretFiles } from "./secret_files.ts";
import { sayLine } from "./terminal.ts";

/** The folder of everything that the launcher keeps. */
export const DATA = `${ROOT}/.data`;

/** The generated secrets. */
export const SECRETS_FILE = `${DATA}/secrets.json`;
const SECRETS = ["INTERNAL_API_KEY", "STATE_SECRET", "ENCRYPTION_KEY"] as const;
const SECRET_BYTES = 32;

/** The role that the server uses in the PostgreSQL of `.data/`. */
const APPLICATION_ROLE = "paceline_app";

/** Variables and their values. */
export type Environment = Record<string, string>;

/**
 * Returns the settings of the environment and `.env`. In development it adds missing secrets, which
 * it creates once. Returns what is wrong with the settings as a sentence, and writes nothing then.
 */
export async function prepareEnvironment(): Promise<
  Environment | { problem: string }
> {
  let env: Environment;
  try {
    env = await readEnvironment();
  } catch (error) {
    if (error instanceof ConfigError) return { problem: error.message };
    throw error;
  }
  const created = env["ENVIRONMENT"] === "production"
    ? undefined
    : await addSecrets(env);
  const problem = findProblem(env);
  if (problem !== undefined) return { problem };
  if (created) await writeSecrets(created);
  return env;
}

/** Adds an address of a database that is not started, unless the settings name another. */
export function withDatabase(env: Environment): Environment {
  if (env["POSTGRES_HOST"]) return env;
  return { DATABASE_URL: "postgres://embedded/paceline", ...env };
}

/** Reports whether the settings name another role for migrations than the server's. */
export function hasOwner(env: Environment): boolean {
  const { databaseDirectUrl, databaseOwnerUrl } = readConfig((name) =>
    env[name]
  );
  return databaseOwnerUrl !== databaseDirectUrl;
}

/** Returns the settings without the owner of the database, as the server needs them once it is migrated. */
export function withoutOwner(env: Environment): Environment {
  const { databaseUrl } = readConfig((name) => env[name]);
  // Empty, because the process inherits the variables that it is not given.
  const unset = ["DATABASE_OWNER_URL", ...DATABASE_PARTS].map((name) =>
    [name, ""] as const
  );
  return {
    ...env,
    ...Object.fromEntries(unset),
    DATABASE_URL: databaseUrl,
  };
}

/** Returns the settings that name a PostgreSQL by the URL of its owner, and a limited role for the server. */
export function toRoles(ownerUrl: string): Environment {
  const { hostname, port, username, password, pathname } = new URL(ownerUrl);
  return {
    POSTGRES_HOST: hostname,
    POSTGRES_PORT: port,
    POSTGRES_USER: username,
    POSTGRES_PASSWORD: password,
    POSTGRES_DB: pathname.slice(1),
    POSTGRES_APP_USER: APPLICATION_ROLE,
    DATABASE_DIRECT_URL: "",
    DATABASE_OWNER_URL: "",
  };
}

/**
 * Returns the settings of the environment, of `.env`, and of the files that they name. The environment
 * has precedence over `.env`.
 *
 * @throws {ConfigError} If a file cannot be read.
 */
export async function readEnvironment(): Promise<Environment> {
  const file = parseEnvFile(await readFile(`${ROOT}/.env`));
  return await readVariables((name) => Deno.env.get(name) || file[name]);
}

/**
 * Returns the settings that `get` has, by default the environment, and those of the files that they name.
 *
 * @throws {ConfigError} If a file cannot be read.
 */
export async function readVariables(
  get: (name: string) => string | undefined = (name) => Deno.env.get(name),
): Promise<Environment> {
  const env: Environment = {};
  for (const name of VARIABLES) {
    const value = get(name);
    if (value) env[name] = value;
  }
  return { ...env, ...await readSecretFiles(get) };
}

/** Returns the passphrase that the environment gives for the secrets of a backup. */
export function readPassphraseVariable(): string | undefined {
  return Deno.env.get("BACKUP_PASSPHRASE") || undefined;
}

/** Adds the secrets of this checkout where none are set. Returns them if they are new. */
async function addSecrets(env: Environment): Promise<Environment | undefined> {
  if (SECRETS.every((name) => env[name])) return undefined;
  const text = await readTextFile(SECRETS_FILE);
  const secrets = text === undefined ? createSecrets() : parseSecrets(text);
  for (const name of SECRETS) env[name] ||= secrets[name] ?? "";
  return text === undefined ? secrets : undefined;
}

function parseSecrets(text: string): Environment {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`Cannot read "${SECRETS_FILE}": it is not JSON`, { cause });
  }
}

function createSecrets(): Environment {
  return Object.fromEntries(
    SECRETS.map((name) => [name, createRandomText(SECRET_BYTES)]),
  );
}

async function writeSecrets(secrets: Environment): Promise<void> {
  await Deno.mkdir(DATA, { recursive: true });
  // The file gets its name when it is complete: half a file would break the next start.
  const draft = `${SECRETS_FILE}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(draft, JSON.stringify(secrets, null, 2), {
    mode: 0o600,
  });
  await Deno.rename(draft, SECRETS_FILE);
  sayLine(`Created secrets for development: the API key is in ${SECRETS_FILE}`);
}

/** Returns what must be set or corrected before anything is started. */
export function findProblem(env: Environment): string | undefined {
  try {
    const complete = withDatabase(env);
    readConfig((name) => complete[name]);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/**
 * Parses the variables of a `.env`, whose lines may end as on Windows or old Macs.
 *
 * @throws {Error} If it is not UTF-8; the message is a sentence.
 */
export function parseEnvFile(bytes: Uint8Array): Environment {
  // Windows PowerShell writes UTF-16 by default, sometimes without a byte order mark.
  const problem = bytes.includes(0) ? "UTF-16" : "not UTF-8";
  try {
    if (bytes.includes(0)) throw new TypeError("NUL");
    // The decoder removes a byte order mark.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return parseEnv(text.replaceAll(/\r\n?/g, "\n")) as Environment;
  } catch {
    throw new Error(
      `Cannot read "${ROOT}/.env": its encoding is ${problem}. Save it as UTF-8 in your editor`,
    );
  }
}

async function readTextFile(path: string): Promise<string | undefined> {
  const bytes = await readFile(path);
  return bytes.length === 0 ? undefined : new TextDecoder().decode(bytes);
}

/** Returns the content of a file, or nothing if there is none. */
async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array();
    throw error;
  }
}
