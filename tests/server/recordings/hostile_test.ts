import assert from "node:assert/strict";
import fc from "fast-check";
import { gzipSync } from "node:zlib";
import {
  ArchiveRefused,
  EntryRefused,
} from "../../../server/recordings/archive/archive_entry.ts";
import { readArchive } from "../../../server/recordings/archive/read_archive.ts";
import { FileRefused } from "../../../server/recordings/file_refused.ts";
import { parseActivityFile } from "../../../server/recordings/parse_activity_file.ts";
import type { Recording } from "../../../server/recordings/recording.ts";
import {
  parseActivitiesCsv,
  TableRefused,
} from "../../../server/recordings/strava_export/activities_csv.ts";
import { tarEntry, tarFile, toStream, zipFile } from "./archive_file.ts";
import {
  createRun,
  type Field,
  fileId,
  fitFile,
  fitTime,
  message,
  record,
  session,
  timer,
  TYPES,
} from "./fit_file.ts";
import { createPoints, gpx, tcx, track, trackpoint } from "./xml_file.ts";

const NOW = new Date("2026-01-01T00:00:00Z");
/** Milliseconds that a file of a few kilobytes may take, also on a busy machine. */
const MAX_MS = 5000;
const SEED = 20_240_601;

const encode = (text: string) => new TextEncoder().encode(text);
const START = fitTime("2024-06-01T06:00:00Z");

const FILES = [
  createRun({ count: 40 }),
  fitFile([
    fileId(),
    timer(START, true),
    ...Array.from(
      { length: 20 },
      (_, i) =>
        record(START + i, { distance: i, power: 200 }, { bigEndian: true }),
    ),
    session(START, { elapsed: 10 }),
    session(START + 10, { sport: 2, elapsed: 10 }),
  ]),
  encode(gpx(track(createPoints(20), { name: "a", type: "9" }))),
  encode(
    tcx([{
      seconds: 100,
      points: [trackpoint(0), trackpoint(9, { heartRate: 99 })],
    }]),
  ),
];

/** Bytes that are cut, damaged at some places, or joined from two files. */
function damaged(files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const whole = fc.constantFrom(...files);
  return fc.oneof(
    fc.tuple(whole, fc.double({ min: 0, max: 1, noNaN: true })).map(
      ([bytes, share]) => bytes.slice(0, Math.floor(bytes.length * share)),
    ),
    fc.tuple(
      whole,
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 20,
      }),
    ).map(([bytes, changes]) => {
      const copy = bytes.slice();
      for (const [at, value] of changes) copy[at % copy.length] = value;
      return copy;
    }),
    fc.tuple(whole, whole, fc.nat(), fc.nat()).map(([a, b, i, k]) =>
      new Uint8Array([
        ...a.subarray(0, i % (a.length + 1)),
        ...b.subarray(k % (b.length + 1)),
      ])
    ),
    fc.uint8Array({ maxLength: 300 }),
  );
}

/** Throws if a recording breaks the promises of its type. */
function assertSound(
  { streams, totals, laps, pauses, startedAt }: Recording,
): void {
  const { length } = streams.time;
  for (const stream of Object.values(streams)) {
    if (stream) assert.equal(stream.length, length);
  }
  assert.ok(
    startedAt.getTime() >= Date.UTC(2000, 0, 1) &&
      startedAt.getTime() <= NOW.getTime() + 86_400_000,
  );
  for (let i = 0; i < length; i++) {
    assert.ok(streams.time[i]! >= (streams.time[i - 1] ?? 0), `time ${i}`);
    if (streams.latitude) {
      assert.equal(
        Number.isNaN(streams.latitude[i]!),
        Number.isNaN(streams.longitude![i]!),
      );
      assert.ok(!(Math.abs(streams.latitude[i]!) > 90));
    }
  }
  let far = 0;
  for (const metres of streams.distance ?? []) {
    if (Number.isNaN(metres)) continue;
    assert.ok(metres >= far);
    far = metres;
  }
  for (const total of Object.values(totals)) {
    assert.ok(Number.isFinite(total.value));
  }
  for (const lap of laps) assert.ok(lap.startSeconds >= 0);
  for (const pause of pauses) assert.ok(pause.endSeconds >= pause.startSeconds);
}

Deno.test("parseActivityFile: damaged files are sound or refused, and soon", () => {
  fc.assert(
    fc.property(damaged(FILES), fc.boolean(), (bytes, isZipped) => {
      const started = performance.now();
      try {
        const { recordings } = parseActivityFile(
          isZipped ? gzipSync(bytes) : bytes,
          { now: NOW },
        );
        assert.ok(recordings.length > 0);
        recordings.forEach(assertSound);
      } catch (error) {
        if (!(error instanceof FileRefused)) throw error;
      }
      assert.ok(performance.now() - started < MAX_MS);
    }),
    { numRuns: 3000, seed: SEED },
  );
});

