/**
 * Measures each statistic at 200 requests a second of random athletes: 100 with 5,000 activities each, and one with
 * 50,000. No answer is kept in memory, so each is a first answer.
 *
 * ```sh
 * deno run --allow-env --allow-net=127.0.0.1 --allow-read --allow-write --allow-run --allow-sys=uid bench/large_histories.ts [athletes] [seconds] [filter]
 * ```
 *
 * It starts the embedded PostgreSQL, or creates and drops a database on the server of DATABASE_URL, and the server as
 * it is deployed. With 1,000 athletes the database takes about 6 GB. Requests are sent on time, also while others wait,
 * and a request's time counts from the moment at which it was due. The exit code is 1 if a p99 is above the goal.
 */

import { setTimeout as sleep } from "node:timers/promises";
import {
  createVariables,
  KEY,
  openDatabase,
  print,
  printCells,
} from "./database.ts";
import { findPort, isUp, readCpuSeconds, spawnServer, until } from "./parts.ts";
import { fill } from "./plans_data.ts";

const ACTIVITIES = 5000;
const MANY_ACTIVITIES = 50_000;
const RATE = 200;
const WARM_UP = 200;
/** Requests of the athlete with the most activities, one after the other. */
const ROUNDS = 15;
const MAX_MS = 10;

/** The statistics, and the reads that are not statistics. */
const PATHS = [
  "stats/ytd",
  "stats/monthly",
  "stats/totals",
  "stats/yearly",
  "stats/gear",
  "stats/longest-run",
  "stats/activities",
  "stats/records",
  "stats/eddington",
  "stats/streaks",
  "stats/calendar",
  "stats/cumulative?metric=distance",
  "stats/distribution",
  "stats/milestones",
  "stats/training-load",
  "stats/goal?metric=distance&target=1000000&period=year",
  "stats/compare",
  "stats/overview",
  "activities?limit=100",
];

async function main(
  athletes: number,
  seconds: number,
  filter: string,
): Promise<void> {
  await using database = await openDatabase();
  print(
    `Creating ${athletes} athletes with ${ACTIVITIES} activities each, and one with ${MANY_ACTIVITIES}`,
  );
  const groups = [
    { athletes, activities: ACTIVITIES },
    { athletes: 1, activities: MANY_ACTIVITIES },
  ];
  await fill(database.sql, { groups, now: Date.now() });
  const port = findPort();
  await using server = spawnServer({
    ...createVariables(database.url),
    PORT: String(port),
  });
  await until(() => isUp(port));
  const request = createRequest(port);
  printCells("statistic", "p50 ms", "p99 ms", "CPU ms", "largest ms");
  for (const path of PATHS.filter((path) => path.includes(filter))) {
    const pick = (): number => 1 + Math.floor(Math.random() * (athletes + 1));
    await run(WARM_UP, () => request(path, pick()));
    const before = await readCpuSeconds([server.pid]);
    const times = await run(RATE * seconds, () => request(path, pick()));
    const used = await readCpuSeconds([server.pid]) - before;
    const largest: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      await request(path, athletes + 1);
      largest.push(performance.now() - start);
    }
    const p99 = percentile(times, 0.99);
    if (p99 > MAX_MS) Deno.exitCode = 1;
    printCells(
      path.replace("stats/", "").split("?")[0]!,
      percentile(times, 0.5).toFixed(1),
      p99.toFixed(1),
      (used * 1000 / times.length).toFixed(1),
      percentile(largest, 0.5).toFixed(1),
    );
  }
  const verdict = Deno.exitCode === 1 ? "MISSED" : "met";
  print(
    `Goal ${verdict}: p99 at most ${MAX_MS} ms at ${RATE} requests a second`,
  );
}

/**
 * Returns a function that requests a path of an athlete and reads the whole answer. It reports whether the server
 * answered: one that falls behind refuses requests.
 */
function createRequest(
  port: number,
): (path: string, athlete: number) => Promise<boolean> {
  return async (path, athlete) => {
    const url = new URL(`http://127.0.0.1:${port}/strava/${path}`);
    url.searchParams.set("athlete", String(athlete));
    const response = await fetch(url, { headers: { "x-api-key": KEY } });
    const body = await response.arrayBuffer();
    if (response.ok || response.status === 429) return response.ok;
    throw new Error(
      `${path}: ${response.status} ${new TextDecoder().decode(body)}`,
    );
  };
}

/**
 * Sends requests at the rate and returns the time of each in milliseconds, from the moment it was due. A refused request
 * takes forever.
 */
async function run(
  count: number,
  request: () => Promise<boolean>,
): Promise<number[]> {
  const start = performance.now();
  return await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const due = start + index * 1000 / RATE;
      await sleep(Math.max(due - performance.now(), 0));
      const isAnswered = await request();
      return isAnswered ? performance.now() - due : Infinity;
    }),
  );
}

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * part) - 1]!;
}

if (import.meta.main) {
  const [athletes = "100", seconds = "2", filter = ""] = Deno.args;
  await main(Number(athletes), Number(seconds), filter);
}
