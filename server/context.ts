import type { Logger } from "@logtape/logtape";
import type { KeyCaller, SessionCaller } from "../db/callers.ts";
import type { Pool } from "../db/driver/client.ts";
import type { Config } from "./config.ts";
import type { Passwords } from "./crypto/password.ts";
import type { Seal } from "./crypto/seal.ts";
import type { StravaClient } from "./strava/client.ts";

/** What the program is built from; a test passes its own. */
export interface Deps {
  config: Config;
  sql: Pool;
  strava: StravaClient;
  seal: Seal;
  passwords: Passwords;
  log: Logger;
  /** The clock, in milliseconds since 1970. */
  now: () => number;
  /** Waits; ends early, with the signal's reason thrown, when it is aborted. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Work that outlives a request; the shutdown aborts it and waits for it. */
  background: Background;
}

/** Who asks: nobody in particular, a user, or somebody with a wrong or dead credential. */
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

/** What a procedure sees. */
export interface Context extends Deps {
  requestId: string;
  caller: Caller;
  /** Where the request comes from, where that is known. */
  address: string | undefined;
  /** The program that sends it, as it calls itself. */
  agent: string | undefined;
  /** The request's headers. */
  headers: Headers;
  /** `Set-Cookie` lines that the answer will have. */
  cookies: string[];
}

/** Keeps track of work that nobody awaits. */
export interface Background {
  /** Aborted when the program ends. */
  readonly signal: AbortSignal;
  /** Does `work`; a failure is logged under `name`, never thrown. */
  run(name: string, work: () => Promise<unknown>): Promise<void>;
  /** Aborts the signal and waits until all work has ended. */
  close(): Promise<void>;
}

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
