/**
 * Compares a first sync of 10,000 activities with the machine's best case: fetching and parsing the same pages and
 * copying their rows with COPY. Also measures the peak memory of the server's process.
 *
 * ```sh
 * deno run --allow-env --allow-net=127.0.0.1 --allow-read --allow-write --allow-run --allow-sys=uid bench/sync.ts [activities]
 * ```
 *
 * It starts the embedded PostgreSQL, or creates and drops a database on the server of DATABASE_URL. The simulated
 * Strava, the server and the copier are separate processes. The last two restart for each round, so that neither is
 * warmer than the other, and take turns at going first. The median of the rounds counts: the exit code is 1 when a goal
 * is missed. Memory is read from /proc, so it needs Linux.
 */

import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { finished } from "node:stream/promises";
import { connect } from "../db/driver/client.ts";
import { connectAthlete } from "../demo/connect.ts";
import { generateHistory } from "../demo/history/history.ts";
import { createStrava, serveStrava } from "../strava_simulator/simulator.ts";
import type { SummaryActivity } from "../strava_simulator/types.ts";
import { REQUESTED_SCOPES } from "../server/strava/oauth.ts";
import {
  createVariables,
  type Database,
  median,
  openDatabase,
  print,
  printCells,
} from "./database.ts";
import {
  findPort,
  readMemory,
  spawnPart,
  spawnServer,
  until,
  write,
} from "./parts.ts";

const FILE = import.meta.filename!;
const ATHLETE_ID = 700_001;
const ROUNDS = 7;
/** Most time of the sync as a multiple of the COPY. */
const MAX_RATIO = 2;
const MAX_PEAK_MB = 150;
/** Memory 25 seconds after a sync, when an idle server has given back what it does not need. */
const MAX_IDLE_MB = 130;
const IDLE_MS = 25_000;

/** A simulated Strava in another process, with a token for it. */
interface Source {
  url: string;
  token: string;
}

async function main(count: number): Promise<void> {
  await using parts = new AsyncDisposableStack();
  const database = parts.use(await openDatabase());
  // The same table with the same foreign key, so that both do the same checks.
  await database.sql`create table copied (like activities including all)`;
  await database.sql`
    alter table copied add foreign key (athlete_id) references athletes
  `;
  const strava = parts.use(
    spawnPart(FILE, { part: "strava", args: [String(count)] }),
  );
  const source: Source = JSON.parse(await strava.line());
  await fetchAll(source, () => {}); // warms the simulator, alone
  const options = { source, count };
  printCells("round", "sync ms", "COPY ms", "ratio", "peak MB", "idle MB");
  let idle = 0;
  const rounds: { ratio: number; peak: number }[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    let copy = round % 2 === 0 ? await measureCopy(database, options) : 0;
    const isLast = round === ROUNDS;
    const { sync, peak, ...rest } = await measureSync(database, {
      ...options,
      waits: isLast,
    });
    idle = rest.idle;
    copy ||= await measureCopy(database, options);
    rounds.push({ ratio: sync / copy, peak });
    const ratio = (sync / copy).toFixed(2);
    printCells(round, sync, copy, ratio, peak.toFixed(0), idle.toFixed(0));
  }
  const ratio = median(rounds.map((round) => round.ratio));
  const peak = Math.max(...rounds.map((round) => round.peak));
  printCells(
    "result",
    "",
    "",
    ratio.toFixed(2),
    peak.toFixed(0),
    idle.toFixed(0),
  );
  judge("median ratio", ratio, MAX_RATIO);
  judge("peak in MB", peak, MAX_PEAK_MB);
  judge("idle in MB", idle, MAX_IDLE_MB);
}

function judge(what: string, value: number, most: number): void {
  const isMet = value <= most;
  const verdict = isMet ? "met" : "MISSED";
  print(`Goal ${verdict}: ${what} ${value.toFixed(2)}, at most ${most}`);
  if (!isMet) Deno.exitCode = 1;
}

/** Connects the athlete to a new server and measures the first sync. */
async function measureSync(
  { url: databaseUrl, sql }: Database,
  { source, count, waits }: {
    source: Source;
    count: number;
    /** Waits until the server is idle before its memory is read. */
    waits: boolean;
  },
): Promise<{ sync: number; peak: number; idle: number }> {
  await sql`truncate athletes cascade`;
  const port = findPort();
  const url = `http://127.0.0.1:${port}`;
  await using server = spawnServer({
    ...createVariables(databaseUrl),
    PORT: String(port),
    STRAVA_REDIRECT_URI: `${url}/strava/callback`,
    STRAVA_API_URL: `${source.url}/api/v3`,
    STRAVA_OAUTH_URL: `${source.url}/oauth`,
  });
  await until(async () => {
    const response = await fetch(`${url}/health/ready`).catch(() => undefined);
    await response?.body?.cancel();
    return response?.ok === true;
  });
  const athlete = { server: fetch, serverUrl: url, athleteId: ATHLETE_ID };
  await connectAthlete(athlete);
  await until(async () => (await readRun())?.status === "success");
  const run = (await readRun())!;
  if (run.inserted !== count) throw new Error(`Stored ${run.inserted} only`);
  const peak = await readMemory(server.pid, "VmHWM");
  if (waits) await sleep(IDLE_MS);
  return { sync: run.ms, peak, idle: await readMemory(server.pid, "VmRSS") };

  async function readRun(): Promise<
    { status: string; inserted: number; ms: number } | undefined
  > {
    const [run] = await sql<{ status: string; inserted: number; ms: number }[]>`
      select status, inserted,
        (extract(epoch from ended_at - started_at) * 1000)::float8 as ms
      from sync_runs
    `;
    return run;
  }
}

