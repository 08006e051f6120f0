import { parseEnv } from "node:util";
import { startPostgres } from "../db/embedded.ts";
import { ConfigError, readConfig, VARIABLES } from "./config.ts";
import { randomText } from "./oauth_state.ts";
import { spawnServer } from "./server_process.ts";
import { ROOT } from "./root.ts";
import { describeLocalFailure } from "./start_failure.ts";

const HELP = `Runs Paceline

Usage: deno task start    serves, by the settings in .env and the environment
       deno task dev      the same, and starts anew when a source file changes
       deno task sync     syncs every connected athlete once and ends: 0 where all went well

What is not set is brought along: without DATABASE_URL a PostgreSQL of its own in .data/, and in
development secrets, made once and kept in .data/secrets.json. All settings: .env.example.
`;

const SETUP = `Paceline needs a Strava application of yours:

  1. Make one at https://www.strava.com/settings/api
     with "localhost" as its Authorization Callback Domain
  2. cp .env.example .env
  3. Set in .env what that page shows:
       STRAVA_CLIENT_ID=       the Client ID
       STRAVA_CLIENT_SECRET=   the Client Secret
     and, unless you have a frontend on http://localhost:5173,
       FRONTEND_URL=http://localhost:5001

To look around first, with a simulated Strava and athlete:  deno task demo
`;

const DATA = `${ROOT}/.data`;
const SECRETS_FILE = `${DATA}/secrets.json`;
const SECRETS = ["INTERNAL_API_KEY", "STATE_SECRET", "ENCRYPTION_KEY"] as const;
const SECRET_BYTES = 32;

type Environment = Record<string, string>;

/** Runs the server's command with what it needs around it, and returns its exit code. */
async function launch(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    // deno-lint-ignore no-console -- what was asked for
    console.log(HELP);
    return 0;
  }
  const [command = "serve", ...flags] = args;
  const isWatch = flags.length === 1 && flags[0] === "--watch";
  if (
    (command !== "serve" && command !== "sync") ||
    (flags.length > 0 && !isWatch)
  ) {
    return say(HELP, 2);
  }
  const env = await readEnvironment();
  if (!env["STRAVA_CLIENT_ID"] && !env["STRAVA_CLIENT_SECRET"]) {
    return say(SETUP, 1);
  }
  const fresh = env["ENVIRONMENT"] === "production"
    ? undefined
    : await addSecrets(env);
  const problem = findProblem(env);
  if (problem !== undefined) return say(problem, 1);
  if (fresh) await keepSecrets(fresh);

  const ownsDatabase = !env["DATABASE_URL"] && !env["POSTGRES_HOST"];
  await using postgres = ownsDatabase
    ? await startPostgres({
      dir: `${DATA}/postgres`,
      log: (line) => void say(line, 0),
    })
    : undefined;
  if (postgres) env["DATABASE_URL"] = postgres.url;
  const server = spawnServer(command, { env, watch: isWatch });
  let isAsked = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      isAsked = true;
      void server.stop();
    });
  }
  const end = await Promise.race([
    server.status,
    ...postgres ? [postgres.lost] : [],
  ]);
  if (end instanceof Error) {
    await server.stop();
    return say(end.message, 1);
  }
  // A watcher does not end by itself when asked: that it was killed then is no failure.
  return isWatch && isAsked ? 0 : end.code;
}

/** The variables that are set, in the environment or else in `.env`. */
async function readEnvironment(): Promise<Environment> {
  const file = parseEnv(await readTextFile(`${ROOT}/.env`) ?? "");
  const env: Environment = {};
  for (const name of VARIABLES) {
    const value = Deno.env.get(name) || file[name];
    if (value) env[name] = value;
  }
  return env;
}

/** Adds the secrets of this checkout where none are set; answers with those that are new. */
async function addSecrets(env: Environment): Promise<Environment | undefined> {
  if (SECRETS.every((name) => env[name])) return undefined;
  const text = await readTextFile(SECRETS_FILE);
  const secrets = text === undefined ? createSecrets() : readSecrets(text);
  for (const name of SECRETS) env[name] ||= secrets[name] ?? "";
  return text === undefined ? secrets : undefined;
}

function readSecrets(text: string): Environment {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`Cannot read "${SECRETS_FILE}": it is not JSON`, { cause });
  }
}

function createSecrets(): Environment {
  return Object.fromEntries(
    SECRETS.map((name) => [name, randomText(SECRET_BYTES)]),
  );
}

async function keepSecrets(secrets: Environment): Promise<void> {
  await Deno.mkdir(DATA, { recursive: true });
  // Under its name only when whole: half a file would be read at the next start.
  const draft = `${SECRETS_FILE}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(draft, JSON.stringify(secrets, null, 2), {
    mode: 0o600,
  });
  await Deno.rename(draft, SECRETS_FILE);
  say(`Made secrets for development: the API key is in ${SECRETS_FILE}`, 0);
}

/** What must be set or mended before anything is started. */
function findProblem(env: Environment): string | undefined {
  try {
    const withDatabase: Environment = {
      DATABASE_URL: "postgres://embedded/paceline",
      ...env,
    };
    readConfig((name) => withDatabase[name]);
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

function say(text: string, code: number): number {
  // deno-lint-ignore no-console -- there is no log yet
  console.error(text);
  return code;
}

Deno.exit(
  await launch(Deno.args).catch((error) =>
    say(describeLocalFailure(error, DATA), 1)
  ),
);
