import {
  type GuardedProcess,
  type GuardOptions,
  spawnGuarded,
} from "../embedded_postgres/guard.ts";
import { VARIABLES } from "../server/config.ts";
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
  /** Where its output goes: ours, a file, or a pipe. Default: "inherit". */
  output?: NonNullable<GuardOptions["output"]>;
}

/** Starts `server/main.ts` with a command, as a process that ends with this one, however that ends. */
export function spawnServer(
  command: readonly string[],
  { env, watch = false, output = "inherit" }: ServerProcessOptions,
): GuardedProcess {
  const watching = watch ? ["--watch", "--no-clear-screen"] : [];
  return spawnGuarded(Deno.execPath(), {
    args: toArguments(command, watching),
    cwd: ROOT,
    env,
    output,
    // A watcher outlives the program that it watches.
    stopSeconds: watch ? 2 : 10,
  });
}

/**
 * Starts a command that asks at the terminal, which a guarded process does not see. It hears Ctrl-C
 * by itself.
 */
export function spawnAttended(
  command: readonly string[],
  { env }: Pick<ServerProcessOptions, "env">,
): Pick<GuardedProcess, "status" | "stop" | "stdout"> {
  const child = new Deno.Command(Deno.execPath(), {
    args: toArguments(command),
    cwd: ROOT,
    env,
  }).spawn();
  return {
    status: child.status,
    stdout: undefined,
    stop() {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended.
      }
      return child.status;
    },
  };
}

function toArguments(
  command: readonly string[],
  flags: readonly string[] = [],
): string[] {
  const script = `${ROOT}/server/main.ts`;
  return ["run", ...flags, ...SERVER_FLAGS, script, ...command];
}
