/**
 * Measures the time of each statistic of 10,000 activities from request to response, and its ratio to `stats.ytd` in
 * the same run.
 *
 * ```sh
 * deno run --allow-env --allow-net=127.0.0.1 --allow-read --allow-write --allow-run --allow-sys=uid bench/statistics.ts [activities]
 * ```
 *
 * It starts the embedded PostgreSQL, or uses the server of DATABASE_URL, where it creates a database and drops it at the
 * end. Each round requests every statistic once, so that all see the same load of the machine; the first rounds only
 * warm up. The best round counts, because other programs have disturbed it least. It exits with 1 if a statistic's best
 * time is above the goal.
 */

import { createApp } from "../server/app.ts";
import { openDeps } from "../server/deps.ts";
import {
  createConfig,
  KEY,
  median,
  openDatabase,
  printCells,
} from "./database.ts";
import { fill, NOW } from "./history.ts";

/** The statistics, one per line of the table. The others are compared with the first. */
const PATHS = [
  "ytd",
  "records",
  "eddington",
  "streaks",
  "calendar",
  "cumulative",
  "distribution",
  "milestones",
  "training-load",
  "goal?metric=distance&target=1000000&period=year",
  "compare",
  "overview",
];

const WARM_UP = 5;
const ROUNDS = 21;
const MAX_MS = 100;

async function main(count: number): Promise<void> {
  await using database = await openDatabase();
  await fill(database.sql, count);
  await using deps = await openDeps(createConfig(database.url));
  const app = createApp({ ...deps, now: () => NOW });
  const times = new Map<string, number[]>(PATHS.map((path) => [path, []]));
  const sizes = new Map<string, number>();
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const [path, measured] of times) {
      const { milliseconds, bytes } = await measure(app, path);
      if (round >= 0) measured.push(milliseconds);
      sizes.set(path, bytes);
    }
  }
  printCells("statistic", "best ms", "median ms", "to ytd", "kB");
  const base = Math.min(...times.get(PATHS[0]!)!);
  for (const [path, measured] of times) {
    const best = Math.min(...measured);
    if (best > MAX_MS) Deno.exitCode = 1;
    printCells(
      path.split("?")[0]!,
      best.toFixed(1),
      median(measured).toFixed(1),
      (best / base).toFixed(1),
      (sizes.get(path)! / 1000).toFixed(1),
    );
  }
  const verdict = Deno.exitCode === 1 ? "MISSED" : "met";
  printCells(`Goal ${verdict}: every best at most ${MAX_MS} ms`);
}

async function measure(
  app: ReturnType<typeof createApp>,
  path: string,
): Promise<{ milliseconds: number; bytes: number }> {
  const url = `http://localhost:5001/strava/stats/${path}`;
  const request = new Request(url, { headers: { "x-api-key": KEY } });
  const start = performance.now();
  const response = await app(request);
  const body = await response.arrayBuffer();
  const milliseconds = performance.now() - start;
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return { milliseconds, bytes: body.byteLength };
}

if (import.meta.main) await main(Number(Deno.args[0] ?? 10_000));
