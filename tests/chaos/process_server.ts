import { setTimeout as sleep } from "node:timers/promises";
import { spawnGuarded } from "../../embedded_postgres/guard.ts";
import { ROOT } from "../../cli/root.ts";
import { SERVER_FLAGS } from "../../cli/server_process.ts";
import { createTestConfig } from "../support/app.ts";
import { until } from "../support/sync.ts";
import type { Clock } from "./clock.ts";
import type { Server, ServerOptions } from "./servers.ts";

interface ProcessOptions extends ServerOptions {
  clock: Clock;
}

/** Starts a process with a deployed server's permissions. Only its clock is the schedule's. */
export async function startProcess(
  { id, stravaUrl, databaseUrl, env, clock }: ProcessOptions,
): Promise<Server> {
  const logFile = await Deno.makeTempFile({ prefix: "paceline-chaos-" });
  const config = createTestConfig(stravaUrl, { url: databaseUrl, env });
  await using parts = new AsyncDisposableStack();
  parts.defer(() => Deno.remove(logFile));
  const guarded = parts.use(spawnGuarded(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      ...SERVER_FLAGS,
      "--preload",
      clock.preload(id),
      `${ROOT}/server/main.ts`,
      "serve",
    ],
    cwd: ROOT,
    env: {
      PORT: "0",
      // The invariants read at once; kept answers may be a second old.
      ANSWER_CACHE_MB: "0",
      HOST: "127.0.0.1",
      DATABASE_URL: databaseUrl,
      INTERNAL_API_KEY: config.internalApiKey,
      STATE_SECRET: config.stateSecret,
      ENCRYPTION_KEY: config.encryptionKey,
      STRAVA_CLIENT_ID: config.strava.clientId,
      STRAVA_CLIENT_SECRET: config.strava.clientSecret,
      STRAVA_REDIRECT_URI: config.strava.redirectUri,
      STRAVA_API_URL: config.strava.apiUrl,
      STRAVA_OAUTH_URL: config.strava.oauthUrl,
      FRONTEND_URL: config.frontendUrl,
      LOG_FORMAT: "json",
      NO_COLOR: "1",
      ...env,
    },
    output: { file: logFile },
    stopSignal: "KILL",
  }));
  let ended = false;
  const dead = guarded.status.then(() => {
    ended = true;
    clock.forget(id);
  });
  const log = (): Promise<string> => Deno.readTextFile(logFile);
  let url: string | undefined;
  await until(async () => {
    url = /Listening on .*?(http:\/\/127\.0\.0\.1:\d+)/.exec(await log())?.[1];
    return ended || url !== undefined;
  }, "a server to listen");
  if (ended) throw new Error(`A server did not start: ${await log()}`);
  const pid = await clock.pid(id);
  const kept = parts.move();
  /** Set once the process was told to end. */
  let ending: Promise<void> | undefined;

  function send(signal: Deno.Signal): void {
    try {
      if (!ended) Deno.kill(pid, signal);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  return {
    id,
    dead,
    isAlive: () => !ended && ending === undefined,
    hasCrashed: () => ended && ending === undefined,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const { method, headers } = request;
      const body = method === "GET" ? null : await request.text();
      try {
        const response = await fetch(`${url}${pathname}${search}`, {
          method,
          headers,
          ...body ? { body } : {},
          redirect: "manual",
        });
        return new Response(await response.text() || null, response);
      } catch (error) {
        // A refused or broken connection usually means that the process has died.
        const late = sleep(1000, undefined, { ref: false });
        await Promise.race([dead, late]);
        if (ended) return undefined;
        throw error;
      }
    },
    tick: () => Promise.resolve(),
    maintain: () => Promise.resolve(),
    kill() {
      send("SIGKILL");
      ending ??= dead;
    },
    async stop() {
      send("SIGTERM");
      ending ??= dead;
      await dead;
    },
    isBusy: () => true,
    idle: async () => {
      if (ending) await dead;
    },
    log,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
