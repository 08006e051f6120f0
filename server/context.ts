import type { Logger } from "@logtape/logtape";
import type { KeyCaller } from "../db/api_keys.ts";
import type { ChangeHandlers } from "../db/athlete_changes.ts";
import type { ServedAthlete } from "../db/served_athletes.ts";
import type { SessionCaller } from "../db/sessions.ts";
import type { Pool } from "../db/driver/client.ts";
import { isDatabaseUnavailable } from "../db/driver/errors.ts";
import type { Listener } from "../db/driver/listener.ts";
import type { Config } from "./config.ts";
import type { Passwords } from "./crypto/password_hash.ts";
import type { Seal } from "./crypto/encryption.ts";
import type { StravaClient } from "./strava/client.ts";

/** The program's dependencies. Tests pass their own. */
export interface Deps {
  config: Config;
  sql: Pool;
  /** Opens a connection that reports committed changes of athletes. It closes with the program. */
  listenForChanges: (handlers: ChangeHandlers) => Listener;
  strava: StravaClient;
  seal: Seal;
  passwords: Passwords;
  log: Logger;
  /** Writes the line of a request without a failure. */
  logRequest: (line: RequestLine) => void;
  /** Returns the time in milliseconds since 1970. */
  now: () => number;
  /** Waits. Throws the signal's reason when it is aborted. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Work that outlives a request. The shutdown aborts it and waits for it. */
  background: Background;
}

/** The properties of a request's line in the log. */
export interface RequestLine {
  requestId: string;
  method: string;
  path: string;
  status: number;
  /** Duration. */
  milliseconds: number;
}

/** The sender of a request: anonymous, an administrator, a user, or refused for a bad credential. */
export type Caller =
  | { kind: "anonymous" }
  /** The holder of `INTERNAL_API_KEY`. */
  | { kind: "admin" }
  | ({ kind: "session" } & SessionCaller)
  | ({ kind: "key" } & KeyCaller)
  | {
    kind: "refused";
    reason: "invalid_api_key" | "session_expired" | "too_many_credentials";
  };

/** Notes on what decides the answer to a request, so that it can be kept for the next one. */
export interface AnswerNotes {
  /** The athletes that were served. */
  athletes: ServedAthlete[];
  /** Whether only those athletes, the URL and the athletes' local day decide the answer. */
  canKeep: boolean;
}

/** The context of a procedure. */
export interface Context extends Deps {
  requestId: string;
  caller: Caller;
  /** The client's address, if known. */
  address: string | undefined;
  /** The client's `User-Agent`. */
  agent: string | undefined;
  /** When a request first came through a proxy that `TRUSTED_PROXIES` does not count, in epoch ms. */
  untrustedProxySince: number | undefined;
  /** The request's headers. */
  headers: Headers;
  notes: AnswerNotes;
  /** Returns an athlete by a key from memory, if nothing has changed since it was loaded. */
  recallAthlete: (
    key: string,
    load: () => Promise<ServedAthlete | undefined>,
  ) => Promise<ServedAthlete | undefined>;
  /** `Set-Cookie` lines to add to the response. */
  cookies: string[];
  /** Runs work that keeps the event loop busy. Clients take turns. */
  runHeavy: <T>(work: () => Promise<T>) => Promise<T>;
  /** Counts an output of a batch, and throws if the batch becomes too large. */
  countOutput?: ((output: unknown) => void) | undefined;
}

/** Tracks work that no request waits for. */
export interface Background {
  /** Aborted when the program ends. */
  readonly signal: AbortSignal;
  /** Runs `work`. Logs a failure under `name` and never throws it. */
  run(name: string, work: () => Promise<unknown>): Promise<void>;
  /** Aborts the signal and waits for all work to end. */
  close(): Promise<void>;
}

/** Creates the tracker of background work. */
export function createBackground(log: Logger): Background {
  const controller = new AbortController();
  const running = new Set<Promise<unknown>>();
  return {
    signal: controller.signal,
    async run(name, work) {
      const task = work();
      running.add(task);
      await task.catch((cause) =>
        log.error("Background work failed: {name}", { name, cause })
      );
      running.delete(task);
    },
    async close() {
      controller.abort(new Error("The server is shutting down"));
      await Promise.allSettled(running);
    },
  };
}

/**
 * Returns a function that starts work in the background. Calls during a run start one more run after it,
 * so that one process never runs two at once and misses nothing.
 */
export function createTrigger(
  { background }: Pick<Deps, "background">,
  { name, work }: { name: string; work: () => Promise<void> },
): () => void {
  let isRunning = false;
  let isRequested = false;
  async function run(): Promise<void> {
    try {
      while (isRequested && !background.signal.aborted) {
        isRequested = false;
        await work();
      }
    } finally {
      isRunning = false;
    }
  }
  return () => {
    isRequested = true;
    if (isRunning) return;
    isRunning = true;
    background.run(name, run);
  };
}

/**
 * Runs `work` for each athlete in turn and logs failures as `Could not {task} of athlete {athleteId}`.
 * A failure does not keep the next athlete waiting, unless the database is unavailable.
 */
export async function forEachAthlete(
  { log, background }: Pick<Deps, "log" | "background">,
  athletes: readonly number[],
  { task, work }: { task: string; work: (athleteId: number) => Promise<void> },
): Promise<void> {
  for (const athleteId of athletes) {
    if (background.signal.aborted) return;
    try {
      await work(athleteId);
    } catch (cause) {
      if (background.signal.aborted) return;
      if (isDatabaseUnavailable(cause)) throw cause;
      log.error("Could not {task} of athlete {athleteId}", {
        task,
        athleteId,
        cause,
      });
    }
  }
}

/** Pauses between attempts, 60 seconds in all: a lease's length, after which another run may start. */
const PAUSES_MS = [250, 500, 1000, 2000, 4000, 8000, 16_000, 28_250];

/**
 * Runs `work` and retries it while the database cannot be reached, for writes that must not be lost.
 * Gives up after a minute or when the program ends. `work` must be idempotent: it may have succeeded
 * although its response was lost.
 */
export async function retryWhileUnavailable<T>(
  { background, log, sleep }: Pick<Deps, "background" | "log" | "sleep">,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 0;; attempt++) {
    try {
      return await work();
    } catch (cause) {
      const pause = PAUSES_MS[attempt];
      if (pause === undefined || !isDatabaseUnavailable(cause)) throw cause;
      log.warning("The database is unavailable: retrying in {pause} ms", {
        pause,
        cause,
      });
      await sleep(pause, background.signal).catch(() => {
        throw cause;
      });
    }
  }
}
