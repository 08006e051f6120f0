import type { Cluster } from "./cluster.ts";
import type { Account } from "./files.ts";
import { type GuardedProcess, spawnGuarded } from "./guard.ts";
import { delay, readTail, runTool, SERVER_ENV } from "./tools.ts";

const SETTINGS = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "timezone=UTC",
  // Uses files of the cluster: /dev/shm is small in containers, and a kill -9 would leak there.
  "dynamic_shared_memory_type=mmap",
];

/** Settings that trade durability for speed: the rows of a test need not survive a crash. */
const EPHEMERAL_SETTINGS = [
  ...SETTINGS,
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "wal_level=minimal",
  "max_wal_senders=0",
];

/** Most start attempts. Pauses grow by 100 ms, enough for an old backend's statement to end. */
const MAX_ATTEMPTS = 25;

/** A server that accepts connections on this port of 127.0.0.1. */
export interface RunningServer {
  process: GuardedProcess;
  port: number;
}

/** The state of a running server in `postmaster.pid`. */
export interface ServerState {
  pid: number;
  port: number;
  status: string;
}

/** Options of {@link runServer}. */
export interface ServerOptions {
  /** Directory of PostgreSQL's programs. */
  binaries: string;
  account: Account;
  /** Whether to run without durability. */
  ephemeral: boolean;
  /** Port to listen on. Default: a free port. */
  port?: number;
}

/** Starts the server. Resolves when it accepts connections. */
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
    if (attempt < MAX_ATTEMPTS && isTransient(tail)) {
      await delay(100 * attempt);
      continue;
    }
    throw new Error(
      `PostgreSQL did not start. Its log "${cluster.log}" ends with:\n${tail}`,
    );
  }
}

/** Reports whether a failed start may succeed the next time. */
function isTransient(tail: string): boolean {
  // Another process took the port after we chose it, or backends of a killed server are still ending.
  return tail.includes("Address already in use") ||
    tail.includes("pre-existing shared memory");
}

/** Waits until the log reports readiness. Returns false if the server ends or needs over a minute. */
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

/** Returns the state in the pid file; undefined without one, or if its process is not PostgreSQL. */
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

/** Reports whether a process is a running PostgreSQL. Its id alone proves nothing: ids are reused. */
async function isPostgres(pid: number): Promise<boolean> {
  const command = Deno.build.os === "linux"
    ? (await readWithTool(`/proc/${pid}/cmdline`)).split("\0")[0] ?? ""
    : await runTool("ps", ["-p", String(pid), "-o", "comm="]).catch(() => "");
  return /(^|\/)postgres$/.test(command.trim());
}

/**
 * Ends a server whose starter has ended. Its guard normally does so; after 3 seconds we assume that
 * the guard died too and signal the server ourselves.
 */
export async function endOrphan(
  data: string,
  signal: "SIGINT" | "SIGQUIT",
): Promise<void> {
  const start = Date.now();
  let signalled = false;
  for (
    let state = await readServerState(data);
    state;
    state = await readServerState(data)
  ) {
    const waited = Date.now() - start;
    if (waited > 3000 && !signalled) {
      signalled = true;
      Deno.kill(state.pid, signal);
    }
    if (waited > 40_000) {
      throw new Error(
        `A PostgreSQL (pid ${state.pid}) uses "${data}" and does not end`,
      );
    }
    await delay(20);
  }
}

/**
 * Repairs a stale pid file whose id now belongs to another process: PostgreSQL would refuse to start.
 * The file gets an unused id instead of being removed, because PostgreSQL reads in it which shared
 * memory must be free of backends that outlived their server.
 *
 * Call it only when no server runs on the cluster.
 */
export async function disownPidFile(data: string): Promise<void> {
  const path = `${data}/postmaster.pid`;
  const text = await Deno.readTextFile(path).catch(() => undefined);
  if (text) await Deno.writeTextFile(path, text.replace(/^.*/, "2147483647"));
}

/** Returns the port in the pid file of a readable cluster; undefined without one. */
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

/** Empties a log of more than 5 MB. Returns its size. */
async function trimLog(path: string): Promise<number> {
  const { size } = await Deno.stat(path);
  if (size < 5_000_000) return size;
  await Deno.truncate(path);
  return 0;
}

/** Reads a file in `/proc` or `/dev`, which Deno allows only with all permissions. Empty on failure. */
async function readWithTool(path: string): Promise<string> {
  return await runTool("cat", [path]).catch(() => "");
}
