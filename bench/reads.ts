/**
 * Compares the deployed server's public reads with a bare `Deno.serve` that sends the same bytes and headers, and with
 * one that only runs the same query.
 *
 * ```sh
 * deno task bench [--short] [--check | --save]
 * ```
 *
 * It needs `wrk` and `taskset` (Debian: wrk, util-linux). It starts the embedded PostgreSQL, or creates and drops a
 * database on the server of DATABASE_URL. The server and its ceilings run on core 0 in turns, wrk with 32 connections on
 * core 1. The server logs each request to /dev/null. `bench/README.md` says how to read the table.
 */

import { parseArgs } from "node:util";
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
  isUp,
  type Part,
  readCpuSeconds,
  readMemory,
  spawnPart,
  spawnServer,
  until,
} from "./parts.ts";
import { checkRatios, type Ratios, saveRatios } from "./ratios.ts";
import { type Measured, startWrk } from "./wrk.ts";

/** A public read. */
interface Read {
  name: string;
  path: string;
  /** The same read with a filter that differs for each `{n}`, so that no answer is in memory. */
  distinct: string;
  /** The path of the bare query. */
  query?: string;
  /** Marks a read of the short form. */
  isShort?: boolean;
}

const READS: Read[] = [
  { ...toRest("ytd", "/strava/stats/ytd"), query: "/ytd", isShort: true },
  toRest("monthly", "/strava/stats/monthly"),
  toRest("overview", "/strava/stats/overview"),
  {
    ...toRest("100 activities", "/strava/activities?limit=100"),
    query: "/activities",
    isShort: true,
  },
  toTrpc("ytd, tRPC", "stats.ytd", {}),
  toTrpc("100 activities, tRPC", "activities.list", { limit: 100 }),
];

function toRest(name: string, path: string): Read {
  const separator = path.includes("?") ? "&" : "?";
  return { name, path, distinct: `${path}${separator}exclude_sport=A{n}` };
}

function toTrpc(name: string, procedure: string, input: object): Read {
  const toPath = (input: object): string =>
    `/trpc/${procedure}?input=${
      encodeURIComponent(JSON.stringify({ json: input }))
    }`;
  const distinct = toPath({ ...input, exclude_sport: "A{n}" });
  return { name, path: toPath(input), distinct: decodeNumber(distinct) };
}

/** Makes an encoded `{n}` readable for the script of wrk. */
function decodeNumber(path: string): string {
  return path.replace("%7Bn%7D", "{n}");
}

/** The servers to compare with. */
const BARE = `${import.meta.dirname}/bare_servers.ts`;

interface Options {
  /** Time before the first round, for the compiler to see what is called often. */
  warmUpSeconds: number;
  /** Time of each workload in each round. */
  seconds: number;
  rounds: number;
}

const SHORT: Options = { warmUpSeconds: 4, seconds: 1, rounds: 3 };
const FULL: Options = { warmUpSeconds: 8, seconds: 3, rounds: 3 };

/** A process that answers requests. */
interface Target {
  pid: number;
  origin: string;
}

/** The targets of a read. */
interface Targets {
  server: Target;
  ceiling: Target;
  query: Target;
}

/** Results of a run, and the CPU time of the target. */
interface Costed extends Measured {
  microsPerRequest: number;
}

async function main(
  reads: readonly Read[],
  options: Options,
): Promise<Record<string, Ratios>> {
  await using database = await openDatabase();
  await fill(database.sql, 3000);
  const port = findPort();
  await using server = spawnServer({
    ...createVariables(database.url),
    PORT: String(port),
    LOG_LEVEL: "info",
    LOG_FORMAT: "json",
    SYNC_CRON: "0 0 1 1 *",
    RATE_LIMIT: "off",
  });
  await using query = spawnPart(BARE, {
    part: "query",
    args: [database.url],
  });
  for (const { pid } of [server, query]) await pin(pid);
  await until(() => isUp(port));
  const targets = {
    server: { pid: server.pid, origin: toOrigin(port) },
    query: { pid: query.pid, origin: toOrigin(Number(await query.line())) },
  };

  printCells("", ...HEADINGS);
  const results: Record<string, Ratios> = {};
  for (const read of reads) {
    await using part = await startCeiling(
      `${targets.server.origin}${read.path}`,
    );
    const origin = toOrigin(Number(await part.line()));
    const ceiling = { pid: part.pid, origin };
    const all = await measureRead(read, { ...targets, ceiling }, options);
    printRead(read, all);
    results[read.name] = toRatios(all);
  }
  const memory = await readMemory(server.pid, "VmRSS");
  print(`Memory after the load: ${memory.toFixed(0)} MB`);
  return results;
}

