/**
 * Compares the deployed server's public reads with a bare `Deno.serve` that sends the same bytes and headers.
 *
 * ```sh
 * deno run --allow-env --allow-net=127.0.0.1 --allow-read --allow-write --allow-run --allow-sys=uid bench/reads.ts [seconds]
 * ```
 *
 * It needs `wrk` and `taskset` (Debian: wrk, util-linux). It starts the embedded PostgreSQL, or creates and drops a
 * database on the server of DATABASE_URL. The server and its ceiling run on core 0 in turns, wrk with 32 connections on
 * core 1. Each workload is measured three times, and the median counts. The server logs each request to /dev/null.
 */

import {
  createVariables,
  median,
  openDatabase,
  print,
  printCells,
} from "./database.ts";
import { fill } from "./history.ts";
import {
  findPort,
  type Part,
  readMemory,
  spawnPart,
  spawnServer,
  until,
} from "./parts.ts";

const ROUNDS = 3;
const READS = {
  ytd: "/strava/stats/ytd",
  monthly: "/strava/stats/monthly",
  overview: "/strava/stats/overview",
  "100 activities": "/strava/activities?limit=100",
  "ytd, tRPC": "/trpc/stats.ytd",
  "100 activities, tRPC":
    "/trpc/activities.list?input=%7B%22json%22%3A%7B%22limit%22%3A100%7D%7D",
};

/** Results of a run of wrk. */
interface Measured {
  perSecond: number;
  p99Ms: number;
}

async function main(seconds: number): Promise<void> {
  await using database = await openDatabase();
  await fill(database.sql, 3000);
  const ports = { kept: findPort(), computed: findPort() };
  const start = (port: number, env: Record<string, string> = {}): Part =>
    spawnServer({
      ...createVariables(database.url),
      PORT: String(port),
      LOG_LEVEL: "info",
      LOG_FORMAT: "json",
      SYNC_CRON: "0 0 1 1 *",
      ...env,
    });
  await using kept = start(ports.kept);
  await using computed = start(ports.computed, { ANSWER_CACHE_MB: "0" });
  for (const { pid } of [kept, computed]) await pin(pid);
  for (const port of Object.values(ports)) await until(() => isUp(port));

  printCells(
    "",
    "ceiling/s",
    "kept/s",
    "ratio",
    "p99 ratio",
    "miss/s",
    "ratio",
  );
  for (const [name, path] of Object.entries(READS)) {
    await measureRead(name, path, { ports, seconds });
  }
  const memory = await readMemory(kept.pid, "VmRSS");
  print(`Memory after the load: ${memory.toFixed(0)} MB`);
}

async function measureRead(
  name: string,
  path: string,
  { ports, seconds }: {
    ports: Record<"kept" | "computed", number>;
    seconds: number;
  },
): Promise<void> {
  const url = (port: number): string => `http://127.0.0.1:${port}${path}`;
  for (let count = 0; count < 3; count++) {
    await (await fetch(url(ports.kept))).text();
  }
  const response = await fetch(url(ports.kept));
  const body = await response.text();
  const tag = response.headers.get("etag") ?? "";
  await using ceiling = spawnPart(import.meta.filename!, {
    part: "ceiling",
    args: [JSON.stringify([...response.headers]), body],
  });
  await pin(ceiling.pid);
  const ceilingPort = Number(await ceiling.line());
  const results: Record<string, Measured[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (
      const [key, target, headers] of [
        ["ceiling", url(ceilingPort), []],
        ["kept", url(ports.kept), []],
        ["computed", url(ports.computed), []],
        ["unchanged", url(ports.kept), [`If-None-Match: ${tag}`]],
      ] as const
    ) {
      (results[key] ??= []).push(await load(target, headers, seconds));
    }
  }
  const of = (key: string, field: keyof Measured): number =>
    median(results[key]!.map((each) => each[field]));
  const full = of("ceiling", "perSecond");
  const ratio = (key: string): string =>
    `${(of(key, "perSecond") / full * 100).toFixed(1)} %`;
  printCells(
    name,
    Math.round(full),
    Math.round(of("kept", "perSecond")),
    ratio("kept"),
    (of("kept", "p99Ms") / of("ceiling", "p99Ms")).toFixed(1),
    Math.round(of("computed", "perSecond")),
    ratio("computed"),
    `304: ${ratio("unchanged")}`,
  );
}

/** Runs wrk on core 1. */
async function load(
  url: string,
  headers: readonly string[],
  seconds: number,
): Promise<Measured> {
  const options = headers.flatMap((each) => ["-H", each]);
  const { stdout, success, stderr } = await new Deno.Command("taskset", {
    args: [
      ...["-c", "1", "wrk", "-t1", "-c32", `-d${seconds}s`, "--latency"],
      ...options,
      url,
    ],
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
  const [, value, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? [];
  const p99Ms = Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit as "ms"];
  return { perSecond, p99Ms };
}

async function pin(pid: number): Promise<void> {
  await new Deno.Command("taskset", { args: ["-acp", "0", String(pid)] })
    .output();
}

async function isUp(port: number): Promise<boolean> {
  try {
    const { ok, body } = await fetch(`http://127.0.0.1:${port}/health/ready`);
    await body?.cancel();
    return ok;
  } catch {
    return false;
  }
}

/** Serves the same response for every request. */
function serveConstant(headers: [string, string][], body: string): void {
  const kept = headers.filter(([name]) => name !== "date");
  Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen: ({ port }) => print(String(port)),
  }, () => new Response(body, { headers: kept }));
}

if (import.meta.main) {
  const [part, headers, body] = Deno.args;
  if (part === "ceiling") serveConstant(JSON.parse(headers!), body!);
  else await main(Number(part ?? 3));
}
