import { parseEnv } from "node:util";
import { ConfigError, readConfig, VARIABLES } from "../server/config.ts";
import { createRandomText } from "../server/crypto/random_text.ts";
import { ROOT } from "./root.ts";
import { sayLine } from "./terminal.ts";

const SETUP = `Paceline needs a Strava application:

  1. Create one at https://www.strava.com/settings/api
     with "localhost" as its Authorization Callback Domain
  2. cp .env.example .env
  3. Set in .env what that page shows:
       STRAVA_CLIENT_ID=       the Client ID
       STRAVA_CLIENT_SECRET=   the Client Secret
     and, unless you have a frontend at http://localhost:5173,
       FRONTEND_URL=http://localhost:5001

To look around first, with a simulated Strava and athlete:  deno task demo
`;

/** The folder of everything that the launcher keeps. */
export const DATA = `${ROOT}/.data`;

/** The generated secrets. */
export const SECRETS_FILE = `${DATA}/secrets.json`;
const SECRETS = ["INTERNAL_API_KEY", "STATE_SECRET", "ENCRYPTION_KEY"] as const;
const SECRET_BYTES = 32;

/** Variables and their values. */
export type Environment = Record<string, string>;

/**
 * Returns the settings of the environment and `.env`. In development it adds missing secrets, which
 * it creates once. Returns what is wrong with the settings as a sentence, and writes nothing then.
 */
export async function prepareEnvironment(): Promise<
  Environment | { problem: string }
> {
  const env = await readEnvironment();
  if (!env["STRAVA_CLIENT_ID"] && !env["STRAVA_CLIENT_SECRET"]) {
    return { problem: SETUP };
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

/** Returns the settings of the environment and of `.env`. The environment has precedence. */
export async function readEnvironment(): Promise<Environment> {
  const file = parseEnv(await readTextFile(`${ROOT}/.env`) ?? "");
  const env: Environment = {};
  for (const name of VARIABLES) {
    const value = Deno.env.get(name) || file[name];
    if (value) env[name] = value;
  }
  return env;
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

async function readTextFile(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