Deno.test("parseActivityFile: any FIT messages are sound or refused", () => {
  const number = fc.constantFrom(
    0,
    3,
    7,
    12,
    18,
    19,
    20,
    20,
    20,
    21,
    34,
    101,
    132,
    206,
  );
  const types = Object.keys(TYPES) as (keyof typeof TYPES)[];
  const value = fc.oneof(
    fc.integer({ min: 0, max: 0xffffffff }),
    fc.integer({ min: START - 100, max: START + 10_000 }),
    fc.integer({ min: 0, max: 300 }),
    fc.constantFrom(0, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff),
  );
  const field = fc.tuple(
    fc.oneof(
      fc.integer({ min: 0, max: 34 }),
      fc.constantFrom(53, 73, 78, 124, 253),
    ),
    fc.constantFrom(...types),
    fc.array(value, { minLength: 1, maxLength: 4 }),
  ).map((
    [id, type, list],
  ): Field => [id, type, type === "string" ? "text" : list]);
  const one = fc.record({
    number,
    time: value,
    fields: fc.uniqueArray(field, { maxLength: 8, selector: ([id]) => id }),
    developerFields: fc.array(field, { maxLength: 2 }),
    bigEndian: fc.boolean(),
    local: fc.integer({ min: 0, max: 3 }),
    compressed: fc.option(fc.integer({ min: 0, max: 31 }), { nil: undefined }),
  }).map(({ number, time, fields, compressed, ...options }) =>
    message(
      number,
      compressed === undefined
        ? [[253, "uint32", time], ...fields.filter(([id]) => id !== 253)]
        : fields,
      compressed === undefined ? options : { ...options, compressed },
    )
  );
  let sound = 0;
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 30 }), (messages) => {
      try {
        const { recordings } = parseActivityFile(
          fitFile([fileId(), record(START), ...messages]),
          { now: NOW },
        );
        recordings.forEach(assertSound);
        sound++;
      } catch (error) {
        if (!(error instanceof FileRefused)) throw error;
      }
    }),
    { numRuns: 1000, seed: SEED },
  );
  assert.ok(sound > 100, String(sound));
});

Deno.test("readArchive: damaged archives give entries or refusals, and soon", async () => {
  const entries = ["a", "b"].map((name) => ({ name, data: FILES[0]! }));
  const zip = zipFile(entries);
  const described = zipFile(
    entries.map((each) => ({ ...each, descriptor: "signed" as const })),
  );
  const tar = tarFile(entries.map(({ name, data }) => tarEntry(name, data)));
  await fc.assert(
    fc.asyncProperty(
      damaged([zip, described, tar, gzipSync(tar)]),
      fc.integer({ min: 1, max: 5000 }),
      async (bytes, pieceBytes) => {
        const started = performance.now();
        try {
          for await (const entry of readArchive(toStream(bytes, pieceBytes))) {
            try {
              await entry.bytes({ maxBytes: 100_000 });
            } catch (error) {
              if (
                !(error instanceof EntryRefused ||
                  error instanceof ArchiveRefused)
              ) throw error;
            }
          }
        } catch (error) {
          if (!(error instanceof ArchiveRefused)) throw error;
        }
        assert.ok(performance.now() - started < MAX_MS);
      },
    ),
    { numRuns: 600, seed: SEED },
  );
});

Deno.test("parseActivitiesCsv: any text is a table or refused", () => {
  const cell = fc.constantFrom(
    "Activity ID",
    "Filename",
    "activities/1.fit",
    '"',
    "a\nb",
    ",",
    "9,44",
    "Dec 9, 2022, 3:24:49 PM",
    "",
  );
  const text = fc.array(
    fc.array(cell, { maxLength: 120 }).map((cells) => cells.join(",")),
  ).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), (table) => {
      try {
        parseActivitiesCsv(encode(table));
      } catch (error) {
        if (!(error instanceof TableRefused)) throw error;
      }
    }),
    { numRuns: 500, seed: SEED },
  );
});

Deno.test("parseActivityFile: takes large hostile files in bounded time", () => {
  // Each part has a wrong checksum.
  const empty = fitFile([fileId()], { crc: 1 });
  const chain = new Uint8Array(empty.length * 200_000);
  for (let at = 0; at < chain.length; at += empty.length) chain.set(empty, at);
  // Data messages of one byte after a definition without fields.
  const zeros = fitFile([
    fileId(),
    [0x41, 0, 0, 20, 0, 0],
    new Array(200_000).fill(1),
  ]);
  const open = encode("<gpx>" + "<trk>".repeat(1_000_000));
  const attributes = encode(
    `<gpx ${Array.from({ length: 100_000 }, (_, i) => `a${i}="1"`).join(" ")}>`,
  );
  // A clock that is set every six records.
  const jumping = fitFile([
    fileId(),
    ...Array.from(
      { length: 60_000 },
      (_, i) => record(i % 12 < 6 ? START : START - 40 * 86_400),
    ),
  ]);
  for (const bytes of [chain, zeros, open, attributes, jumping]) {
    const started = performance.now();
    assert.throws(() => parseActivityFile(bytes, { now: NOW }), FileRefused);
    assert.ok(performance.now() - started < 2 * MAX_MS);
  }
});

Deno.test("parseActivityFile: takes names of JavaScript for unknown ones", () => {
  for (
    const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]
  ) {
    const point = (time: number) =>
      `<trkpt lat="52" lon="13" ${name}="1"><time>2024-05-04T08:00:0${time}Z</time><${name}>1</${name}></trkpt>`;
    const files = [
      gpx(track([point(0), point(1)], { type: name })),
      tcx([{
        points: [trackpoint(0), trackpoint(1)].map((each) =>
          each.replace("<Time>", `<${name}>1</${name}><Time>`)
        ),
      }], { sport: name }).replace("<Track>", `<${name}>1</${name}><Track>`),
    ];
    for (const file of files) {
      const { recordings: [only] } = parseActivityFile(encode(file), {
        now: NOW,
      });
      assert.equal(only!.streams.time.length, 2);
      assert.equal(only!.sportType, null);
    }
    const [row] = parseActivitiesCsv(encode(
      `id,date,name,type,${name},filename\n1,2018-09-12 15:02:23,Run,${name},x,\n`,
    ));
    assert.equal(row!.sportType, null);
  }
});
