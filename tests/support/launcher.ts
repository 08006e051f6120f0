import assert from "node:assert/strict";
import { ROOT } from "../../cli/root.ts";

/** Copies what the launcher runs, so that the test has its own `.data/`. */
export async function copyClone(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  const names = [
    "cli",
    "db",
    "embedded_postgres",
    "sdk",
    "server",
    "deno.json",
    "deno.lock",
  ];
  const { code } = await new Deno.Command("cp", {
    args: ["-r", ...names, path],
    cwd: ROOT,
  }).output();
  assert.equal(code, 0);
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** Returns what a launcher needs to find Deno's cache, without settings of the person who tests. */
export function readBareEnvironment(): Record<string, string> {
  const names = ["PATH", "HOME", "DENO_DIR"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Starts the launcher of a clone. */
export function startLauncher(
  clone: string,
  { args = ["serve"], env = {} }: {
    args?: string[];
    env?: Record<string, string>;
  } = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", "cli/launch.ts", ...args],
    cwd: clone,
    clearEnv: true,
    env: { ...readBareEnvironment(), NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
