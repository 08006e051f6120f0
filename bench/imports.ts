/**
 * Measures an import over HTTP of an archive of gigabytes: its time, the memory of the server and its CPU, and the
 * latency of a cached read of another athlete while it runs, compared with the same read before it. A stall is a time
 * in which the server answers nothing.
 *
 * ```sh
 * deno run --allow-env --allow-net=127.0.0.1 --allow-read --allow-write --allow-run --allow-sys=uid bench/imports.ts [--media-mb 4000] [--files 400] [--chunked]
 * ```
 *
 * It starts the embedded PostgreSQL, or creates and drops a database on the server of DATABASE_URL. Another process makes
 * the archive while it sends it: photos, which the server passes over, and GPX files of an hour.
 */

import { request } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { zipEntry } from "../tests/server/recordings/archive_file.ts";
import {
  createVariables,
  KEY,
  median,
  openDatabase,
  print,
  printCells,
} from "./database.ts";
import { fill } from "./history.ts";
import {
  findPort,
  isUp,
  readCpuSeconds,
  readMemory,
  spawnPart,
  spawnServer,
  until,
} from "./parts.ts";

/** The athlete of the files. The reads are about another one, whose answers stay in memory. */
const ATHLETE = 2 ** 52 + 1;
const READ = "/strava/stats/ytd";
/** Time between two reads, in milliseconds. */
const PAUSE_MS = 5;
const IDLE_SECONDS = 20;
const PHOTO_BYTES = 4_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns a GPX file with a point each second for an hour. */
function createHour(day: number): Uint8Array {
  const start = Date.UTC(2010, 0, 1, 8) + day * DAY_MS;
  const points = Array.from({ length: 3600 }, (_, second) => {
    const time = new Date(start + second * 1000).toISOString();
    const latitude = (52 + second * 3e-5).toFixed(6);
    return `<trkpt lat="${latitude}" lon="13.4"><ele>${
      (40 + 5 * Math.sin(second / 60)).toFixed(1)
    }</ele><time>${time}</time></trkpt>`;
  });
  return new TextEncoder().encode(
    `<gpx version="1.1" creator="bench"><trk><type>running</type><trkseg>${
      points.join("\n")
    }</trkseg></trk></gpx>`,
  );
}

/** Makes an archive in pieces: the files evenly among the photos. */
function* createArchive(
  { files, photos }: { files: readonly Uint8Array[]; photos: number },
): Generator<Uint8Array> {
  const image = photos > 0 ? createPhoto() : new Uint8Array();
  let sent = 0;
  for (const [index, file] of files.entries()) {
    yield file;
    for (; sent < photos * (index + 1) / files.length; sent++) yield image;
  }
  yield new Uint8Array([0x50, 0x4b, 5, 6, ...new Array(18).fill(0)]);
}

function createPhoto(): Uint8Array {
  const noise = crypto.getRandomValues(new Uint8Array(65_536));
  const data = new Uint8Array(PHOTO_BYTES);
  for (let at = 0; at < data.length; at += noise.length) {
    data.set(noise.subarray(0, data.length - at), at);
  }
  return toBytes({ name: "media/photo.jpg", data });
}

/** Returns a stored entry without spreading its data, which is too long for that. */
function toBytes(
  { name, data }: { name: string; data: Uint8Array },
): Uint8Array {
  const head = zipEntry({ name, data: new Uint8Array(), stored: true });
  const view = new DataView(head.buffer);
  view.setUint32(18, data.length, true);
  view.setUint32(22, data.length, true);
  const whole = new Uint8Array(head.length + data.length);
  whole.set(head);
  whole.set(data, head.length);
  return whole;
}

/**
 * Sends the archive with its length, as browsers and curl do, or in HTTP chunks. Runs in another process.
 */
async function sendArchive(
  [url, count, photos, isChunked]: readonly string[],
): Promise<void> {
  const files = Array.from(
    { length: Number(count) },
    (_, day) =>
      zipEntry({ name: `activities/${day}.gpx`, data: createHour(day) }),
  );
  const archive = { files, photos: Number(photos) };
  let size = 0;
  for (const piece of createArchive(archive)) size += piece.length;
  print("ready");
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const message = request(`${url}/api/imports?athlete=${ATHLETE}`, {
    method: "POST",
    headers: {
      "x-api-key": KEY,
      ...isChunked === "true" ? {} : { "content-length": size },
    },
  }, (response) => text(response).then(resolve, reject));
  await pipeline(Readable.from(createArchive(archive)), message);
  print((await promise).replaceAll("\n", " "));
}

