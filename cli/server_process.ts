import {
  type GuardedProcess,
  type GuardOptions,
  spawnGuarded,
} from "../embedded_postgres/guard.ts";
import { VARIABLES } from "../server/config.ts";
import { ROOT } from "./root.ts";

/** Deno's options for `server/main.ts`: its permissions, which are few, and its memory settings. */
export const SERVER_FLAGS: readonly string[] = [
  "--no-prompt",
  "--allow-net",
  `--allow-env=${VARIABLES.join(",")}`,
  // Libraries look for other variables, such as PGHOST. They see them as unset.
  "--ignore-env",
  // By default V8 collects garbage only after 200 MB, and a page of activities leaves a lot of it.
  // With --optimize-for-size it collects so often that a first sync takes a third longer.
  "--v8-flags=--max-semi-space-size=4,--heap-growing-percent=100",
];

export interface ServerProcessOptions {
  /** Variables in addition to those of this process. */
  env: Record<string, string>;
  /** Restarts when a source file changes. Default: false. */
  watch?: boolean;
  /** Where the output goes: ours, a file, or a pipe. Default: "inherit". */
  output?: NonNullable<GuardOptions["output"]>;
}

/** Starts `server/main.ts` as a process that ends with this one, however this one ends. */
export function spawnServer(
  args: readonly string[],
  { env, watch = false, output = "inherit" }: ServerProcessOptions,
): GuardedProcess {
  const watching = watch ? ["--watch", "--no-clear-screen"] : [];
  return spawnGuarded(Deno.execPath(), {
    args: toArguments(args, watching),
    cwd: ROOT,
    env,
    output,
    // A watcher does not end when asked; the program that it watches does.
    stopSeconds: watch ? 2 : 10,
  });
}

/**
 * Starts `server/main.ts` with our stdin. A guarded process has none: it runs in a separate session.
 * This one hears Ctrl-C itself.
 */
export function spawnInteractive(
  args: readonly string[],
  { env }: Pick<ServerProcessOptions, "env">,
): Pick<GuardedProcess, "status" | "stop" | "stdout"> {
  const child = new Deno.Command(Deno.execPath(), {
    args: toArguments(args),
    cwd: ROOT,
    env,
  }).spawn();
  return {
    status: child.status,
    stdout: undefined,
    stop(signal = "TERM") {
      try {
        child.kill(`SIG${signal}`);
      } catch {
        // It has ended already.
      }
      return child.status;
    },
  };
}

function toArguments(
  args: readonly string[],
  flags: readonly string[] = [],
): string[] {
  return ["run", ...flags, ...SERVER_FLAGS, `${ROOT}/server/main.ts`, ...args];
}
