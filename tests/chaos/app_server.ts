import { setTimeout as sleep } from "node:timers/promises";
import { listenForChanges } from "../../db/athlete_changes.ts";
import { connect } from "../../db/driver/client.ts";
import { createApp } from "../../server/app.ts";
import { createBackground, type Deps } from "../../server/context.ts";
import { createPasswords } from "../../server/crypto/password_hash.ts";
import { createSeal } from "../../server/crypto/encryption.ts";
import { createRequestLogger } from "../../server/log.ts";
import { StravaClient } from "../../server/strava/client.ts";
import { syncDueAthletes } from "../../server/sync/run_sync.ts";
import { maintainWebhooks } from "../../server/webhook/maintenance.ts";
import { createTestConfig } from "../support/app.ts";
import { createTestLog, type TestLogLine } from "../support/log.ts";
import type { Server, ServerOptions } from "./servers.ts";

/** Factor by which pauses between attempts are shortened. */
const SPEEDUP = 100;
/** Timeout of requests to Strava, long enough for a busy machine. */
const TIMEOUT_MS = 300;

interface AppOptions extends ServerOptions {
  /** Called after each transaction, before its caller continues. */
  onCommit: () => void;
}

/** Starts a server in this process, with its own pool. A kill stops it in the middle of its work. */
export async function startApp(
  { id, stravaUrl, databaseUrl, now, env, onCommit }: AppOptions,
): Promise<Server> {
  const death = new AbortController();
  const dead = Promise.withResolvers<void>();
  const never = new Promise<never>(() => {});
  const alive = <T>(value: T): T | Promise<never> =>
    death.signal.aborted ? never : value;
  const log = createTestLog();
  const config = createTestConfig(stravaUrl, { url: databaseUrl, env });
  const background = createBackground(log.logger);
  const sql = connect(databaseUrl, { max: 3 });
  const begin = sql.begin as (...args: unknown[]) => Promise<unknown>;
  Object.assign(sql, {
    begin: async (...args: unknown[]) => {
      const result = await begin(...args);
      onCommit();
      return await alive(result);
    },
  });
  const listeners = new AsyncDisposableStack();
  const deps: Deps = {
    config,
    sql,
    listenForChanges: (handlers) =>
      listeners.use(listenForChanges(databaseUrl, handlers)),
    strava: new StravaClient({
      ...config.strava,
      timeoutMs: TIMEOUT_MS,
      fetch: async (input, init = {}) => {
        await alive(undefined);
        const signal = AbortSignal.any([
          death.signal,
          ...init?.signal ? [init.signal] : [],
        ]);
        const options = { ...init, signal } as RequestInit;
        const response = fetch(input as string, options);
        return await response.then(alive, async (cause) => {
          await alive(undefined);
          throw cause;
        });
      },
    }),
    seal: await createSeal(config.encryptionKey, config.encryptionKeysOld),
    passwords: createPasswords(),
    log: log.logger,
    logRequest: createRequestLogger(log.logger),
    now,
    sleep: async (milliseconds, signal) => {
      await alive(undefined);
      await sleep(Math.ceil(milliseconds / SPEEDUP), undefined, { signal })
        .catch(alive).then(alive);
      signal.throwIfAborted();
    },
    background,
  };
  const app = createApp(deps);
  const work = new Set<Promise<unknown>>();
  const { run } = background;
  background.run = (name, begin) =>
    run(name, () => {
      const task = begin().finally(() => work.delete(task));
      work.add(task);
      return task;
    });
  const closing: Promise<unknown>[] = [];

  function die(): void {
    death.abort(new Error("Killed"));
    dead.resolve();
    closing.push(sql.end({ timeout: 0 }), listeners.disposeAsync());
  }

  return {
    id,
    dead: dead.promise,
    isAlive: () => !death.signal.aborted,
    hasCrashed: () => false,
    fetch: (request) =>
      Promise.race([
        app(request),
        dead.promise.then(() => undefined),
      ]),
    tick: async ({ unfinished }) => {
      const ticking = background.run(
        "cron",
        () => syncDueAthletes(deps, { unfinished }),
      );
      await Promise.race([ticking, dead.promise]);
    },
    maintain: async (options) => {
      const maintaining = background.run(
        "push events",
        () => maintainWebhooks(deps, options),
      );
      await Promise.race([maintaining, dead.promise]);
    },
    kill: die,
    async stop() {
      const late = sleep(1000, undefined, { ref: false });
      await Promise.race([background.close(), late]);
      await sql.end({ timeout: 1 });
      die();
    },
    isBusy: () => work.size > 0,
    async idle() {
      while (work.size > 0 && !death.signal.aborted) {
        await Promise.race([Promise.allSettled(work), dead.promise]);
      }
      await Promise.all(closing);
    },
    log: () => Promise.resolve(log.lines.map(toLine).join("\n")),
    async [Symbol.asyncDispose]() {
      die();
      await Promise.all(closing);
    },
  };
}

function toLine({ level, message, properties }: TestLogLine): string {
  const { cause, requestId: _, ...rest } = properties;
  const error = cause instanceof Error
    ? ` ${cause.name}: ${cause.message}`
    : "";
  return `${level} ${message} ${JSON.stringify(rest)}${error}`;
}
