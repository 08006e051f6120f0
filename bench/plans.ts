/**
 * Measures the cost of each statistic in PostgreSQL for one of 1,000 athletes with 5,000 activities each, with the plan
 * of every query in the form of `explain (analyze, buffers)`.
 *
 * ```sh
 * deno run --allow-env --allow-net=127.0.0.1 --allow-read --allow-write --allow-run --allow-sys=uid bench/plans.ts [athletes] [activities]
 * ```
 *
 * It starts the embedded PostgreSQL, or uses the server of DATABASE_URL as its superuser, where it creates a database
 * and drops it at the end; 5 million activities take about 6 GB. It requests the statistics from the whole server, and
 * PostgreSQL's auto_explain reports the plan and the time of each query. It exits with 1 if the queries of a statistic
 * take longer than the goal, or if a query reads rows of another athlete, or of another year than the requested one.
 */

import { connect, type Pool } from "../db/driver/client.ts";
import { createApp } from "../server/app.ts";
import { openDeps } from "../server/deps.ts";
import { createConfig, KEY, median, openDatabase, print } from "./database.ts";
import { fill } from "./plans_data.ts";
import {
  findForeignRows,
  parsePlan,
  type Plan,
  printPlan,
} from "./plans_read.ts";

const NOW = Date.UTC(2026, 10, 20, 12);
const YEAR = 2023;
const ROUNDS = 15;
const MAX_MS = 5;

/** Every statistic. `years` are the only years whose activities its queries may read. */
const PATHS: { path: string; years?: [first: number, last: number] }[] = [
  { path: "stats/records" },
  { path: "stats/records?window=4w", years: [2026, 2026] },
  { path: "stats/records?window=year", years: [2026, 2026] },
  { path: "stats/records?sport=ride" },
  { path: "stats/records?sport=TrailRun" },
  { path: "stats/eddington" },
  { path: "stats/eddington?unit=mi&sport=run" },
  { path: `stats/eddington?year=${YEAR}`, years: [YEAR, YEAR] },
  { path: "stats/streaks" },
  { path: `stats/calendar?year=${YEAR}`, years: [YEAR, YEAR] },
  { path: "stats/cumulative?metric=distance" },
  { path: `stats/cumulative?year_list=${YEAR}`, years: [YEAR, YEAR] },
  {
    path: "stats/goal?metric=distance&target=1000000&period=year",
    years: [2026, 2026],
  },
  { path: "stats/gear" },
  { path: "stats/training-load" },
  { path: "stats/training-load?sport=run&from=2026-01-01" },
  { path: "stats/distribution" },
  {
    path: `stats/distribution?from=${YEAR}-01-01&to=${YEAR}-12-31`,
    years: [YEAR, YEAR],
  },
  { path: "stats/milestones" },
  { path: "stats/compare", years: [2025, 2026] },
  { path: "stats/overview" },
  { path: "stats/ytd", years: [2026, 2026] },
  { path: "stats/monthly", years: [2025, 2026] },
  { path: "stats/activities" },
  { path: "stats/totals" },
  { path: "stats/yearly" },
  { path: `stats/longest-run?year=${YEAR}`, years: [YEAR, YEAR] },
  { path: "activities?limit=100" },
  { path: `activities?year=${YEAR}&sort=distance`, years: [YEAR, YEAR] },
  { path: "activities?sport=run&min_distance=10000&sort=average_speed" },
];

async function main(athletes: number, activities: number): Promise<void> {
  await using database = await openDatabase();
  print(`Creating ${athletes} athletes with ${activities} activities each`);
  await fill(database.sql, { groups: [{ athletes, activities }], now: NOW });
  await explainAll(database.sql);
  const plans: Plan[] = [];
  const sql = connect(database.url, {
    max: 1,
    onNotice: ({ message }) => {
      const plan = parsePlan(message ?? "");
      if (plan) plans.push(plan);
    },
  });
  await using deps = await openDeps(createConfig(database.url));
  const app = createApp({ ...deps, sql, now: () => NOW });
  const counts = await countByYear(database.sql);
  const lines: string[][] = [];
  for (const { path, years } of PATHS) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      plans.length = 0;
      await request(app, path);
      times.push(sum(plans.map(({ milliseconds }) => milliseconds)));
    }
    const most = sum(
      [...counts].filter(([year]) =>
        !years || year >= years[0] && year <= years[1]
      )
        .map(([, count]) => count),
    );
    print(`\n== /strava/${path}`);
    for (const plan of plans) printPlan(plan);
    const foreign = plans.flatMap((plan) => findForeignRows(plan, { most }));
    for (const text of foreign) print(`FOREIGN ROWS: ${text}`);
    const best = Math.min(...times);
    if (best > MAX_MS || foreign.length > 0) Deno.exitCode = 1;
    lines.push([
      path,
      best.toFixed(2),
      median(times).toFixed(2),
      String(plans.length),
      String(sum(plans.map(({ buffers }) => buffers))),
    ]);
  }
  print();
  const header = ["statistic", "best ms", "median ms", "queries", "buffers"];
  for (const [path, ...cells] of [header, ...lines]) {
    print(path!.padEnd(64) + cells.map((cell) => cell.padStart(10)).join(""));
  }
  const verdict = Deno.exitCode === 1 ? "MISSED" : "met";
  print(`Goal ${verdict}: at most ${MAX_MS} ms, and no foreign rows`);
  await sql.end();
}

/** Makes every query of a new connection report its plan. */
async function explainAll(sql: Pool): Promise<void> {
  const [row] = await sql<{ name: string }[]>`
    select quote_ident(current_database()) as name
  `;
  const settings = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_buffers": "on",
    // Reading the clock for each row of each node would dominate the measured time.
    "auto_explain.log_timing": "off",
    "auto_explain.log_format": "json",
    "auto_explain.log_level": "notice",
  };
  for (const [setting, value] of Object.entries(settings)) {
    // `alter database` accepts no parameters.
    await sql.unsafe(`alter database ${row!.name} set ${setting} = '${value}'`);
  }
}

/** Counts the activities of the athlete by local year. */
async function countByYear(sql: Pool): Promise<Map<number, number>> {
  const rows = await sql<{ year: number; count: number }[]>`
    select date_part('year', start_date_local)::integer as year, count(*) as count
    from activities
    where athlete_id = 1
    group by 1
  `;
  return new Map(rows.map(({ year, count }) => [year, count]));
}

async function request(
  app: ReturnType<typeof createApp>,
  path: string,
): Promise<void> {
  const url = `http://localhost:5001/strava/${path}`;
  const response = await app(
    new Request(url, { headers: { "x-api-key": KEY } }),
  );
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

if (import.meta.main) {
  await main(Number(Deno.args[0] ?? 1000), Number(Deno.args[1] ?? 5000));
}
