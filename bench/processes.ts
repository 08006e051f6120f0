/**
 * Compares one server process with several on the same port (`PROCESSES`).
 *
 * ```sh
 * deno run --allow-env --allow-net=127.0.0.1 --allow-read --allow-write --allow-run --allow-sys=uid bench/processes.ts [seconds] [processes]
 * ```
 *
 * It needs `wrk` and `ps` (Debian: wrk, procps). It starts the embedded PostgreSQL, or creates and drops a database on
 * the server of DATABASE_URL. Nothing is pinned to a core: wrk with one thread and 32 connections, PostgreSQL and the
 * servers share the machine. The CPU time per request shows what the servers could do with more cores: those that wrk
 * takes are not theirs. Each workload is measured three times in turns, and the median counts.
 */

import { spawnServer } from "../cli/server_process.ts";
import { type Servers, spawnServers } from "../cli/supervisor.ts";
import {
  createVariables,
  KEY,
  median,
  openDatabase,
  print,
  printCells,
} from "./database.ts";
import { fill } from "./history.ts";
import { findPort, isUp, readCpuSeconds, until } from "./parts.ts";
import { type Measured as WrkMeasured, startWrk } from "./wrk.ts";

const ROUNDS = 3;
interface Workload {
  name: string;
  path: string;
  headers: string[];
}

const WORKLOADS: Workload[] = [
  { name: "ytd, kept", path: "/strava/stats/ytd", headers: [] },
  {
    name: "ytd, computed",
    path: "/strava/stats/ytd",
    headers: [`X-API-Key: ${KEY}`],
  },
];

/** Results of a run of wrk. */
interface Measured extends WrkMeasured {
  /** CPU time in microseconds a request. */
  serverMicros: number;
  wrkMicros: number;
}

async function main(seconds: number, most: number): Promise<void> {
  await using database = await openDatabase();
  await fill(database.sql, 3000);
  await using stack = new AsyncDisposableStack();
  const ports = new Map<number, number>();
  for (const count of [1, most]) {
    const port = findPort();
    const env = {
      ...createVariables(database.url),
      PORT: String(port),
      LOG_LEVEL: "error",
      SYNC_CRON: "0 0 1 1 *",
      PROCESSES: String(count),
    };
    const servers: Servers = count === 1
      ? spawnServer(["serve"], { env })
      : spawnServers(["serve"], { env, count });
    stack.defer(async () => void await servers.stop());
    ports.set(count, port);
    await until(async () =>
      await isUp(port) && (await listServers(port)).length === count
    );
  }

  printCells(
    "",
    ...["processes", "requests/s", "p99 ms", "server us", "wrk us"],
  );
  for (const workload of WORKLOADS) {
    const results = new Map<number, Measured[]>();
    // The first round fills the memory of each process, and is not counted.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [count, port] of ports) {
        const measured = await measure(workload, { port, seconds });
        if (round === 0) continue;
        results.set(count, [...results.get(count) ?? [], measured]);
      }
    }
    for (const [count, measured] of results) {
      const of = (field: keyof Measured): number =>
        median(measured.map((each) => each[field]));
      printCells(
        workload.name.padEnd(13),
        count,
        Math.round(of("perSecond")),
        of("p99Ms").toFixed(1),
        Math.round(of("serverMicros")),
        Math.round(of("wrkMicros")),
      );
    }
  }
}

async function measure(
  { path, headers }: Workload,
  { port, seconds }: { port: number; seconds: number },
): Promise<Measured> {
  const servers = await listServers(port);
  const before = await readCpuSeconds(servers);
  const url = `http://127.0.0.1:${port}${path}`;
  const wrk = startWrk({ url, headers, seconds });
  // wrk reports its results at its end, when its own CPU time can no longer be read.
  await new Promise((resolve) => setTimeout(resolve, seconds * 900));
  const wrkSeconds = await readCpuSeconds([wrk.pid]) / 0.9;
  const result = await wrk.result;
  const serverSeconds = await readCpuSeconds(servers) - before;
  return {
    ...result,
    serverMicros: serverSeconds / result.requests * 1e6,
    wrkMicros: wrkSeconds / result.requests * 1e6,
  };
}

/** Lists the server processes that may listen on the port. */
async function listServers(port: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-eo", "pid=,args="],
  }).output();
  return new TextDecoder().decode(stdout).split("\n")
    .map((line) => /^\s*(\d+) (.*)$/.exec(line) ?? [])
    .filter(([, , args]) =>
      args?.includes(`--allow-net=127.0.0.1:${port},`) &&
      !args.startsWith("/bin/sh")
    ).map(([, pid]) => Number(pid));
}

if (import.meta.main) {
  const [seconds = 3, most = 2] = Deno.args.map(Number);
  await main(seconds, most);
  print();
}
