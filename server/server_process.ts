import { type GuardedProcess, spawnGuarded } from "../db/guard.ts";
import { VARIABLES } from "./config.ts";
import { ROOT } from "./root.ts";

/** How the server is run: what it may do, which is little, and what memory it may let lie. */
export const SERVER_FLAGS: readonly string[] = [
  "--no-prompt",
  "--allow-net",
  `--allow-env=${VARIABLES.join(",")}`,
  // Any other variable that a library looks for, such as PGHOST, is not there.
  "--ignore-env",
  // V8 would let 200 MB gather before it looks: a page of activities is a lot of garbage. With
  // --optimize-for-size it looks so often that a first sync takes a third more time.
  "--v8-flags=--max-semi-space-size=4,--heap-growing-percent=100",
];

export interface ServerProcessOptions {
  /** Variables beside those of this process. */
  env: Record<string, string>;
  /** Starts anew when a source file changes. */
  watch?: boolean;
  /** A file for its output, instead of ours. */
  logFile?: string;
}

/** Starts `server/main.ts` as a process that ends with this one, however that ends. */
export function spawnServer(
  command: "serve" | "sync",
  { env, watch = false, logFile }: ServerProcessOptions,
): GuardedProcess {
  const watching = watch ? ["--watch", "--no-clear-screen"] : [];
  return spawnGuarded(Deno.execPath(), {
    args: [
      "run",
      ...watching,
      ...SERVER_FLAGS,
      `${ROOT}/server/main.ts`,
      command,
    ],
    cwd: ROOT,
    env,
    output: logFile === undefined ? "inherit" : { file: logFile },
    // A watcher outlives the program that it watches.
    stopSeconds: watch ? 2 : 10,
  });
}