/** Measures the best case: all pages fetched and parsed, and their rows in one COPY. */
async function measureCopy(
  { url, sql }: Database,
  { source, count }: { source: Source; count: number },
): Promise<number> {
  await sql`truncate copied`;
  await sql`
    insert into athletes (id, profile, connected_at)
    values (${ATHLETE_ID}, '{}', now())
    on conflict do nothing
  `;
  await using copier = spawnPart(FILE, {
    part: "copier",
    args: [JSON.stringify({ ...source, database: url })],
  });
  const ms = Number(await copier.line());
  const [row] = await sql`select count(*) as count from copied`;
  if (row?.count !== count) throw new Error(`Copied ${row?.count} only`);
  return ms;
}

/** Runs the copier's process. */
async function copy(
  { database, ...source }: Source & { database: string },
): Promise<void> {
  const sql = connect(database, { max: 1 });
  await sql`select 1`;
  const start = performance.now();
  const stream = await sql`
    copy copied (
      athlete_id, id, name, type, sport_type, start_date, start_date_local, utc_offset, timezone,
      distance, moving_time, elapsed_time, total_elevation_gain, average_speed, max_speed,
      average_heartrate, max_heartrate, kudos_count, visibility, gear_id, workout_type, trainer,
      commute, manual, raw, content_hash, first_seen_at, fetched_at
    )
    from stdin
  `.writable();
  await fetchAll(source, async (page) => {
    if (!stream.write(page.map(toLine).join(""))) await once(stream, "drain");
  });
  stream.end();
  await finished(stream);
  await write(`${Math.round(performance.now() - start)}\n`);
  await sql.end();
}

/** Returns a row in COPY's text format. */
function toLine(item: SummaryActivity): string {
  const now = new Date().toISOString();
  const values: unknown[] = [
    ...[ATHLETE_ID, item.id, item.name, item.type, item.sport_type],
    ...[item.start_date, item.start_date_local.replace("Z", "")],
    ...[item.utc_offset, item.timezone, item.distance, item.moving_time],
    ...[item.elapsed_time, item.total_elevation_gain, item.average_speed],
    ...[item.max_speed, item.average_heartrate, item.max_heartrate],
    ...[item.kudos_count, item.visibility, item.gear_id, item.workout_type],
    ...[item.trainer, item.commute, item.manual, JSON.stringify(item)],
    ...["\\x00", now, now],
  ];
  return `${values.map(toField).join("\t")}\n`;
}

function toField(value: unknown): string {
  if (value === null || value === undefined) return "\\N";
  return String(value).replace(
    /[\\\t\n\r]/g,
    (character) => ESCAPES[character]!,
  );
}

const ESCAPES: Record<string, string> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

/** Fetches and parses the pages one after the other, up to the empty one. */
async function fetchAll(
  { url, token }: Source,
  use: (page: SummaryActivity[]) => void | Promise<void>,
): Promise<void> {
  for (let page = 1;; page++) {
    const response = await fetch(
      `${url}/api/v3/athlete/activities?page=${page}&per_page=200`,
      { headers: { authorization: `Bearer ${token}` } },
    );
    const items: SummaryActivity[] = await response.json();
    if (items.length === 0) return;
    await use(items);
  }
}

/** Runs the simulator's process: one athlete, no latency and no limits. */
async function simulate(count: number): Promise<void> {
  const limits = { short: 1e8, daily: 1e8, readShort: 1e8, readDaily: 1e8 };
  const strava = createStrava({ limits });
  strava.addAthlete(
    { id: ATHLETE_ID },
    generateHistory({ seed: 1, athleteId: ATHLETE_ID, count }),
  );
  const { access } = strava.grants.issue(ATHLETE_ID, REQUESTED_SCOPES);
  const { url } = serveStrava(strava);
  await write(`${JSON.stringify({ url, token: access.token })}\n`);
}

const [part = "10000", argument = ""] = Deno.args;
if (part === "strava") await simulate(Number(argument));
else if (part === "copier") await copy(JSON.parse(argument));
else await main(Number(part));
