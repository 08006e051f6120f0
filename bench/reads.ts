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
import { countActivities, listActivities } from "../db/activity_list.ts";
import { getGroupTotals } from "../db/activity_totals.ts";
import { connect } from "../db/driver/client.ts";
import {
  createVariables,
  median,
  openDatabase,
  print,
  printCells,
} from "./database.ts";
import { ATHLETE_ID, fill } from "./history.ts";
import {
  findPort,
  isUp,
  type Part,
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
  /** Whether the short form measures it too. */
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

interface Options {
  /** Time before the first round, for the compiler to see what is called often. */
  warmUpSeconds: number;
  /** Time of each workload in each round. */
  seconds: number;
  rounds: number;
}

const SHORT: Options = { warmUpSeconds: 4, seconds: 1, rounds: 3 };
const FULL: Options = { warmUpSeconds: 8, seconds: 3, rounds: 3 };

/** The addresses of a read. */
interface Targets {
  ceiling: string;
  query: string | undefined;
  server: string;
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
  await using query = spawnPart(import.meta.filename!, {
    part: "query",
    args: [database.url],
  });
  for (const { pid } of [server, query]) await pin(pid);
  await until(() => isUp(port));
  const origin = `http://127.0.0.1:${port}`;
  const queryOrigin = `http://127.0.0.1:${Number(await query.line())}`;

  printCells("", ...HEADINGS);
  const results: Record<string, Ratios> = {};
  for (const read of reads) {
    await using ceiling = await startCeiling(`${origin}${read.path}`);
    results[read.name] = await measureRead(read, {
      ceiling: `http://127.0.0.1:${Number(await ceiling.line())}`,
      query: read.query && `${queryOrigin}${read.query}`,
      server: origin,
    }, options);
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
  const part = spawnPart(import.meta.filename!, { part: "ceiling", args });
  await pin(part.pid);
  return part;
}

async function measureRead(
  read: Read,
  { ceiling, query, server }: Targets,
  { warmUpSeconds, seconds, rounds }: Options,
): Promise<Ratios> {
  const tag = (await fetch(`${server}${read.path}`)).headers.get("etag");
  const miss = (seconds: number): Promise<Measured> => {
    // Numbers that no run before has used.
    const run = Math.random().toString(36).slice(2, 10);
    const path = read.distinct.replace("{n}", `${run}{n}`);
    return load(`${server}${path}`, { seconds, distinct: true });
  };
  await miss(warmUpSeconds);
  if (query) await load(query, { seconds: warmUpSeconds });
  const all: Record<string, Measured[]> = {};
  for (let round = 0; round < rounds; round++) {
    const add = async (key: string, run: Promise<Measured>): Promise<void> =>
      void (all[key] ??= []).push(await run);
    await add("ceiling", load(ceiling, { seconds }));
    await add("kept", load(`${server}${read.path}`, { seconds }));
    const headers = [`If-None-Match: ${tag}`];
    await add("304", load(`${server}${read.path}`, { seconds, headers }));
    await add("miss", miss(seconds));
    if (query) await add("query", load(query, { seconds }));
  }
  const of = (key: string, field: keyof Measured = "perSecond"): number =>
    median((all[key] ?? []).map((each) => each[field]));
  const ratios: Ratios = {
    kept: of("kept") / of("ceiling"),
    unchanged: of("304") / of("ceiling"),
    miss: of("miss") / of("ceiling"),
    ...(query ? { query: of("miss") / of("query") } : {}),
  };
  printCells(
    read.name.padEnd(13),
    Math.round(of("ceiling")),
    toPercent(ratios.kept),
    (of("kept", "p50Ms") / of("ceiling", "p50Ms")).toFixed(1),
    (of("kept", "p99Ms") / of("ceiling", "p99Ms")).toFixed(1),
    toPercent(ratios.unchanged),
    Math.round(of("miss")),
    toPercent(ratios.miss),
    ratios.query === undefined ? "" : toPercent(ratios.query),
  );
  return ratios;
}

function toPercent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

async function load(
  url: string,
  options: { seconds: number; headers?: string[]; distinct?: boolean },
): Promise<Measured> {
  return await startWrk({ url, core: 1, ...options }).result;
}

async function pin(pid: number): Promise<void> {
  await new Deno.Command("taskset", { args: ["-acp", "0", String(pid)] })
    .output();
}

/** Serves the same response for every request. */
function serveConstant(headers: [string, string][], body: string): void {
  const kept = headers.filter(([name]) => name !== "date");
  serveBare(() => new Response(body, { headers: kept }));
}

/** Serves the rows of a query as they come. */
function serveQuery(databaseUrl: string): void {
  const sql = connect(databaseUrl);
  const scope = {
    athleteId: ATHLETE_ID,
    visibility: ["everyone"],
    excludeSport: "A",
  };
  serveBare(async ({ url }) => {
    if (new URL(url).pathname === "/ytd") {
      const year = { from: "2026-01-01", to: "2026-11-20" };
      return Response.json(await getGroupTotals(sql, { ...scope, ...year }));
    }
    const [total, data] = await Promise.all([
      countActivities(sql, scope),
      listActivities(sql, { ...scope, limit: 101 }),
    ]);
    return Response.json({ total, data });
  });
}

function serveBare(
  handle: (request: Request) => Response | Promise<Response>,
): void {
  const onListen = ({ port }: { port: number }): void => print(String(port));
  Deno.serve({ port: 0, hostname: "127.0.0.1", onListen }, handle);
}

if (import.meta.main) {
  const { values, positionals: [part, ...args] } = parseArgs({
    allowPositionals: true,
    options: {
      short: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      save: { type: "boolean", default: false },
    },
  });
  if (part === "ceiling") serveConstant(JSON.parse(args[0]!), args[1]!);
  else if (part === "query") serveQuery(args[0]!);
  else {
    const reads = READS.filter(({ isShort }) => isShort || !values.short);
    const options = values.short ? SHORT : FULL;
    if (values.check) {
      const isMet = await checkRatios(
        reads.map(({ name }) => name),
        (names) =>
          main(reads.filter(({ name }) => names.includes(name)), options),
      );
      if (!isMet) Deno.exitCode = 1;
    } else {
      const results = await main(reads, options);
      if (values.save) await saveRatios(results);
    }
  }
}
