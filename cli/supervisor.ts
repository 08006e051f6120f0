import { setTimeout as sleep } from "node:timers/promises";
import type { GuardedProcess } from "../embedded_postgres/guard.ts";
import type { Duty } from "../server/serve.ts";
import { parseListeningLine } from "./listening_line.ts";
import { type ServerProcessOptions, spawnServer } from "./server_process.ts";
import { sayLine } from "./terminal.ts";

/** Pauses before the restarts of a process that ended within the last minute, in milliseconds. */
const PAUSES_MS: readonly number[] = [0, 1000, 4000, 15_000];
const ENDS_WITHIN_MS = 60_000;
/** Exit codes after SIGINT and SIGTERM. */
const ASKED: ReadonlySet<number> = new Set([128 + 2, 128 + 15]);

/** Server processes, as the launcher sees them: one that ends, and can be asked to. */
export type Servers = Pick<GuardedProcess, "status" | "stop" | "stdout">;

/** Options of {@link superviseServers}. */
export interface SupervisorOptions {
  /** Number of processes. */
  count: number;
  /** Starts a process. The first one has the duty `start`, no port, and a pipe as its stderr. */
  start: (duty: Duty, port?: number) => GuardedProcess;
  /** Writes a line for the administrator. Default: to stderr. */
  say?: (line: string) => void;
  /** Pauses before the restarts. One more end within a minute ends all. */
  pausesMs?: readonly number[];
}

/** Starts `count` processes of `server/main.ts serve` on one port, and restarts those that end. */
export function spawnServers(
  args: readonly string[],
  { env, count }: Pick<ServerProcessOptions, "env"> & { count: number },
): Servers {
  return superviseServers({
    count,
    start: (duty, port) =>
      spawnServer([...args, `--duty=${duty}`], {
        env: {
          ...env,
          PROCESSES: String(count),
          ...port !== undefined && { PORT: String(port) },
        },
        sharesPort: true,
        errors: duty === "start" ? "piped" : "inherit",
      }),
  });
}

/**
 * Starts one process. It migrates the database and checks that the port is free. When it listens, the
 * others start. From then on each one that ends is started again. If one keeps ending, all end.
 *
 * If the first process ends before it listens, nothing else starts: it has said why.
 */
export function superviseServers(
  { count, start, say = sayLine, pausesMs = PAUSES_MS }: SupervisorOptions,
): Servers {
  const stopped = new AbortController();
  const running = new Set<GuardedProcess>();

  async function untilEnd(process: GuardedProcess): Promise<number> {
    running.add(process);
    const { code } = await process.status;
    running.delete(process);
    return code;
  }

  /** Runs one process after another. Returns the exit code of the last one. */
  async function keep(duty: Duty, port: number, first?: Promise<number>) {
    let ends: number[] = [];
    for (let next = first;; next = undefined) {
      const code = await (next ?? untilEnd(start(duty, port)));
      // A process that does not handle signals yet ends by ours.
      if (stopped.signal.aborted) return ASKED.has(code) ? 0 : code;
      const now = performance.now();
      ends = [...ends.filter((at) => now - at < ENDS_WITHIN_MS), now];
      const pause = pausesMs[ends.length - 1];
      if (pause === undefined) {
        say(
          `A server process ended ${ends.length} times within a minute, the last time with code ${code}, ` +
            "and is not restarted",
        );
        void stop();
        return code || 1;
      }
      say(`A server process ended with code ${code}: restarting it`);
      await sleep(pause, undefined, stopped).catch(() => {});
      if (stopped.signal.aborted) return 0;
    }
  }

  async function run(): Promise<number> {
    const process = start("start");
    const ended = untilEnd(process);
    const listening = Promise.withResolvers<number>();
    const forwarded = forward(process.stderr!, {
      say,
      onListen: listening.resolve,
    });
    // A process may end right after it has reported its port: its lines may arrive after its end.
    const port = await Promise.race([
      listening.promise,
      ended.then(() => forwarded),
    ]);
    if (port === undefined || stopped.signal.aborted) {
      await forwarded;
      return await ended;
    }
    const others = Array.from(
      { length: count - 1 },
      () => keep("requests", port),
    );
    const codes = await Promise.all([keep("schedule", port, ended), ...others]);
    await forwarded;
    return Math.max(...codes);
  }

  const status = run().then((code) => ({
    success: code === 0,
    code,
    signal: null,
  }));

  async function stop(
    signal?: Parameters<GuardedProcess["stop"]>[0],
  ): Promise<Deno.CommandStatus> {
    stopped.abort();
    for (const process of running) void process.stop(signal);
    return await status;
  }

  return { status, stop, stdout: undefined };
}

/** Passes the lines of a process's stderr on, except the one with which it reports its port. */
async function forward(
  stderr: ReadableStream<Uint8Array<ArrayBuffer>>,
  { say, onListen }: {
    say: (line: string) => void;
    onListen: (port: number) => void;
  },
): Promise<void> {
  let rest = "";
  for await (const text of stderr.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const port = parseListeningLine(line);
      if (port === undefined) say(line);
      else onListen(port);
    }
  }
  if (rest !== "") say(rest);
}
