import type { Cluster } from "./cluster.ts";
import type { Account } from "./files.ts";
import { type GuardedProcess, spawnGuarded } from "./guard.ts";

/** `LC_ALL` and `TZ` would leak into the cluster's defaults; nothing else of ours matters to it. */
export const SERVER_ENV = { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" };

const SETTINGS = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "timezone=UTC",
  // In files of the cluster: containers have a small /dev/shm, and a kill -9 would leak there.
  "dynamic_shared_memory_type=mmap",
];

/** What tests give up for speed, since nobody misses their rows after a crash. */
const EPHEMERAL_SETTINGS = [
  ...SETTINGS,
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "wal_level=minimal",
  "max_wal_senders=0",
];

/** With a pause that grows by a tenth of a second: as long as a backend's statement may run on. */
const MAX_ATTEMPTS = 25;

/** A server that accepts connections on this port of 127.0.0.1. */
export interface RunningServer {
  process: GuardedProcess;
  port: number;
}

/** What `postmaster.pid` says of a living server. */
export interface ServerState {
  pid: number;
  port: number;
  status: string;
}

/** How a server is run. */
export interface ServerOptions {
  /** The directory of PostgreSQL's programs. */
  binaries: string;
  account: Account;
  /** Without durability. */
  ephemeral: boolean;
  /** Where it listens; default: a free port. */
  port?: number;
}

/** Starts the server, and resolves when it accepts connections. */
export async function runServer(
  cluster: Cluster,
  options: ServerOptions,
): Promise<RunningServer> {
  const { binaries, account, ephemeral } = options;
  const settings = ephemeral ? EPHEMERAL_SETTINGS : SETTINGS;
  for (let attempt = 1;; attempt++) {
    const port = options.port ?? freePort();
    const logged = await trimLog(cluster.log);
    const process = spawnGuarded(`${binaries}/bin/postgres`, {
      args: [
        "-D",
        cluster.data,
        "-p",
        `${port}`,
        ...settings.flatMap((value) => ["-c", value]),
      ],
      cwd: binaries,
      env: SERVER_ENV,
      clearEnv: true,
      stopSignal: ephemeral ? "QUIT" : "INT", // at once, or after a checkpoint
      stopSeconds: ephemeral ? 5 : 30,
      output: { file: cluster.log },
      ...account,
    });
    if (await becomesReady(process, { log: cluster.log, logged })) {
      return { process, port };
    }
    await process.stop();
    const tail = await readTail(cluster.log, logged);
    if (attempt < MAX_ATTEMPTS && passes(tail)) {
      await delay(100 * attempt);
      continue;
    }
    throw new Error(
      `PostgreSQL did not start; its log "${cluster.log}" ends with:\n${tail}`,
    );
  }
}

/** Whether it may go better the next time. */
function passes(tail: string): boolean {
  // Another process took the port since we saw it free; or backends of a killed server are still
  // on their way out.
  return tail.includes("Address already in use") ||
    tail.includes("pre-existing shared memory");
}

/** Waits until the server's log says so; false when it ended, or took longer than a minute. */
async function becomesReady(
  process: GuardedProcess,
  { log, logged }: { log: string; logged: number },
): Promise<boolean> {
  let ended = false;
  process.status.then(() => ended = true);
  for (const deadline = Date.now() + 60_000; !ended && Date.now() < deadline;) {
    const tail = await readTail(log, logged);
    if (tail.includes("database system is ready to accept connections")) {
      return true;
    }
    await delay(5);
  }
  return false;
}

/** What the pid file says; undefined when there is none, or its process is no PostgreSQL (any more). */
export async function readServerState(
  data: string,
): Promise<ServerState | undefined> {
  const text = await readWithTool(`${data}/postmaster.pid`);
  const lines = text.split("\n").map((line) => line.trim());
  const state = {
    pid: Number(lines[0]),
    port: Number(lines[3]),
    status: lines[7] ?? "",
  };
  return state.pid > 0 && await isPostgres(state.pid) ? state : undefined;
}

/** Whether a process of this id lives and is a PostgreSQL: ids are used again, so living is not enough. */
async function isPostgres(pid: number): Promise<boolean> {
  const command = Deno.build.os === "linux"
    ? (await readWithTool(`/proc/${pid}/cmdline`)).split("\0")[0] ?? ""
    : await runTool("ps", ["-p", String(pid), "-o", "comm="]).catch(() => "");
  return /(^|\/)postgres$/.test(command.trim());
}

/**
 * Ends a server whose starter is gone. Its guard is doing so already, unless the guard died too:
 * then, after a moment, we ask ourselves.
 */
export async function endOrphan(
  data: string,
  signal: "SIGINT" | "SIGQUIT",
): Promise<void> {
  const began = Date.now();
  let asked = false;
  for (
    let state = await readServerState(data);
    state;
    state = await readServerState(data)
  ) {
    const waited = Date.now() - began;
    if (waited > 3000 && !asked) {
      asked = true;
      Deno.kill(state.pid, signal);
    }
    if (waited > 40_000) {
      throw new Error(
        `A PostgreSQL (pid ${state.pid}) holds "${data}" and does not end`,
      );
    }
    await delay(20);
  }
}

/**
 * Heals a stale pid file whose number now belongs to another process: PostgreSQL would refuse to
 * start. The file is not removed but given a number nobody has, because PostgreSQL reads in it
 * which shared memory must be free of backends that outlived their server.
 *
 * To be called when no server runs there.
 */
export async function disownPidFile(data: string): Promise<void> {
  const path = `${data}/postmaster.pid`;
  const text = await Deno.readTextFile(path).catch(() => undefined);
  if (text) await Deno.writeTextFile(path, text.replace(/^.*/, "2147483647"));
}

/** The port in the pid file of a cluster that we may read; undefined when there is none. */
export async function readPort(data: string): Promise<number | undefined> {
  const text = await Deno.readTextFile(`${data}/postmaster.pid`).catch(() =>
    ""
  );
  return Number(text.split("\n")[3]) || undefined;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Empties a log that has grown past 5 MB; answers with its size. */
async function trimLog(path: string): Promise<number> {
  const { size } = await Deno.stat(path);
  if (size < 5_000_000) return size;
  await Deno.truncate(path);
  return 0;
}

/** The last twenty lines of a log, of what was written from `offset` on. */
export async function readTail(path: string, offset = 0): Promise<string> {
  const text = new TextDecoder().decode(
    (await Deno.readFile(path)).subarray(offset),
  );
  return text.trimEnd().split("\n").slice(-20).join("\n");
}

/** Reads a file of `/proc` or `/dev`, which Deno itself may only with all permissions; "" if it cannot. */
async function readWithTool(path: string): Promise<string> {
  return await runTool("cat", [path]).catch(() => "");
}

/** Runs a tool that every system has, and answers with its output. */
export async function runTool(name: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(name, { args })
    .output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(
    `Could not run "${name}": ${new TextDecoder().decode(stderr).trim()}`,
  );
}

/** Waits for so many milliseconds, or until `signal` aborts. */
export function delay(
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
