/** Shared by benches of the deployed server: processes and their memory. */

import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { setTimeout as sleep } from "node:timers/promises";
import { SERVER_FLAGS } from "../cli/server_process.ts";
import { ROOT } from "../cli/root.ts";

/** A process of a bench. */
export interface Part extends AsyncDisposable {
  pid: number;
  /** Returns the first line of its output. */
  line(): Promise<string>;
  /** Calls a function with each line of its output until it ends. */
  eachLine(onLine: (line: string) => void): Promise<void>;
}

/** Starts the server as it is deployed. `preload` is a module that runs in it before, and whose output is read. */
export function spawnServer(
  env: Record<string, string>,
  { preload }: { preload?: string } = {},
): Part {
  const before = preload === undefined ? [] : [`--preload=${preload}`];
  return spawn(
    [
      ...SERVER_FLAGS,

      ...before,
      `${ROOT}/server/main.ts`,
      "serve",
    ],
    {
      env,
      stdout: preload === undefined ? "null" : "piped",
    },
  );
}

/** Starts a bench's file again as another process of it. */
export function spawnPart(
  file: string,
  { part, args = [] }: { part: string; args?: string[] },
): Part {
  const flags = ["--allow-env", "--allow-net=127.0.0.1"];
  return spawn([...flags, file, part, ...args], { stdout: "piped" });
}

function spawn(
  args: string[],
  options: { env?: Record<string, string>; stdout: "null" | "piped" },
): Part {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...args],
    ...options,
  }).spawn();
  return {
    pid: child.pid,
    async line() {
      const reader = child.stdout.pipeThrough(new TextDecoderStream())
        .getReader();
      let text = "";
      while (!text.includes("\n")) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`A part of the bench ended: ${text}`);
        text += value;
      }
      return text;
    },
    async eachLine(onLine) {
      const input = Readable.fromWeb(child.stdout as NodeStream);
      for await (const line of createInterface({ input })) onLine(line);
    },
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // The process had already ended.
      }
      await child.status;
    },
  };
}

/** Returns a process's memory in MB: current (VmRSS) or peak (VmHWM). */
export async function readMemory(
  pid: number,
  field: "VmRSS" | "VmHWM",
): Promise<number> {
  const args = [`/proc/${pid}/status`]; // Deno itself reads /proc only with all permissions
  const { stdout } = await new Deno.Command("cat", { args }).output();
  const text = new TextDecoder().decode(stdout);
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(text)?.[1]) / 1024;
}

/** Clock ticks a second in `/proc/<pid>/stat`. */
const TICKS = 100;

/** Returns the CPU time that processes have used, in seconds. */
export async function readCpuSeconds(pids: readonly number[]): Promise<number> {
  const { stdout } = await new Deno.Command("cat", {
    args: pids.map((pid) => `/proc/${pid}/stat`),
  }).output();
  return new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.slice(line.lastIndexOf(")") + 2).split(" "))
    .reduce((sum, field) => sum + Number(field[11]) + Number(field[12]), 0) /
    TICKS;
}

/** Returns a free port. */
export function findPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Reports whether a server is ready. */
export async function isUp(port: number): Promise<boolean> {
  try {
    const { ok, body } = await fetch(`http://127.0.0.1:${port}/health/ready`);
    await body?.cancel();
    return ok;
  } catch {
    return false;
  }
}

/** Waits until the condition holds. Throws after a minute. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !await condition();) {
    if (Date.now() > end) {
      throw new Error("The condition did not hold within a minute");
    }
    await sleep(50);
  }
}

/** Writes text to standard output unchanged. */
export async function write(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(text));
}
