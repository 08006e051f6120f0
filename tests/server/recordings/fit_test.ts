import assert from "node:assert/strict";
import { FileRefused } from "../../../server/recordings/file_refused.ts";
import { parseActivityFile } from "../../../server/recordings/parse_activity_file.ts";
import type { Recording } from "../../../server/recordings/recording.ts";
import {
  createRun,
  fileId,
  fitFile,
  fitTime,
  message,
  record,
  session,
  timer,
} from "./fit_file.ts";

const NOW = new Date("2026-01-01T00:00:00Z");
const START = fitTime("2024-06-01T06:00:00Z");

const parse = (bytes: Uint8Array) => parseActivityFile(bytes, { now: NOW });

function parseOne(bytes: Uint8Array): Recording {
  const { recordings } = parse(bytes);
  assert.equal(recordings.length, 1);
  return recordings[0]!;
}

function assertRefused(bytes: Uint8Array, reason: string, text?: RegExp): void {
  assert.throws(() => parse(bytes), (error) => {
    assert.ok(error instanceof FileRefused, String(error));
    assert.equal(error.reason, reason);
    if (text) assert.match(error.message, text);
    return true;
  });
}

Deno.test("parseFit: prefers the device's totals and computes the others", () => {
  const run = parseOne(createRun());

  assert.equal(run.startedAt.toISOString(), "2024-06-01T06:00:00.000Z");
  assert.equal(run.sportType, "Run");
  assert.equal(run.timeZone, "Europe/Berlin");
  assert.equal(run.utcOffsetSeconds, 7200);
  assert.deepEqual(run.device, {
    maker: "garmin",
    product: "Edge 530",
    serial: "123456",
  });
  assert.deepEqual(run.totals.distanceMetres, { value: 180, method: "device" });
  assert.deepEqual(run.totals.timerSeconds, { value: 60, method: "device" });
  assert.equal(run.totals.averageHeartRate?.method, "computed");
  assert.equal(run.totals.maxHeartRate?.value, 139);
  assert.equal(run.streams.time.length, 61);
  assert.equal(run.streams.power, null);
  for (const stream of Object.values(run.streams)) {
    if (stream) assert.equal(stream.length, 61);
  }
});

Deno.test("parseFit: reads big-endian messages like little-endian ones", () => {
  const create = (bigEndian: boolean) =>
    fitFile([
      fileId(),
      ...[0, 1, 2].map((i) =>
        record(START + i, { heartRate: 100, distance: 3 * i }, { bigEndian })
      ),
    ]);

  const big = parseOne(create(true));

  assert.deepEqual(big.streams, parseOne(create(false)).streams);
  assert.deepEqual([...big.streams.distance!], [0, 3, 6]);
});

Deno.test("parseFit: adds compressed timestamps to the last full one", () => {
  const compressed = (second: number, first = false) =>
    message(20, [[3, "uint8", 100]], {
      local: 1,
      compressed: second,
      withoutDefinition: !first,
    });
  const begin = START - START % 32 + 30;

  const { streams } = parseOne(fitFile([
    fileId(),
    record(begin, { heartRate: 99 }),
    compressed(31, true),
    // 1 is smaller than 31: the five bits rolled over.
    compressed(1),
    compressed(5),
  ]));

  assert.deepEqual([...streams.time], [0, 1, 3, 7]);
});

Deno.test("parseFit: reads compressed distances past 256 metres", () => {
  const compressed = (sixteenths: number, speed: number) => [
    speed & 255,
    speed >> 8 | (sixteenths & 15) << 4,
    sixteenths >> 4 & 255,
  ];
  const points = [0, 200, 400, 600].map((metres, i) =>
    message(20, [
      [253, "uint32", START + 60 * i],
      [8, "byte", compressed(metres * 16 % 4096, 333)],
    ])
  );

  const { streams } = parseOne(fitFile([fileId(), ...points]));

  assert.deepEqual([...streams.distance!], [0, 200, 400, 600]);
  assert.ok(Math.abs(streams.speed![2]! - 3.33) < 1e-6);
});

Deno.test("parseFit: divides a multisport file and starts each distance at 0", () => {
  const parts = (distance: (i: number) => number) =>
    parse(fitFile([
      fileId(),
      ...Array.from(
        { length: 30 },
        (_, i) => record(START + i, { distance: distance(i) }),
      ),
      session(START, { sport: 5, subSport: 18, elapsed: 10, distance: 45 }),
      session(START + 20, { sport: 1, elapsed: 9, distance: 50 }),
      session(START + 10, { sport: 2, elapsed: 10, distance: 50 }),
      session(START, { sport: 18, elapsed: 29, distance: 145 }),
    ])).recordings;

  const recordings = parts((i) => 5 * i);
  assert.deepEqual(
    recordings.map(({ sportType }) => sportType),
    ["Swim", "Ride", "Run"],
  );
  for (const list of [recordings, parts((i) => 5 * (i % 10))]) {
    for (const { streams } of list) {
      assert.equal(streams.time.length, 10);
      assert.ok(streams.distance![0]! <= 5);
      assert.ok(streams.distance!.at(-1)! <= 50);
      assert.equal(streams.distance!.at(-1)! - streams.distance![0]!, 45);
    }
  }
});