const HEADINGS = [
  "ceiling/s",
  "kept",
  "p50 ratio",
  "p99 ratio",
  "304",
  "miss/s",
  "to ceiling",
  "to query",
];

/** Requests a read until its answer is kept, and starts a server that always sends the same. */
async function startCeiling(url: string): Promise<Part> {
  for (let count = 0; count < 3; count++) await (await fetch(url)).text();
  const response = await fetch(url);
  const args = [
    JSON.stringify([...response.headers]),
    await response.text(),
  ];
  const part = spawnPart(BARE, { part: "ceiling", args });
  await pin(part.pid);
  return part;
}

async function measureRead(
  read: Read,
  { server, ceiling, query }: Targets,
  { warmUpSeconds, seconds, rounds }: Options,
): Promise<Map<string, Costed[]>> {
  const tag = (await fetch(`${server.origin}${read.path}`)).headers.get("etag");
  const miss = (seconds: number): Promise<Costed> => {
    // Numbers that no run before has used.
    const run = Math.random().toString(36).slice(2, 10);
    const path = read.distinct.replace("{n}", `${run}{n}`);
    return load(server, path, { seconds, distinct: true });
  };
  await miss(warmUpSeconds);
  if (read.query) await load(query, read.query, { seconds: warmUpSeconds });
  const all = new Map<string, Costed[]>();
  for (let round = 0; round < rounds; round++) {
    const add = async (key: string, run: Promise<Costed>): Promise<void> =>
      void all.set(key, [...all.get(key) ?? [], await run]);
    await add("ceiling", load(ceiling, read.path, { seconds }));
    await add("kept", load(server, read.path, { seconds }));
    const headers = [`If-None-Match: ${tag}`];
    await add("304", load(server, read.path, { seconds, headers }));
    await add("miss", miss(seconds));
    if (read.query) await add("query", load(query, read.query, { seconds }));
  }
  return all;
}

function printRead(read: Read, all: Map<string, Costed[]>): void {
  const of = (key: string, field: keyof Costed = "perSecond"): number =>
    readMedian(all, key, field);
  printCells(
    read.name.padEnd(13),
    Math.round(of("ceiling")),
    toPercent(of("kept") / of("ceiling")),
    (of("kept", "p50Ms") / of("ceiling", "p50Ms")).toFixed(1),
    (of("kept", "p99Ms") / of("ceiling", "p99Ms")).toFixed(1),
    toPercent(of("304") / of("ceiling")),
    Math.round(of("miss")),
    toPercent(of("miss") / of("ceiling")),
    read.query ? toPercent(of("miss") / of("query")) : "",
  );
}

/** Returns the ratios by CPU time, which other programs disturb less than requests a second. */
function toRatios(all: Map<string, Costed[]>): Ratios {
  const of = (key: string): number => readMedian(all, key, "microsPerRequest");
  return {
    kept: of("ceiling") / of("kept"),
    unchanged: of("ceiling") / of("304"),
    miss: of("ceiling") / of("miss"),
    ...(all.has("query") ? { query: of("query") / of("miss") } : {}),
  };
}

function readMedian(
  all: Map<string, Costed[]>,
  key: string,
  field: keyof Costed,
): number {
  return median((all.get(key) ?? []).map((each) => each[field]));
}

function toOrigin(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function toPercent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

async function load(
  { pid, origin }: Target,
  path: string,
  options: { seconds: number; headers?: string[]; distinct?: boolean },
): Promise<Costed> {
  const before = await readCpuSeconds([pid]);
  const url = `${origin}${path}`;
  const measured = await startWrk({ url, core: 1, ...options }).result;
  const seconds = await readCpuSeconds([pid]) - before;
  return { ...measured, microsPerRequest: seconds / measured.requests * 1e6 };
}

async function pin(pid: number): Promise<void> {
  await new Deno.Command("taskset", { args: ["-acp", "0", String(pid)] })
    .output();
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      short: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      save: { type: "boolean", default: false },
    },
  });
  const reads = READS.filter(({ isShort }) => isShort || !values.short);
  const options = values.short ? SHORT : FULL;
  if (values.check) {
    const isMet = await checkRatios(
      reads.map(({ name }) => name),
      {
        measure: (names) =>
          main(reads.filter(({ name }) => names.includes(name)), options),
      },
    );
    if (!isMet) Deno.exitCode = 1;
  } else {
    const results = await main(reads, options);
    if (values.save) await saveRatios(results);
  }
}
