import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { startPostgres } from "../embedded_postgres/embedded_postgres.ts";
import type { GuardedProcess } from "../embedded_postgres/guard.ts";
import { onInterruption } from "../embedded_postgres/interruption.ts";
import {
  type CommandLine,
  readCommandLine,
  toServerArguments,
} from "./command_line.ts";
import { ConfigError, readConfig, VARIABLES } from "../server/config.ts";
import { findTargetProblem, keepOutput } from "./export_file.ts";
import { KEY_HELP } from "./key_usage.ts";
import { randomText } from "../server/connect/oauth_state.ts";
import { spawnAttended, spawnServer } from "./server_process.ts";
import { ROOT } from "./root.ts";
import { describeLocalFailure } from "./start_failure.ts";
import { USER_HELP } from "./user_usage.ts";
import { WEBHOOK_HELP } from "./webhook_usage.ts";

const HELP = `Runs Paceline

Usage: deno task start     serves, by the settings in .env and the environment
       deno task dev       the same, and starts anew when a source file changes
       deno task sync      syncs every connected athlete once and ends: 0 where all went well
       deno task webhook   looks after the subscription to Strava's push events
       deno task key       looks after the API keys of a user
       deno task export    writes all that is kept of an athlete, or a user, to a file or to a pipe
       deno task erase     ends grants at Strava and deletes all that is kept of an athlete or a user
       deno task user      looks after the accounts; --help

Options of sync:
  --full             the whole list, deletions included, whether or not it is due
Options of export:
  --output <file>    the file; "-" or nothing for stdout
  --force            replaces a file that is there
  --format jsonl     lines of JSON, which docs/privacy.md describes: the only format
Options of erase:
  --yes              asks nothing; without it the athlete's or user's name has to be typed
Options of export and erase:
  --athlete <id>     whose data, where there is more than one athlete
  --user <name>      an account instead: everything of the user and of all their athletes

What is not set is brought along: without DATABASE_URL a PostgreSQL of its own in .data/, and in
development secrets, made once and kept in .data/secrets.json. All settings: .env.example.
`;

const HELPS: Readonly<Record<string, string>> = {
  key: KEY_HELP,
  user: USER_HELP,
  webhook: WEBHOOK_HELP,
};

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
  const help = HELPS[args[0] ?? ""] ?? HELP;
  if (args.includes("--help") || args.includes("-h")) {
    // deno-lint-ignore no-console -- what was asked for
    console.log(help);
    return 0;
  }
  const line = readCommandLine(args);
  if ("problem" in line) return say(`${line.problem}\n\n${help}`, 2);
  const target = await readTarget(line);
  if (target && "problem" in target) return say(target.problem, 2);
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

  if (line.command === "webhook") return await runWithoutDatabase(line, env);

  const ownsDatabase = !env["DATABASE_URL"] && !env["POSTGRES_HOST"];
  await using postgres = ownsDatabase
    ? await startPostgres({
      dir: `${DATA}/postgres`,
      log: (line) => void say(line, 0),
    })
    : undefined;
  if (postgres) env["DATABASE_URL"] = postgres.url;
  const server = spawn(line, { env, piped: target !== undefined });
  let isAsked = false;
  onInterruption(() => {
    isAsked = true;
    void server.stop();
  });
  const ending = target
    ? keepOutput(server, target.path)
    : server.status.then(({ code }) => code);
  const end = await Promise.race([
    ending,
    ...postgres ? [postgres.lost] : [],
  ]);
  if (end instanceof Error) {
    await server.stop();
    await ending;
    return say(end.message, 1);
  }
  // A watcher does not end by itself when asked: that it was killed then is no failure.
  const isWatch = line.command === "serve" && line.watch;
  return isWatch && isAsked ? 0 : end;
}

/** The file that an export goes to; `undefined` for stdout, and for what is no export. */
async function readTarget(
  line: CommandLine,
): Promise<{ path: string } | { problem: string } | undefined> {
  if (line.command !== "export") return undefined;
  const { output = "-", force } = line;
  if (output === "-") {
    return force ? { problem: "--force needs --output and a file" } : undefined;
  }
  // A task runs in the folder of deno.json, wherever it was called.
  const path = resolve(Deno.env.get("INIT_CWD") ?? Deno.cwd(), output);
  const problem = await findTargetProblem(path, { force });
  return problem === undefined ? { path } : { problem };
}

/** Starts the command, and gives it a terminal where it needs one. */
function spawn(
  line: CommandLine,
  { env, piped }: { env: Environment; piped: boolean },
): Pick<GuardedProcess, "status" | "stop" | "stdout"> {
  const isAsking = line.command === "erase" && !line.yes &&
    Deno.stdin.isTerminal();
  // A password comes from the terminal or through a pipe.
  if (isAsking || line.command === "user") {
    return spawnAttended(toServerArguments(line), { env });
  }
  return spawnServer(toServerArguments(line), {
    env,
    watch: line.command === "serve" && line.watch,
    output: piped ? "piped" : "inherit",
  });
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

/** A command that only talks to Strava: the database of a server that runs stays its own. */
async function runWithoutDatabase(
  line: CommandLine,
  env: Environment,
): Promise<number> {
  const args = toServerArguments(line);
  return (await spawnServer(args, { env: withDatabase(env) }).status).code;
}

/** The settings with an address for the database that comes along, which has none yet. */
function withDatabase(env: Environment): Environment {
  return { DATABASE_URL: "postgres://embedded/paceline", ...env };
}

/** What must be set or mended before anything is started. */
function findProblem(env: Environment): string | undefined {
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
