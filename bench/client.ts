/**
 * Sends a million queries through `db/driver/client.ts` and through plain postgres.js, with ten connections, and shows
 * whether time or memory per query grows.
 *
 * ```sh
 * DATABASE_URL=postgres://... deno run --allow-env --allow-net --v8-flags=--expose-gc bench/client.ts [queries]
 * ```
 *
 * Without DATABASE_URL it starts the embedded PostgreSQL and also needs --allow-read --allow-write --allow-run
 * --allow-sys. It leaves nothing in the database. The two take turns, so that both see the same machine.
 */

import process from "node:process";
import postgres from "postgres";
import { connect, type Pool } from "../db/driver/client.ts";
import { startPostgres } from "../embedded_postgres/embedded_postgres.ts";
import { ROOT } from "../cli/root.ts";

interface Load {
  name: string;
  /** Concurrent queries: a new one starts as soon as one ends. */
  atOnce: number;
  /** Share of all queries. */
  part: number;
  /** Whether one query in 1000 takes 50 ms and one in 100 is a transaction. */
  mixed: boolean;
}

const LOADS: Load[] = [
  { name: "1 at a time", atOnce: 1, part: 0.1, mixed: false },
  { name: "4 at a time", atOnce: 4, part: 0.3, mixed: false },
  { name: "10, mixed", atOnce: 10, part: 0.2, mixed: true },
  { name: "32, mixed", atOnce: 32, part: 0.2, mixed: true },
  { name: "200, mixed", atOnce: 200, part: 0.2, mixed: true },
];

interface Tenth {
  microsecondsPerQuery: number;
  /** Growth of the heap. */
  heapMegabytes: number;
  /** 99th percentile of the quick queries, in milliseconds. */
  p99: number;
}

async function main(): Promise<void> {
  const total = Number(Deno.args[0] ?? 1_000_000);
  await using server = await openServer();
  const pools: [string, Pool][] = [
    ["plain", postgres(server.url, { max: 10 }) as unknown as Pool],
    ["ours", connect(server.url)],
  ];
  for (const [, sql] of pools) await openAll(sql);
  print("load", "client", "µs first", "µs last", "ratio", "heap +MB", "p99 ms");
  for (const load of LOADS) {
    const tenths = new Map<string, Tenth[]>();
    for (let tenth = 0; tenth < 10; tenth++) {
      for (const [name, sql] of pools) {
        const measured = await measure(sql, load, total * load.part / 10);
        tenths.set(name, [...tenths.get(name) ?? [], measured]);
      }
    }
    for (const [name, measured] of tenths) report(load, name, measured);
  }
  for (const [, sql] of pools) await sql.end();
}

async function openServer(): Promise<{ url: string } & AsyncDisposable> {
  const url = Deno.env.get("DATABASE_URL");
  if (url) return { url, async [Symbol.asyncDispose]() {} };
  return await startPostgres({
    dir: `${ROOT}/.data/postgres`,
    ephemeral: true,
  });
}

async function openAll(sql: Pool): Promise<void> {
  const ten = Array.from({ length: 10 }, () => sql`select pg_sleep(0.1)`);
  await Promise.all(ten);
}

async function measure(sql: Pool, load: Load, count: number): Promise<Tenth> {
  const latencies: number[] = [];
  let sent = 0;
  async function work(): Promise<void> {
    while (sent < count) {
      const n = sent++;
      if (load.mixed && n % 1000 === 500) await sql`select pg_sleep(0.05)`;
      else if (load.mixed && n % 100 === 50) {
        await sql.begin((tx) => tx`select ${n}::int as n`);
      } else {
        const start = performance.now();
        await sql`select ${n}::int as n, ${"text"}::text as name`;
        latencies.push(performance.now() - start);
      }
    }
  }
  const heapBefore = collectedHeap();
  const start = performance.now();
  await Promise.all(Array.from({ length: load.atOnce }, work));
  const elapsed = performance.now() - start;
  latencies.sort((a, b) => a - b);
  const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? 0;
  latencies.length = 0;
  return {
    microsecondsPerQuery: elapsed * 1000 / count,
    heapMegabytes: (collectedHeap() - heapBefore) / 1e6,
    p99,
  };
}

function collectedHeap(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed;
}

/** Prints a row. First and last are the better of two tenths each, to reduce the machine's noise. */
function report(load: Load, name: string, tenths: Tenth[]): void {
  const times = tenths.map((tenth) => tenth.microsecondsPerQuery);
  const first = Math.min(...times.slice(0, 2));
  const last = Math.min(...times.slice(-2));
  const heap = tenths.reduce((sum, tenth) => sum + tenth.heapMegabytes, 0);
  const p99 = tenths.map((tenth) => tenth.p99).sort((a, b) => a - b)[5] ?? 0;
  print(
    load.name,
    name,
    first.toFixed(1),
    last.toFixed(1),
    (last / first).toFixed(2),
    heap.toFixed(2),
    p99.toFixed(1),
  );
}

function print(...cells: string[]): void {
  // deno-lint-ignore no-console -- the bench's table
  console.log(cells.map((cell) => cell.padEnd(12)).join(""));
}

if (import.meta.main) await main();
