import { setTimeout as sleep } from "node:timers/promises";
import { startPostgres } from "../embedded_postgres/embedded_postgres.ts";
import { onInterruption } from "../embedded_postgres/interruption.ts";
import { type Environment, toRoles } from "../cli/environment.ts";
import { spawnServer } from "../cli/server_process.ts";
import { connectAthlete } from "./connect.ts";
import { followFirstSync } from "./first_sync.ts";
import { generateAthlete, generateHistory } from "./history/history.ts";
import { createOutput } from "./output.ts";
import { createProgress } from "./progress.ts";
import { createStrava, serveStrava } from "../strava_simulator/simulator.ts";
import { type DemoSettings, readSettings } from "./settings.ts";
import { createDemoUser } from "./user.ts";
import { toWelcome } from "./welcome.ts";
import { ROOT } from "../cli/root.ts";
import { prepareWebApp } from "../cli/web_app.ts";
import { describeLocalFailure } from "../cli/start_failure.ts";

const HELP =
  `Runs Paceline with a simulated Strava and an athlete with eight years of activities

Usage: deno task demo

Environment:
  PORT=5002                            use another port than 5001
  ACTIVITIES=10000                     generate more activities than 3000
  FRONTEND_URL=http://localhost:5173   return to your own page after connecting, such as examples/react
  CORS_ORIGINS, PUBLIC_STATS, SIGNUP   and all other settings that do not choose the parts of the demo;
                                       they are read from .env, too

Starts PostgreSQL, the simulated Strava and the server, connects the athlete through the OAuth
routes, creates a user, and serves until Ctrl-C. PostgreSQL's program files and the server's log
remain in .data/.
`;

const LOG_FILE = `${ROOT}/.data/demo.log`;
const ATHLETE_ID = 700_001;
/** Athletes for trying out the connection. Their histories are short. */
const OTHER_ATHLETE_ID = 700_002;
const OTHER_COUNT = 200;
const SEED = 2018;
/** Latency of the simulated Strava, in milliseconds. Without it the progress would be invisible. */
const LATENCY_MS = 120;
const POLL_MS = 100;
const START_MS = 60_000;
/** Exit code of a program ended by SIGPIPE, as shells report it. */
const BROKEN_PIPE = 128 + 13;

const output = createOutput();

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    say(HELP);
    return 0;
  }
  if (args.length > 0) return fail(HELP, 2);
  const settings = await readSettings({
    athletes: [ATHLETE_ID, OTHER_ATHLETE_ID],
  });
  if ("problem" in settings) return fail(settings.problem, settings.code);
  const { port } = settings;
  if (isTaken(port)) {
    return fail(
      `Port ${port} is taken. Choose another: PORT=${port + 1} deno task demo`,
    );
  }
  await using parts = new AsyncDisposableStack();
  const end = await Promise.race([
    interrupted(),
    output.closed.then(() => BROKEN_PIPE),
    show(parts, settings),
  ]);
  return typeof end === "number" ? end : fail(end);
}

/**
 * Starts every part, connects the athlete and serves until the server ends. Returns its exit code, or
 * the problem that occurred before. The caller prints the problem, unless the demo is being ended.
 */
async function show(
  parts: AsyncDisposableStack,
  { port, count, env }: DemoSettings,
): Promise<number | string> {
  const start = performance.now();
  const url = `http://localhost:${port}`;
  const apiKey = env["INTERNAL_API_KEY"] ?? "";
  await prepareWebApp(say);
  say("Starting PostgreSQL, the simulated Strava and the server");
  const dir = `${ROOT}/.data/postgres`;
  const postgres = parts.use(
    await startPostgres({
      dir,
      ephemeral: true,
      log: say,
    }),
  );
  const stravaUrl = startStrava(parts, count);
  const server = startServer(parts, {
    ...env,
    ...toRoles(postgres.url),
    STRAVA_API_URL: `${stravaUrl}/api/v3`,
    STRAVA_OAUTH_URL: `${stravaUrl}/oauth`,
  });
  const ended = Promise.race<number | string>([
    server.status.then(({ code }) => code),
    postgres.lost.then(({ message }) => message),
  ]);
  const isReady = await Promise.race([ended, untilReady(url)]);
  if (isReady !== true) {
    return `The server did not start: see ${LOG_FILE}`;
  }

  const landed = await connectAthlete({
    server: fetch,
    serverUrl: url,
    athleteId: ATHLETE_ID,
  });
  if (landed.searchParams.get("strava") !== "success") {
    return `The athlete was not connected: ${landed.search}. See ${LOG_FILE}`;
  }
  await createDemoUser(postgres.url);
  const problem = await Promise.race([
    ended.then(() => "The server has ended"),
    followFirstSync(
      () =>
        fetch(`${url}/strava/admin/status`, {
          headers: { "x-api-key": apiKey },
        }),
      createProgress({ total: count, label: "activities", output }),
    ),
  ]);
  if (problem !== undefined) return `${problem}. See ${LOG_FILE}`;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  say(
    await toWelcome({
      url,
      stravaUrl,
      seconds,
      apiKey,
      logFile: LOG_FILE,
    }),
  );
  return await ended;
}

/** Serves the simulated Strava with its athletes. Returns its URL. */
function startStrava(parts: AsyncDisposableStack, count: number): string {
  const strava = createStrava({ latencyMs: LATENCY_MS });
  const counts = { [ATHLETE_ID]: count, [OTHER_ATHLETE_ID]: OTHER_COUNT };
  for (const [id, count] of Object.entries(counts)) {
    const athleteId = Number(id);
    const seed = SEED + athleteId - ATHLETE_ID;
    strava.addAthlete(
      generateAthlete({ seed, athleteId }),
      generateHistory({ seed, athleteId, count }),
    );
  }
  return parts.use(serveStrava(strava)).url;
}

function startServer(
  parts: AsyncDisposableStack,
  env: Environment,
): ReturnType<typeof spawnServer> {
  Deno.mkdirSync(`${ROOT}/.data`, { recursive: true });
  Deno.writeTextFileSync(LOG_FILE, "");
  return parts.use(spawnServer(["serve"], { env, output: { file: LOG_FILE } }));
}

async function untilReady(url: string): Promise<boolean> {
  const deadline = performance.now() + START_MS;
  while (performance.now() < deadline) {
    const response = await fetch(`${url}/health/ready`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** Ctrl-C and other requests to end are the normal end of the demo. */
function interrupted(): Promise<number> {
  return new Promise((resolve) => onInterruption(() => resolve(0)));
}

/** Also true if only root may use the port. */
function isTaken(port: number): boolean {
  try {
    Deno.listen({ port, hostname: "127.0.0.1" }).close();
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return true;
    if (error instanceof Deno.errors.PermissionDenied) return true;
    throw error;
  }
}

function say(text: string): void {
  output.writeSync(new TextEncoder().encode(`${text}\n`));
}

function fail(text: string, code = 1): number {
  // deno-lint-ignore no-console -- the demo has no log; only the server has one
  console.error(text);
  return code;
}

Deno.exit(
  await main(Deno.args).catch((error) =>
    fail(describeLocalFailure(error, `${ROOT}/.data`))
  ),
);