Deno.test("parseFit: reads each of several chained activities", () => {
  const second = createRun({ start: START + 5000 });
  const { recordings } = parse(
    new Uint8Array([...createRun(), ...second, ...fitFile([fileId(2)])]),
  );

  assert.deepEqual(
    recordings.map(({ startedAt, index }) => [startedAt.toISOString(), index]),
    [["2024-06-01T06:00:00.000Z", 0], ["2024-06-01T07:23:20.000Z", 1]],
  );
});

Deno.test("parseFit: gives the records the heart rates of a chained strap", () => {
  const swim = fitFile([
    fileId(),
    ...Array.from({ length: 5 }, (_, i) => record(START + i, { distance: i })),
    session(START, { sport: 5, subSport: 17, elapsed: 4 }),
  ]);
  // Ticks 1024, 2048, 3072 and 4608: the third and fourth share twelve bits with a rollover.
  const strap = fitFile([
    message(132, [
      [253, "uint32", START],
      [9, "uint32", 1024],
      [6, "uint8", 100],
    ]),
    message(132, [
      [10, "byte", [2048 & 255, 2048 >> 8 | (3072 & 15) << 4, 3072 >> 4]],
      [6, "uint8", [110, 120]],
    ]),
    message(132, [[10, "byte", [0, 2, 0]], [6, "uint8", [130, 255]]]),
  ]);

  const { streams } = parseOne(new Uint8Array([...swim, ...strap]));

  assert.deepEqual([...streams.heartRate!], [100, 110, 120, 130, 130]);
});

Deno.test("parseFit: computes totals of a file without a session", () => {
  const { totals } = parseOne(fitFile([
    fileId(),
    timer(START, true),
    ...[0, 1, 2].map((i) => record(START + i, { distance: 3 * i, power: 200 })),
    timer(START + 2, false),
    timer(START + 50, true),
    ...[50, 51].map((i) => record(START + i, { distance: i - 41, power: 100 })),
  ]));

  assert.deepEqual(totals.elapsedSeconds, { value: 51, method: "computed" });
  assert.deepEqual(totals.timerSeconds, { value: 3, method: "computed" });
  assert.deepEqual(totals.distanceMetres, { value: 10, method: "computed" });
  assert.deepEqual(totals.averagePower, { value: 160, method: "computed" });
});

Deno.test("parseFit: takes Stryd's power where there is no native power", () => {
  const describe = (field: number, name: string, native: number) =>
    message(206, [
      [0, "uint8", 0],
      [1, "uint8", field],
      [2, "uint8", 0x84],
      [3, "string", name],
      [8, "string", "watts"],
      [14, "uint16", 20],
      [15, "uint8", native],
    ]);
  const { streams, extraStreams } = parseOne(fitFile([
    fileId(),
    describe(0, "Power", 7),
    describe(1, "Form Power", 255),
    ...[0, 1].map((i) =>
      record(START + i, {}, {
        developerFields: [[0, "uint16", 250 + i], [1, "uint16", 60]],
      })
    ),
  ]));

  assert.deepEqual([...streams.power!], [250, 251]);
  assert.deepEqual(
    extraStreams.map(({ name, unit, values }) => [name, unit, ...values]),
    [["Power", "watts", 250, 251], ["Form Power", "watts", 60, 60]],
  );
});

Deno.test("parseFit: takes invalid values and a heart rate of 0 for none", () => {
  const { streams, totals } = parseOne(fitFile([
    fileId(),
    message(20, [
      [253, "uint32", START],
      [0, "sint32", 0x7fffffff],
      [1, "sint32", 0x7fffffff],
      [2, "uint16", 0xffff],
      [3, "uint8", 0xff],
      [7, "uint16", 0xffff],
    ]),
    record(START + 1, { heartRate: 0 }),
    session(START, { fields: [[16, "uint8", 0], [17, "uint8", 255]] }),
  ]));

  assert.equal(streams.latitude, null);
  assert.equal(streams.altitude, null);
  assert.equal(streams.heartRate, null);
  assert.equal(streams.power, null);
  assert.equal(totals.averageHeartRate, undefined);
  assert.equal(totals.maxHeartRate, undefined);
});

