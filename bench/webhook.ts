/**
 * Sends 500 push events a second for 10 seconds to the server as it is deployed. Each response must be 200 and 99 of 100
 * must arrive within 100 ms. All events must be processed soon after, and memory must not keep growing.
 *
 * ```sh
 * deno run --allow-env --allow-net=127.0.0.1 --allow-read --allow-write --allow-run --allow-sys=uid bench/webhook.ts [events a second]
 * ```
 *
 * It starts the embedded PostgreSQL, or creates and drops a database on the server of DATABASE_URL. The simulated Strava
 * and the server run as separate processes. The events belong to 200 activities in turn, so that many events share an
 * activity, and the bench counts the requests to Strava. It exits with 1 if a goal is missed. It reads memory from /proc,
 * so it needs Linux.
 */

import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "../db/driver/client.ts";
import { connectAthlete } from "../demo/connect.ts";
import { generateHistory } from "../demo/history/history.ts";
import { createStrava, serveStrava } from "../strava_simulator/simulator.ts";
import {
  createVariables,
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

const ATHLETE_ID = 700_001;
const ACTIVITIES = 200;
const SECONDS = 10;
const MAX_P99_MS = 100;
/** Time to process all events after the last one. */
const MAX_DRAIN_SECONDS = 10;
/** Maximum growth of memory in the second round. */
const MAX_GROWTH_MB = 15;

/** The simulated Strava in another process. */
interface Source {
  url: string;
  /** Address that returns {@link SimulatorState}. */
  stateUrl: string;
  ids: number[];
}

/** The simulator's subscription and number of requests. */
interface SimulatorState {
  subscription: { id: number; callback_url: string } | null;
  requests: number;
}

/** The server to send events to. */
interface Target {
  callback: string;
  subscription: number;
  ids: number[];
  sql: Pool;
}

async function main(rate: number): Promise<void> {
  await using parts = new AsyncDisposableStack();
  const database = parts.use(await openDatabase());
  const { sql } = database;
  const strava = parts.use(
    spawnPart(import.meta.filename!, { part: "strava" }),
  );
  const source: Source = JSON.parse(await strava.line());
  const port = findPort();
  const url = `http://127.0.0.1:${port}`;
  const server = parts.use(spawnServer({
    ...createVariables(database.url),
    PORT: String(port),
    STRAVA_REDIRECT_URI: `${url}/strava/callback`,
    STRAVA_API_URL: `${source.url}/api/v3`,
    STRAVA_OAUTH_URL: `${source.url}/oauth`,
    PUBLIC_URL: url,
    WEBHOOK_VERIFY_TOKEN: "bench-token",
  }));
  const readState = async (): Promise<SimulatorState> =>
    await (await fetch(source.stateUrl)).json();
  await until(async () => (await readState()).subscription !== null);
  const { id, callback_url: callback } = (await readState()).subscription!;
  await connectAthlete({
    server: fetch,
    serverUrl: url,
    athleteId: ATHLETE_ID,
  });
  await until(async () => {
    const [run] = await sql`select status from sync_runs`;
    return run?.["status"] === "success";
  });
  const target = { callback, subscription: id, ids: source.ids, sql };

  printCells(
    "round",
    "events",
    "not 200",
    "p50 ms",
    "p99 ms",
    "max ms",
    "drain s",
  );
  await measure("warm", 1, { rate, target });
  const rounds = [];
  for (const name of ["1", "2"]) {
    const { requests } = await readState();
    const round = await measure(name, SECONDS, { rate, target });
    rounds.push({
      ...round,
      memory: await readMemory(server.pid, "VmRSS"),
      requests: (await readState()).requests - requests,
    });
  }
  const [first, second] = rounds as [Round, Round];
  print();
  checkGoal("responses other than 200", first.failed + second.failed, 0);
  checkGoal("p99 in ms", Math.max(first.p99, second.p99), MAX_P99_MS);
  checkGoal("events not processed", first.left + second.left, 0);
  checkGoal("memory growth in MB", second.memory - first.memory, MAX_GROWTH_MB);
  print(`Memory ${first.memory.toFixed(0)}, ${second.memory.toFixed(0)} MB.`);
  print(
    `Requests to Strava: ${first.requests}, ${second.requests} for ${
      rate * SECONDS
    } events each.`,
  );
}

/** The result of a round. */
interface RoundResult {
  failed: number;
  p99: number;
  left: number;
}
type Round = RoundResult & { memory: number; requests: number };

/** Sends events at a steady rate, even if responses lag behind, and waits until all are processed. */
async function measure(
  name: string,
  seconds: number,
  { rate, target }: { rate: number; target: Target },
): Promise<RoundResult> {
  const times: number[] = [];
  let failed = 0;
  const sent: Promise<void>[] = [];
  const start = performance.now();
  const total = rate * seconds;
  while (sent.length < total) {
    const due = Math.min(
      total,
      Math.floor((performance.now() - start) / 1000 * rate) + 1,
    );
    while (sent.length < due) sent.push(send(`${name}-${sent.length}`));
    await sleep(2);
  }
  await Promise.all(sent);
  const end = performance.now();
  let left = 1;
  while (left > 0 && performance.now() - end < MAX_DRAIN_SECONDS * 1000) {
    const [row] = await target.sql<{ count: number }[]>`
      select count(*) as count from webhook_events where processed_at is null
    `;
    left = row!.count;
    if (left > 0) await sleep(50);
  }
  const drain = (performance.now() - end) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  const [p50, p99, max] = [at(0.5), at(0.99), at(1)];
  printCells(
    ...[name, times.length, failed],
    ...[p50, p99, max].map((ms) => ms.toFixed(1)),
    drain.toFixed(2),
  );
  return { failed, p99, left };

  async function send(title: string): Promise<void> {
    const { callback, subscription, ids } = target;
    const body = JSON.stringify({
      object_type: "activity",
      object_id: ids[sent.length % ids.length],
      aspect_type: "update",
      updates: { title },
      owner_id: ATHLETE_ID,
      subscription_id: subscription,
      event_time: Math.floor(Date.now() / 1000),
    });
    const before = performance.now();
    const response = await fetch(callback, { method: "POST", body })
      .catch(() => undefined);
    await response?.body?.cancel();
    times.push(performance.now() - before);
    if (response?.status !== 200) failed++;
  }
}

/** Prints whether a value meets its goal, and sets the exit code if not. */
function checkGoal(name: string, value: number, maximum: number): void {
  const isMet = value <= maximum;
  const verdict = isMet ? "met" : "MISSED";
  print(`Goal ${verdict}: ${name} ${value.toFixed(1)}, at most ${maximum}`);
  if (!isMet) Deno.exitCode = 1;
}

/** Runs the simulator without latency and limits, and serves its {@link SimulatorState}. */
async function simulate(): Promise<void> {
  const limits = { short: 1e8, daily: 1e8, readShort: 1e8, readDaily: 1e8 };
  const strava = createStrava({ limits });
  const history = generateHistory({
    seed: 1,
    athleteId: ATHLETE_ID,
    count: ACTIVITIES,
  });
  strava.addAthlete({ id: ATHLETE_ID }, history);
  const stateServer = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () =>
      Response.json({
        subscription: strava.push.subscription,
        requests: strava.requests.length,
      }),
  );
  const { url } = serveStrava(strava);
  const source: Source = {
    url,
    stateUrl: `http://127.0.0.1:${stateServer.addr.port}`,
    ids: history.map((activity) => activity.id),
  };
  await write(`${JSON.stringify(source)}\n`);
}

const [part = "500"] = Deno.args;
if (part === "strava") await simulate();
else await main(Number(part));