/** Reads until the signal; returns the durations in milliseconds. */
async function measureReads(
  url: string,
  signal: AbortSignal,
): Promise<number[]> {
  const times: number[] = [];
  while (!signal.aborted) {
    const start = performance.now();
    const response = await fetch(url);
    await response.arrayBuffer();
    times.push(performance.now() - start);
    await sleep(PAUSE_MS);
  }
  return times;
}

function printReads(name: string, times: number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    sorted[Math.floor(sorted.length * share)]!.toFixed(2);
  printCells(name, times.length, median(times).toFixed(2), at(0.99), at(0.999));
}

async function main(
  { mediaMb, files, isChunked }: {
    mediaMb: number;
    files: number;
    isChunked: boolean;
  },
): Promise<void> {
  await using database = await openDatabase();
  const { sql } = database;
  await fill(sql, 1000);
  await sql`
    insert into athletes (id, profile, connected_at) values (${ATHLETE}, '{}', now())
  `;
  await sql`
    insert into sync_state (athlete_id, next_due_at) values (${ATHLETE}, now())
  `;
  const port = findPort();
  await using server = spawnServer({
    ...createVariables(database.url),
    PORT: String(port),
    IMPORT_MAX_GB: "10",
  }, { preload: import.meta.resolve("./stalls.ts") });
  let longest = 0;
  server.eachLine((line) => {
    const [, stall] = /^stall ([\d.]+)/.exec(line) ?? [];
    longest = Math.max(longest, Number(stall ?? 0));
  }).catch(() => {});
  /** Returns the longest stall since the last call, and the CPU seconds so far. */
  async function readLoad(): Promise<{ stall: number; cpu: number }> {
    const stall = longest;
    longest = 0;
    return { stall, cpu: await readCpuSeconds([server.pid]) };
  }
  await until(() => isUp(port));
  const url = `http://127.0.0.1:${port}`;
  await (await fetch(url + READ)).body?.cancel();
  // After a second, when the stalls of the start have been written.
  await sleep(1500);
  await readLoad();
  const idle = await measureReads(
    url + READ,
    AbortSignal.timeout(IDLE_SECONDS * 1000),
  );
  const before = await readMemory(server.pid, "VmHWM");

  const photos = Math.round(mediaMb * 1e6 / PHOTO_BYTES);
  await using sender = spawnPart(import.meta.filename!, {
    part: "send",
    args: [url, ...[files, photos, isChunked].map(String)],
  });
  const received = Promise.withResolvers<string>();
  const ready = Promise.withResolvers<void>();
  void sender.eachLine((line) =>
    line === "ready" ? ready.resolve() : received.resolve(line)
  );
  await ready.promise;
  const idleLoad = await readLoad();
  const start = performance.now();
  const seconds = (): string => ((performance.now() - start) / 1000).toFixed(1);
  const done = new AbortController();
  const reading = measureReads(url + READ, done.signal);
  const answer = await received.promise;
  print(`received after ${seconds()} s: ${answer}`);
  const atArrival = await readMemory(server.pid, "VmHWM");
  const arrival = await readLoad();
  for (;;) {
    const [row] = await sql<{ state: string }[]>`select state from imports`;
    if (row?.state === "done") break;
    await sleep(200);
  }
  const end = await readLoad();
  print(`read after ${seconds()} s`);
  done.abort();
  printCells("reads", "number", "median ms", "p99 ms", "p99.9 ms");
  printReads("idle", idle);
  printReads("importing", await reading);
  const peak = await readMemory(server.pid, "VmHWM");
  printCells("peak MB", "before", "at arrival", "at the end");
  printCells("", before.toFixed(0), atArrival.toFixed(0), peak.toFixed(0));
  printCells(
    "longest stall",
    ...[idleLoad, arrival, end].map(({ stall }) => `${stall} ms`),
  );
  printCells(
    "CPU s",
    "",
    (arrival.cpu - idleLoad.cpu).toFixed(2),
    (end.cpu - arrival.cpu).toFixed(2),
  );
}

if (Deno.args[0] === "send") await sendArchive(Deno.args.slice(1));
else {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      "media-mb": { type: "string", default: "4000" },
      files: { type: "string", default: "400" },
      chunked: { type: "boolean", default: false },
    },
  });
  await main({
    mediaMb: Number(values["media-mb"]),
    files: Number(values.files),
    isChunked: values.chunked,
  });
}