Deno.test("parseFit: takes a first position at 0,0 for no fix", () => {
  const { streams, timeZone } = parseOne(fitFile([
    fileId(),
    record(START, { latitude: 0, longitude: 0 }),
    record(START + 1, { latitude: 52.5, longitude: 13.4 }),
  ]));

  assert.ok(Number.isNaN(streams.latitude![0]));
  assert.equal(timeZone, "Europe/Berlin");
});

Deno.test("parseFit: keeps a timer longer than the elapsed time", () => {
  const { totals } = parseOne(fitFile([
    fileId(),
    record(START),
    record(START + 9),
    session(START, { elapsed: 9, timer: 9.9 }),
  ]));

  assert.equal(totals.elapsedSeconds?.value, 9);
  assert.equal(totals.timerSeconds?.value, 9.9);
  assert.equal(totals.movingSeconds?.value, 9);
});

Deno.test("parseFit: starts with the records if the session starts far from them", () => {
  const start = (difference: number) =>
    parseOne(fitFile([
        fileId(),
        record(START),
        record(START + 900),
        session(START + difference),
      ])).startedAt.getTime() / 1000 - 631_065_600 - START;

  assert.equal(start(-40), -40);
  assert.equal(start(3), 3);
  assert.equal(start(900), 0);
  assert.equal(start(-2 * 86_400), 0);
});

Deno.test("parseFit: computes totals that the session states as 0", () => {
  const create = (distances: readonly number[]) =>
    parseOne(fitFile([
      fileId(),
      ...distances.map((distance, i) => record(START + i, { distance })),
      session(START, { elapsed: 0, distance: 0 }),
    ])).totals;

  assert.deepEqual(create([0, 3]).distanceMetres, {
    value: 3,
    method: "computed",
  });
  assert.deepEqual(create([0, 0]).distanceMetres, {
    value: 0,
    method: "device",
  });
  assert.deepEqual(create([0, 3]).timerSeconds, {
    value: 1,
    method: "computed",
  });
});

Deno.test("parseFit: names generic open water a swim and Zwift virtual", () => {
  const create = (maker: number, sport: number, subSport: number) =>
    parseOne(fitFile([
      fileId(4, maker, 0),
      record(START, { latitude: -11.64, longitude: 166.95 }),
      record(START + 1, { latitude: -11.64, longitude: 166.95 }),
      session(START, { sport, subSport }),
    ]));

  assert.equal(create(1, 0, 18).sportType, "Swim");
  const ride = create(260, 2, 58);
  assert.equal(ride.sportType, "VirtualRide");
  assert.equal(ride.virtual, true);
  assert.equal(ride.timeZone, null);
  assert.equal(ride.utcOffsetSeconds, null);
});

Deno.test("parseFit: uses a plausible local timestamp indoors, ignores others", () => {
  const create = (local: number) =>
    parseOne(fitFile([
      fileId(),
      record(START),
      record(START + 1),
      message(34, [[253, "uint32", START + 1], [5, "uint32", local]]),
    ])).utcOffsetSeconds;

  assert.equal(create(START + 1 - 4 * 3600), -14400);
  assert.equal(create(START + 3 + 5.75 * 3600), 20700);
  assert.equal(create(START + 1 + 1000), null);
  assert.equal(create(START - 847_083_340), null);
  assert.equal(create(0), null);
});

Deno.test("parseFit: gives records without a time that of their pool length", () => {
  const length = (start: number) =>
    message(101, [
      [2, "uint32", start],
      [3, "uint32", 20_000],
      [5, "uint16", 9],
      [7, "enum", 0],
      [12, "enum", 1],
    ]);
  const untimed = (distance: number) => message(20, [[5, "uint32", distance]]);
  const { streams, lengths, poolLengthMetres } = parseOne(fitFile([
    fileId(),
    untimed(2500),
    length(START),
    untimed(5000),
    length(START + 25),
    session(START, { sport: 5, subSport: 17, fields: [[44, "uint16", 2500]] }),
  ]));

  assert.deepEqual([...streams.time], [20, 45]);
  assert.deepEqual([...streams.distance!], [25, 50]);
  assert.equal(poolLengthMetres, 25);
  assert.deepEqual(lengths[1], {
    startSeconds: 25,
    elapsedSeconds: 20,
    active: true,
    strokes: 9,
    stroke: "freestyle",
  });
});

Deno.test("parseFit: repairs a clock that jumps ahead, back, or by a second", () => {
  const times = (list: readonly number[]) => {
    const { recordings: [run], warnings } = parse(
      fitFile([fileId(), ...list.map((time) => record(time))]),
    );
    return [
      run!.startedAt.toISOString(),
      [...run!.streams.time],
      warnings.length,
    ];
  };

  const start = "2024-06-01T06:00:00.000Z";
  assert.deepEqual(times([START, START + 2, START + 1, START + 3]), [
    start,
    [0, 2, 2, 3],
    0,
  ]);
  assert.deepEqual(times([START, START + 1, START - 3600, START - 3599]), [
    start,
    [0, 1, 2, 3],
    1,
  ]);
  // Counted from power-on until the first fix.
  assert.deepEqual(times([7, 8, START + 2, START + 3]), [
    start,
    [0, 1, 2, 3],
    1,
  ]);
});

