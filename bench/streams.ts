/**
 * Measures the size of stored streams, and the time of `/strava/activities/{id}/streams` for a ride of four hours.
 *
 * ```sh
 * deno run --allow-env --allow-net=127.0.0.1 --allow-read --allow-write --allow-run --allow-sys=uid bench/streams.ts [file.fit ...]
 * ```
 *
 * It starts the embedded PostgreSQL, or uses the server of DATABASE_URL, where it creates a database and drops it at the
 * end. The ride has a value of every sensor in each second, with the noise of real ones. Recorded files may be named in
 * addition. The best round counts, because other programs have disturbed it least. It exits with 1 if a goal is missed:
 * 120 KB an hour, and 30 ms for the ride.
 */

import { putRecordingStreams } from "../db/streams/recording_streams.ts";
import { STREAM_COLUMNS } from "../db/streams/stream_columns.ts";
import type { Sql } from "../db/driver/client.ts";
import { createApp } from "../server/app.ts";
import { openDeps } from "../server/deps.ts";
import { toRecordedStreams } from "../server/imports/recorded_streams.ts";
import { parseActivityFile } from "../server/recordings/parse_activity_file.ts";
import type { Streams } from "../server/recordings/recording.ts";
import {
  createConfig,
  KEY,
  median,
  openDatabase,
  print,
  printCells,
} from "./database.ts";
import { ATHLETE_ID, fill, NOW } from "./history.ts";

const HOUR = 3600;
const WARM_UP = 5;
const ROUNDS = 31;
const MAX_KB = 120;
const MAX_MS = 30;

/** Inputs for the ride, one per line of the table. */
const INPUTS = [
  { keys: "heartrate,watts" },
  { resolution: 1000 },
  { resolution: 5000 },
  { resolution: 50_000 },
];

/** The address of an activity's streams over both protocols. */
const PATHS = {
  REST(id: number, input: Record<string, unknown>): string {
    const query = new URLSearchParams(
      Object.entries(input).map(([name, value]) => [name, String(value)]),
    );
    return `/strava/activities/${id}/streams?${query}`;
  },
  tRPC(id: number, input: Record<string, unknown>): string {
    const json = JSON.stringify({ json: { id, ...input } });
    return `/trpc/activities.streams?input=${encodeURIComponent(json)}`;
  },
};

