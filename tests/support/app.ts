import { setTimeout as sleep } from "node:timers/promises";
import { connectAthlete, type ConnectOptions } from "../../demo/connect.ts";
import {
  generateAthlete,
  generateHistory,
} from "../../demo/history/history.ts";
import {
  createStrava,
  serveStrava,
  type Strava,
  type StravaOptions,
} from "../../strava_simulator/simulator.ts";
import type { SummaryActivity } from "../../strava_simulator/types.ts";
import { listenForChanges } from "../../db/athlete_changes.ts";
import { createApp } from "../../server/app.ts";
import { type Config, readConfig, type Variable } from "../../server/config.ts";
import { createBackground, type Deps } from "../../server/context.ts";
import type { Peer } from "../../server/http/middleware.ts";
import { createPasswords } from "../../server/crypto/password_hash.ts";
import { createSeal } from "../../server/crypto/encryption.ts";
import { createRequestLogger } from "../../server/log.ts";
import { StravaClient } from "../../server/strava/client.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";
import { createTestLog, type TestLog } from "./log.ts";

export const API_KEY = "test-key-0123456789-abcdefghijklmnop";
/** Password hashing that takes a millisecond. */
const CHEAP = { memory: 256, passes: 1, lanes: 1 };
const SERVER_URL = "http://localhost:5001";
export const ATHLETE_ID = 700_001;
/** In the middle of a quarter hour, so that no test enters the next by accident. */
export const NOW = Date.UTC(2026, 10, 20, 12, 2);

export interface TestAppOptions {
  /** Variables in addition to a test's usual ones. */
  env?: Partial<Record<Variable, string>>;
  activities?: readonly SummaryActivity[];
  strava?: StravaOptions;
  /** Whether to connect the athlete and wait for the first sync. Default: false. */
  synced?: boolean;
  /** Whether pauses before retries take no time. Default: true. */
  impatient?: boolean;
  /** Database, disposed of with the rest. Default: one on the server that all tests share. */
  database?: TestDatabase;
}

/** Creates the whole server with its own database and a simulated Strava over HTTP. */
export interface TestApp extends AsyncDisposable {
  app: (request: Request, peer?: Peer) => Promise<Response>;
  deps: Deps;
  config: Config;
  strava: Strava;
  log: TestLog;
  /** The clock of server and simulator, which a test can move. */
  clock: { now: number };
  /** Sends a GET, with the API key on request. */
  get(path: string, init?: RequestInit & { key?: boolean }): Promise<Response>;
  post(path: string, init?: RequestInit & { key?: boolean }): Promise<Response>;
  /** Follows the OAuth routes as a browser does. Returns the final frontend URL. */
  connect(choice?: Partial<ConnectOptions>): Promise<URL>;
  /** Waits for all background work, such as the first sync. */
  idle(): Promise<void>;
}

export async function createTestApp(
  options: TestAppOptions = {},
): Promise<TestApp> {
  const database = options.database ?? await createTestDatabase();
  const clock = { now: NOW };
  const strava = createStrava({ now: () => clock.now, ...options.strava });
  const server = serveStrava(strava);
  const log = createTestLog();
  const config = createTestConfig(server.url, {
    url: database.url,
    env: options.env,
  });
  const background = createBackground(log.logger);
  const running = trackBackground(background);
  const listeners = new AsyncDisposableStack();
  const deps: Deps = {
    config,
    sql: database.sql,
    listenForChanges: (handlers) =>
      listeners.use(listenForChanges(database.url, handlers)),
    strava: new StravaClient({ ...config.strava, timeoutMs: 5000 }),
    seal: await createSeal(config.encryptionKey, config.encryptionKeysOld),
    passwords: createPasswords({ parameters: CHEAP }),
    log: log.logger,
    logRequest: createRequestLogger(log.logger),
    now: () => clock.now,
    sleep: async (milliseconds, signal) => {
      const isRetry = milliseconds === 1000 || milliseconds === 4000;
      await sleep(
        isRetry && options.impatient !== false ? 0 : milliseconds,
        undefined,
        { signal },
      );
    },
    background,
  };
  strava.addAthlete(
    generateAthlete({ seed: 1, athleteId: ATHLETE_ID }),
    options.activities ?? [],
  );
  const app = createHandler(deps);
  const test: TestApp = {
    app,
    deps,
    config,
    strava,
    log,
    clock,
    get: (path, init) => app(toRequest(path, init)),
    post: (path, init) => app(toRequest(path, { ...init, method: "POST" })),
    connect: (choice = {}) =>
      connectAthlete({
        server: app,
        serverUrl: SERVER_URL,
        athleteId: ATHLETE_ID,
        ...choice,
      }),
    idle: () => running.idle(),
    async [Symbol.asyncDispose]() {
      await background.close();
      await listeners.disposeAsync();
      await server.close();
      await database[Symbol.asyncDispose]();
    },
  };
  if (options.synced) {
    await test.connect();
    await test.idle();
  }
  return test;
}

/** Creates the whole server as a function that always returns a promise. */
export function createHandler(deps: Deps): TestApp["app"] {
  const app = createApp(deps);
  return async (request, peer) => await app(request, peer);
}

/** Returns a small history, deterministic by its seed. */
export function createHistory(count: number, seed = 1): SummaryActivity[] {
  return generateHistory({ seed, athleteId: ATHLETE_ID, count, now: NOW });
}

export function createTestConfig(
  stravaUrl: string,
  { url, env = {} }: { url: string; env?: TestAppOptions["env"] },
): Config {
  const variables: Partial<Record<Variable, string>> = {
    DATABASE_URL: url,
    INTERNAL_API_KEY: API_KEY,
    STATE_SECRET: "state-0123456789-abcdefghijklmnopqrst",
    ENCRYPTION_KEY: "seal-0123456789-abcdefghijklmnopqrstu",
    STRAVA_CLIENT_ID: "12345",
    STRAVA_CLIENT_SECRET: "0123456789abcdef0123456789abcdef01234567",
    STRAVA_REDIRECT_URI: "http://localhost:5001/strava/callback",
    STRAVA_API_URL: `${stravaUrl}/api/v3`,
    STRAVA_OAUTH_URL: `${stravaUrl}/oauth`,
    FRONTEND_URL: "http://frontend.test",
    // Tests change tables behind the server, and read the answer at once.
    ANSWER_CACHE_MB: "0",
    ...env,
  };
  return readConfig((name) => variables[name]);
}

function toRequest(
  path: string,
  { key = false, ...init }: RequestInit & { key?: boolean } = {},
): Request {
  const headers = new Headers(init.headers);
  if (key) headers.set("x-api-key", API_KEY);
  return new Request(new URL(path, SERVER_URL), {
    ...init,
    headers,
  });
}

function trackBackground(
  background: Deps["background"],
): { idle(): Promise<void> } {
  const tasks = new Set<Promise<unknown>>();
  const { run } = background;
  background.run = (name, work) =>
    run(name, () => {
      const task = work().finally(() => tasks.delete(task));
      tasks.add(task);
      return task;
    });
  return {
    async idle() {
      while (tasks.size > 0) await Promise.allSettled(tasks);
    },
  };
}