Deno.test("parseFit: gives a few records with a wrong time that of their neighbour", () => {
  const times = (
    list: readonly number[],
  ) => [
    ...parseOne(fitFile([fileId(), ...list.map((time) => record(time))]))
      .streams.time,
  ];

  const years = 10 * 365 * 86_400;
  const wrongs = [START + 5 - years, START - 7200];
  for (const wrong of [...wrongs, fitTime("2025-12-31T00:00:00Z")]) {
    assert.deepEqual(times([START, START + 1, wrong, wrong, START + 4]), [
      0,
      1,
      1,
      1,
      4,
    ]);
  }

  // At the start and at the end, with enough right ones in between.
  const right = Array.from({ length: 8 }, (_, i) => START + i);
  const future = fitTime("2040-01-01T00:00:00Z");
  assert.deepEqual(times([...right, future]), [0, 1, 2, 3, 4, 5, 6, 7, 7]);
  assert.deepEqual(times([future, ...right]), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

Deno.test("parseFit: takes a gap for a set clock if the session is shorter", () => {
  const create = (elapsed: number) =>
    parseOne(fitFile([
      fileId(),
      record(START),
      record(START + 1),
      ...[3 * 86_400, 3 * 86_400 + 1, 3 * 86_400 + 2].map((gap) =>
        record(START + gap)
      ),
      session(START, { elapsed }),
    ]));

  const jump = create(4);
  assert.deepEqual([...jump.streams.time], [0, 1, 2, 3, 4]);
  assert.equal(jump.startedAt.toISOString(), "2024-06-04T05:59:58.000Z");
  assert.equal(create(3 * 86_400).streams.time.at(-1), 3 * 86_400 + 2);
});

Deno.test("parseFit: refuses files without a date or of another type", () => {
  assertRefused(fitFile([fileId(), record(7), record(8)]), "no_clock");
  assertRefused(
    fitFile([fileId(), record(fitTime("2031-01-01T00:00:00Z")), record(0)]),
    "no_clock",
  );
  assertRefused(
    fitFile([fileId(6), record(START), record(START)]),
    "not_an_activity",
    /a course/,
  );
  assertRefused(fitFile([fileId(32)]), "not_an_activity", /health monitoring/);
  assertRefused(fitFile([fileId()]), "no_track");
  assertRefused(fitFile([fileId(), record(START)]), "too_short");
});

Deno.test("parseFit: keeps a whole file with a wrong checksum or size", () => {
  const whole = createRun();
  const badCrc = whole.with(whole.length - 1, whole.at(-1)! ^ 1);
  const tooBig = whole.with(7, 0xff);
  const half = new Uint8Array(whole);
  new DataView(half.buffer).setUint32(4, whole.length >> 1, true);
  const { totals } = parseOne(whole);

  for (const bytes of [badCrc, tooBig, half, whole.slice(0, -2)]) {
    const { recordings, warnings } = parse(bytes);
    assert.deepEqual(recordings[0]!.totals, totals);
    assert.equal(warnings.length, 1, String(warnings));
  }
});

Deno.test("parseFit: reads a file that a device could not finish", () => {
  const whole = createRun();
  const cut = whole.slice(0, whole.length - 120);
  new DataView(cut.buffer).setUint32(4, 0, true);

  const { recordings, warnings } = parse(cut);

  assert.deepEqual(warnings, ["The file is incomplete: its end is missing"]);
  assert.ok(recordings[0]!.streams.time.length > 50);
});

Deno.test("parseFit: refuses a broken structure with a wrong checksum", () => {
  const broken = fitFile([
    fileId(),
    record(START),
    record(START + 1),
    message(20, [[3, "uint8", 1]], { local: 5, withoutDefinition: true }),
    session(START),
  ], { crc: 1 });

  assertRefused(broken, "damaged");
});

Deno.test("parseFit: reads the athlete's profile with its date", () => {
  const { profile } = parseOne(fitFile([
    fileId(),
    message(3, [[4, "uint16", 705], [8, "uint8", 48], [11, "uint8", 190]]),
    message(7, [[1, "uint8", 188], [2, "uint8", 170], [3, "uint16", 265]]),
    record(START),
    record(START + 1),
  ]));

  assert.deepEqual(profile, {
    at: new Date("2024-06-01T06:00:00Z"),
    weightKilograms: 70.5,
    restingHeartRate: 48,
    maxHeartRate: 188,
    thresholdHeartRate: 170,
    thresholdPower: 265,
  });
});