async function read(
  app: ReturnType<typeof createApp>,
  path: string,
): Promise<string> {
  const request = new Request(`http://localhost:5001${path}`, {
    headers: { "x-api-key": KEY },
  });
  const response = await app(request);
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${body}`);
  return body;
}

async function main(files: readonly string[]): Promise<void> {
  await using database = await openDatabase();
  await fill(database.sql, 1 + files.length);
  await using deps = await openDeps(createConfig(database.url));
  const app = createApp({ ...deps, now: () => NOW });
  const rides = [
    { name: "ride of 4 hours", streams: createRide(4 * HOUR) },
    ...files.map((path) => ({
      name: path.replace(/^.*\//, ""),
      streams:
        parseActivityFile(Deno.readFileSync(path)).recordings[0]!.streams,
    })),
  ];
  const ids = await storeRides(database.sql, rides);
  await printSizes(database.sql);
  print();
  printCells("protocol", "input", "best ms", "median ms", "points", "kB");
  for (const [protocol, toPath] of Object.entries(PATHS)) {
    for (const input of INPUTS) {
      const path = toPath(ids[0]!, input);
      const times: number[] = [];
      let body = "";
      for (let round = -WARM_UP; round < ROUNDS; round++) {
        const start = performance.now();
        body = await read(app, path);
        if (round >= 0) times.push(performance.now() - start);
      }
      const best = Math.min(...times);
      if (best > MAX_MS) Deno.exitCode = 1;
      const [, points] = /"returned_points":(\d+)/.exec(body)!;
      printCells(
        protocol,
        Object.values(input).join(),
        best.toFixed(1),
        median(times).toFixed(1),
        points!,
        (body.length / 1000).toFixed(0),
      );
    }
  }
  const verdict = Deno.exitCode === 1 ? "MISSED" : "met";
  print(`Goals ${verdict}: at most ${MAX_KB} KB an hour and ${MAX_MS} ms`);
}

interface Ride {
  name: string;
  streams: Streams;
}

/** Stores each ride as the file of another activity. Returns the activities. */
async function storeRides(sql: Sql, rides: readonly Ride[]): Promise<number[]> {
  const activities = await sql<{ id: number }[]>`
    select id
    from activities
    where athlete_id = ${ATHLETE_ID}
    order by id
    limit ${rides.length}
  `;
  const now = new Date(NOW);
  for (const [i, { name, streams }] of rides.entries()) {
    const hash = new Uint8Array(32).fill(i);
    await sql`
      insert into imported_files
      values (${ATHLETE_ID}, ${hash}, 'fit', ${name}, 1, null, ${now})
    `;
    await sql`
      insert into recordings (
        athlete_id, content_hash, place, activity_id, parser_version, figures
      )
      values (${ATHLETE_ID}, ${hash}, 0, ${activities[i]!.id}, 1, '{}')
    `;
    await putRecordingStreams(sql, {
      athleteId: ATHLETE_ID,
      contentHash: hash.toHex(),
      place: 0,
      data: toRecordedStreams({ streams, laps: [], lengths: [] }),
    });
  }
  return activities.map(({ id }) => id);
}

/** Prints the stored size of each ride, per hour recorded at one point a second. */
async function printSizes(sql: Sql): Promise<void> {
  const columns = STREAM_COLUMNS.filter((name) => name !== "grade_smooth");
  printCells(
    "KB an hour",
    "points",
    ...columns.map((name) => name.slice(0, 13)),
  );
  const sizes = sql`${
    columns.map((name) =>
      sql`, coalesce(pg_column_size(${sql(name)}), 0) as ${sql(name)}`
    )
  }`;
  const rows = await sql<Record<string, number>[]>`
    select name, points ${sizes}
    from recording_streams
    join imported_files using (athlete_id, content_hash)
    order by content_hash
  `;
  for (const row of rows) {
    const toKb = (bytes: number): number =>
      bytes / 1000 / (row["points"]! / HOUR);
    const kb = columns.map((name) => toKb(row[name]!));
    const sum = kb.reduce((total, each) => total + each, 0);
    if (sum > MAX_KB) Deno.exitCode = 1;
    printCells(
      sum.toFixed(1),
      row["points"]!,
      ...kb.map((each) => each.toFixed(1)),
    );
  }
}

/** Returns a ride with every sensor, as noisy as recorded ones. */
function createRide(points: number): Streams {
  let seed = 7;
  const noise = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31 - 0.5;
  };
  let speed = 8;
  let metres = 0;
  let heading = 0;
  let latitude = 47;
  let longitude = 8.5;
  let heartRate = 130;
  const ride = {
    time: new Float64Array(points),
    latitude: new Float64Array(points),
    longitude: new Float64Array(points),
    altitude: new Float32Array(points),
    distance: new Float64Array(points),
    speed: new Float32Array(points),
    heartRate: new Float32Array(points),
    cadence: new Float32Array(points),
    power: new Float32Array(points),
    temperature: new Float32Array(points),
    moving: new Uint8Array(points).fill(1),
  };
  for (let i = 0; i < points; i++) {
    speed = Math.max(2, Math.min(16, speed + noise() * 0.8));
    metres += speed;
    heading += noise() * 0.2;
    latitude += (speed * Math.cos(heading) + noise()) / 111_195;
    longitude += (speed * Math.sin(heading) + noise()) / 75_000;
    heartRate = Math.max(90, Math.min(190, heartRate + noise() * 3));
    ride.time[i] = i;
    ride.latitude[i] = latitude;
    ride.longitude[i] = longitude;
    ride.altitude[i] = 400 + 100 * Math.sin(metres / 3000) + noise() * 0.4;
    ride.distance[i] = metres;
    ride.speed[i] = speed;
    ride.heartRate[i] = Math.round(heartRate);
    ride.cadence[i] = Math.round(85 + noise() * 10);
    ride.power[i] = Math.round(200 + noise() * 160);
    ride.temperature[i] = Math.round(20 + 3 * Math.sin(i / 4000));
  }
  return ride;
}

if (import.meta.main) await main(Deno.args);
