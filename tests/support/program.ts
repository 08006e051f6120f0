import { ROOT } from "../../cli/root.ts";
import { SERVER_FLAGS } from "../../cli/server_process.ts";
import type { TestApp } from "./app.ts";
import { until } from "./sync.ts";

/** Arguments of Deno that run the launcher with the permissions of `deno task paceline`. */
export const LAUNCH: readonly string[] = [
  "run",
  "--quiet",
  "--allow-env",
  "--allow-net=127.0.0.1",
  "--allow-read",
  "--allow-run",
  "--allow-sys=uid",
  "--allow-write",
  `${ROOT}/cli/launch.ts`,
];

/** Returns the variables that lead another process to the database and the Strava of a test. */
export function toSettings(config: TestApp["config"]): Record<string, string> {
  return {
    DATABASE_URL: config.databaseUrl,
    INTERNAL_API_KEY: config.internalApiKey,
    STATE_SECRET: config.stateSecret,
    ENCRYPTION_KEY: config.encryptionKey,
    STRAVA_CLIENT_ID: config.strava.clientId,
    STRAVA_CLIENT_SECRET: config.strava.clientSecret,
    STRAVA_API_URL: config.strava.apiUrl,
    STRAVA_OAUTH_URL: config.strava.oauthUrl,
  };
}

/** A process with the permissions that the server has in service. */
export interface Program extends AsyncDisposable {
  /** Returns the output so far, stdout and stderr. */
  text(): string;
  status: Promise<Deno.CommandStatus>;
  kill(signal: Deno.Signal): void;
}

/** Starts the server, or another command, on the database and the Strava of a test. */
export function startProgram(
  { config }: TestApp,
  {
    args = ["serve"],
    flags = [],
    script = `${ROOT}/server/main.ts`,
    env = {},
  }: {
    args?: string[];
    /** Further permissions. */
    flags?: string[];
    script?: string;
    env?: Record<string, string>;
  } = {},
): Program {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...SERVER_FLAGS, ...flags, script, ...args],
    cwd: ROOT,
    env: {
      PORT: "0",
      HOST: "127.0.0.1",
      ...toSettings(config),
      LOG_FORMAT: "json",
      NO_COLOR: "1",
      ...env,
    },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let text = "";
  const collect = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
    }
  };
  const output = Promise.all([collect(child.stdout), collect(child.stderr)]);
  let hasEnded = false;
  const status = child.status.finally(() => hasEnded = true);
  return {
    text: () => text,
    status: output.then(() => status),
    kill: (signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      if (!hasEnded) child.kill("SIGKILL");
      await status;
      await output;
    },
  };
}

/** Waits until the server listens, and returns its address. */
export async function listening(program: Program): Promise<string> {
  const pattern = /Listening on .*?(http:\/\/127\.0\.0\.1:\d+)/;
  await until(
    () => pattern.test(program.text()),
    "the server to listen",
  ).catch((error) => {
    throw new Error(`${error.message}: ${program.text()}`);
  });
  return pattern.exec(program.text())![1]!;
}
