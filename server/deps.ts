import { setTimeout as sleep } from "node:timers/promises";
import { listenForChanges } from "../db/athlete_changes.ts";
import { connect } from "../db/driver/client.ts";
import type { Config } from "./config.ts";
import { createBackground, type Deps } from "./context.ts";
import { createLog } from "./log.ts";
import { createPasswords } from "./crypto/password_hash.ts";
import { createSeal } from "./crypto/encryption.ts";
import { StravaClient } from "./strava/client.ts";

/** Seconds that the database may take to finish running queries at shutdown. */
const END_SECONDS = 5;
/** Most connections of a process to the database, apart from the one that listens. */
const MAX_CONNECTIONS = 10;
/** Connections of all processes together. PostgreSQL allows 100 by default. */
const MAX_ALL_CONNECTIONS = 48;

/** The program's dependencies, closed on disposal. */
export interface OpenDeps extends Deps, AsyncDisposable {}

/** Creates the dependencies from the configuration, without connecting to anything. */
export async function openDeps(config: Config): Promise<OpenDeps> {
  const { logger: log, logRequest } = await createLog(config);
  const sql = connect(config.databaseUrl, { max: toPoolSize(config) });
  const background = createBackground(log);
  const listeners = new AsyncDisposableStack();
  return {
    config,
    sql,
    listenForChanges: (handlers) =>
      listeners.use(listenForChanges(config.databaseDirectUrl, handlers)),
    strava: new StravaClient(config.strava),
    seal: await createSeal(config.encryptionKey, config.encryptionKeysOld),
    passwords: createPasswords(),
    log,
    logRequest,
    now: Date.now,
    sleep: async (milliseconds, signal) =>
      await sleep(milliseconds, undefined, { signal }),
    background,
    async [Symbol.asyncDispose]() {
      const late = sleep(END_SECONDS * 1000, undefined, { ref: false });
      await Promise.race([background.close(), late]);
      await listeners.disposeAsync();
      await sql.end({ timeout: END_SECONDS });
    },
  };
}

/**
 * Returns the connections of each process. With one alone, a long query would hold up all others.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const sizes = [1, 4, 8, 16, 64].map((processes) => toPoolSize({ processes }));
 * assert.deepEqual(sizes, [10, 10, 6, 3, 2]);
 * ```
 */
export function toPoolSize({ processes }: Pick<Config, "processes">): number {
  const share = Math.floor(MAX_ALL_CONNECTIONS / processes);
  return Math.max(Math.min(share, MAX_CONNECTIONS), 2);
}
