import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { FileRefused } from "../../../server/recordings/file_refused.ts";
import { parseActivityFile } from "../../../server/recordings/parse_activity_file.ts";
import type { ParsedFile } from "../../../server/recordings/recording.ts";
import { parseTime } from "../../../server/recordings/xml/parse_time.ts";
import { createPoints, gpx, tcx, track, trackpoint } from "./xml_file.ts";

const NOW = new Date("2026-01-01T00:00:00Z");
const encode = (text: string) => new TextEncoder().encode(text);

const parse = (content: string | Uint8Array): ParsedFile =>
  parseActivityFile(
    typeof content === "string" ? encode(content) : content,
    { now: NOW },
  );

function assertRefused(content: string | Uint8Array, reason: string): void {
  assert.throws(() => parse(content), (error) => {
    assert.ok(error instanceof FileRefused, String(error));
    assert.equal(error.reason, reason);
    return true;
  });
}

Deno.test("parseGpx: reads name, type, zone and each track", () => {
  const { kind, recordings } = parse(gpx(
    track(createPoints(5), { name: "A &amp; B &#252;", type: "9" }) +
      track(createPoints(3, { start: "2024-05-05T08:00:00Z" })),
  ));

  assert.equal(kind, "gpx");
  assert.equal(recordings.length, 2);
  const [run] = recordings;
  assert.equal(run!.name, "A & B ü");
  assert.equal(run!.sportType, "Run");
  assert.equal(run!.timeZone, "Europe/Berlin");
  assert.equal(run!.startedAt.toISOString(), "2024-05-04T08:00:00.000Z");
  assert.equal(run!.totals.elapsedSeconds?.value, 40);
  // 30 m every 10 s.
  assert.ok(Math.abs(run!.totals.distanceMetres!.value - 120) < 0.2);
  assert.ok(Math.abs(run!.totals.maxSpeed!.value - 3) < 0.01);
  assert.deepEqual(recordings.map(({ index }) => index), [0, 1]);
});

Deno.test("parseGpx: does not ride the gap between two segments", () => {
  const far = createPoints(3, { start: "2024-05-04T09:00:00Z", latitude: 53 });
  const { recordings: [ride] } = parse(gpx(
    track([...createPoints(3), "</trkseg><trkseg>", ...far]),
  ));

  assert.ok(Math.abs(ride!.totals.distanceMetres!.value - 120) < 0.2);
  assert.deepEqual(ride!.pauses, [{ startSeconds: 20, endSeconds: 3600 }]);
  assert.equal(ride!.totals.elapsedSeconds?.value, 3620);
  assert.equal(ride!.totals.timerSeconds?.value, 40);
  assert.equal(ride!.totals.movingSeconds?.value, 40);
  assert.deepEqual([...ride!.streams.moving], [0, 1, 1, 0, 1, 1]);
});

Deno.test("parseGpx: reads extensions under any prefix, also undeclared ones", () => {
  const point = (extra: string, time: string) =>
    `<trkpt lat="52.5" lon="13.4"><ele>-3.5</ele><time>${time}</time>${extra}</trkpt>`;
  const { recordings: [run] } = parse(gpx(track([
    point(
      "<extensions><ns3:TrackPointExtension><ns3:atemp>21</ns3:atemp><ns3:hr>120</ns3:hr><ns3:cad>80</ns3:cad></ns3:TrackPointExtension></extensions>",
      "2024-05-04T08:00:00Z",
    ),
    point(
      "<speed>2.5</speed><extensions><power>200</power><gpxdata:hr>130</gpxdata:hr></extensions>",
      "2024-05-04T08:00:01Z",
    ),
    point(
      "<extensions><pwr:PowerInWatts>210</pwr:PowerInWatts><heartrate>0</heartrate></extensions>",
      "2024-05-04T08:00:02Z",
    ),
  ])));

  const list = (values: Iterable<number> | null) =>
    [...values ?? []].map((value) => Number.isNaN(value) ? null : value);
  assert.deepEqual(list(run!.streams.heartRate), [120, 130, null]);
  assert.deepEqual(list(run!.streams.power), [null, 200, 210]);
  assert.deepEqual(list(run!.streams.cadence), [80, null, null]);
  assert.deepEqual(list(run!.streams.temperature), [21, null, null]);
  assert.deepEqual(list(run!.streams.speed), [null, 2.5, null]);
  assert.deepEqual(list(run!.streams.altitude), [-3.5, -3.5, -3.5]);
});

Deno.test("parseGpx: leaves out impossible positions and keeps the records", () => {
  const bad = [
    'lat="91" lon="0"',
    'lat="NaN" lon="0"',
    'lat="1e999" lon="0"',
    'lat="" lon="0"',
    'lat="52"',
  ].map((place, i) =>
    `<trkpt ${place}><time>2024-05-04T08:00:0${i + 1}Z</time></trkpt>`
  );
  const { recordings: [run], warnings } = parse(
    gpx(track([createPoints(1)[0]!, ...bad, createPoints(2)[1]!])),
  );

  assert.equal(run!.streams.time.length, 7);
  assert.equal(
    run!.streams.latitude!.filter((x) => !Number.isNaN(x)).length,
    2,
  );
  assert.ok(Math.abs(run!.totals.distanceMetres!.value - 30) < 0.1);
  assert.deepEqual(warnings, ["Positions out of range were left out"]);
  assertRefused(gpx(track(bad)), "bad_coordinates");
});

Deno.test("parseGpx: crosses 180 degrees of longitude the short way", () => {
  const point = (longitude: number, second: number) =>
    `<trkpt lat="-16.8" lon="${longitude}"><time>2024-08-09T19:00:0${second}Z</time></trkpt>`;
  const { recordings: [run] } = parse(
    gpx(track([point(179.9999, 0), point(-179.9999, 5)])),
  );

  assert.ok(run!.totals.distanceMetres!.value < 25);
  assert.equal(run!.timeZone, "Pacific/Fiji");
});

Deno.test("parseGpx: fills in times between records that have one", () => {
  const untimed = '<trkpt lat="52.5" lon="13.4"></trkpt>';
  const [first, second] = createPoints(2);
  const { recordings: [run], warnings } = parse(
    gpx(track([untimed, first!, untimed, second!, untimed])),
  );

  assert.deepEqual([...run!.streams.time], [0, 0, 5, 10, 10]);
  assert.equal(warnings.length, 1);
});

Deno.test("parseGpx: refuses files without a usable track, each with its reason", () => {
  const untimed = '<trkpt lat="52.5" lon="13.4"></trkpt>';
  assertRefused(gpx('<rte><rtept lat="1" lon="2"/></rte>'), "no_track");
  assertRefused(gpx(track([])), "no_track");
  assertRefused(gpx(track([untimed, untimed])), "no_times");
  assertRefused(gpx(track(createPoints(1))), "too_short");
  for (
    const start of [
      "1901-12-13T20:45:52Z",
      "1970-01-01T00:00:00Z",
      "2030-01-01T00:00:00Z",
    ]
  ) {
    assertRefused(gpx(track(createPoints(3, { start }))), "no_clock");
  }
  const { warnings } = parse(gpx(track([untimed]) + track(createPoints(2))));
  assert.match(warnings[0]!, /^1 of 2 tracks/);
});

Deno.test("parseTime: reads offsets and fractions, refuses other text", () => {
  const iso = (text: string) => {
    const read = parseTime(text);
    return read && new Date(read.time * 1000).toISOString();
  };
  assert.equal(
    iso("2021-01-07T21:51:59.179+01:15"),
    "2021-01-07T20:36:59.179Z",
  );
  assert.equal(iso("2021-01-07T21:51:59-0330"), "2021-01-08T01:21:59.000Z");
  assert.equal(iso("2021-01-07T21:51:59.5z"), "2021-01-07T21:51:59.500Z");
  assert.equal(iso("2021-01-07T21:51"), "2021-01-07T21:51:00.000Z");
  assert.equal(parseTime("2021-01-07T21:51:59+02")?.offsetSeconds, 7200);
  assert.equal(parseTime("2021-01-07T21:51:59Z")?.offsetSeconds, undefined);
  for (const text of ["", "yesterday", "2021-01-07", "21:51:59", "1"]) {
    assert.equal(parseTime(text), undefined, text);
  }
});

Deno.test("parseTcx: prefers the totals of the laps to the last record", () => {
  const { recordings: [run] } = parse(tcx(
    [
      {
        seconds: 300,
        distance: 1000,
        heartRate: [140, 160],
        points: [
          trackpoint(0, { distance: 0 }),
          trackpoint(20, { distance: 60, heartRate: 150 }),
        ],
      },
      {
        seconds: 310,
        distance: 1200,
        heartRate: [150, 170],
        points: [trackpoint(320, { distance: 900 })],
      },
    ],
    { sport: "Running" },
  ));

  assert.equal(run!.sportType, "Run");
  assert.deepEqual(run!.totals.distanceMetres, {
    value: 2200,
    method: "device",
  });
  assert.deepEqual(run!.totals.timerSeconds, { value: 610, method: "device" });
  assert.deepEqual(run!.totals.maxHeartRate, { value: 170, method: "device" });
  assert.equal(run!.totals.averageHeartRate?.method, "computed");
  assert.equal(run!.laps.length, 2);
  assert.equal(run!.laps[0]!.totals.averageHeartRate, 140);
  assert.deepEqual(run!.device, {
    maker: null,
    product: "Edge 500",
    serial: "42",
  });
});

Deno.test("parseTcx: takes a second track of a lap for a pause", () => {
  const { recordings: [run] } = parse(tcx([{
    points: [
      trackpoint(0, { distance: 0 }),
      trackpoint(10, { distance: 30 }),
      "</Track><Track>",
      trackpoint(100, { distance: 30 }),
      trackpoint(110, { distance: 60 }),
    ],
  }]));

  assert.deepEqual(run!.pauses, [{ startSeconds: 10, endSeconds: 100 }]);
  assert.equal(run!.totals.timerSeconds?.value, 20);
});

Deno.test("parseTcx: reads several activities, watts and a sport not in the schema", () => {
  const one = (sport: string) =>
    tcx([{
      points: [trackpoint(0, { watts: 100 }), trackpoint(1, { watts: 300 })],
    }], { sport });
  const [head, body] = one("Rowing").split("<Activities>");
  const second =
    one("Other").split("<Activities>")[1]!.split("</Activities>")[0];
  const { recordings } = parse(`${head}<Activities>${second}${body}`);

  assert.deepEqual(recordings.map(({ sportType }) => sportType), [
    null,
    "Rowing",
  ]);
  assert.deepEqual(recordings.map(({ sportInFile }) => sportInFile), [
    "Other",
    "Rowing",
  ]);
  assert.equal(recordings[0]!.totals.averagePower?.value, 200);
});

Deno.test("parseTcx: accepts laps without records, refuses courses and workouts", () => {
  const { recordings: [gym] } = parse(
    tcx([{ seconds: 1800, distance: 0, points: [] }]),
  );
  assert.equal(gym!.totals.timerSeconds?.value, 1800);
  assert.equal(gym!.streams.time.length, 0);

  const root = (content: string) =>
    `<TrainingCenterDatabase>${content}</TrainingCenterDatabase>`;
  assertRefused(
    root("<Courses><Course><Name>a</Name></Course></Courses>"),
    "not_an_activity",
  );
  assertRefused(root("<Workouts><Workout/></Workouts>"), "not_an_activity");
  assertRefused(root(""), "no_track");
});

Deno.test("parseActivityFile: reads blanks, byte-order marks, UTF-16, Latin-1, gzip", () => {
  const text = gpx(track(createPoints(2), { name: "Süd" }));
  const utf16 = new Uint8Array(2 + 2 * text.length);
  utf16.set([0xff, 0xfe]);
  for (let i = 0; i < text.length; i++) {
    utf16[2 + 2 * i] = text.charCodeAt(i) & 255;
    utf16[3 + 2 * i] = text.charCodeAt(i) >> 8;
  }
  const latin = Uint8Array.from(
    text.replace("UTF-8", "ISO-8859-1"),
    (letter) => letter.charCodeAt(0),
  );
  for (
    const content of [
      encode(text),
      encode(` \n\t         ${text}`),
      encode(`\ufeff${text}`),
      encode(`\ufeff  ${text}`),
      utf16,
      utf16.subarray(2),
      latin,
      gzipSync(text),
      encode(text.replace("UTF-8", "UTF-16")),
    ]
  ) assert.equal(parse(content).recordings[0]!.name, "Süd");
});

Deno.test("parseActivityFile: refuses entities without expanding or reading them", () => {
  const laughs = Array.from(
    { length: 300 },
    (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`,
  ).join("");
  const body = gpx(track(createPoints(2), { name: "&l30;" }));
  const withType = (type: string) => body.replace("<gpx", `${type}<gpx`);

  assertRefused(
    withType(`<!DOCTYPE gpx [<!ENTITY l0 "ha">${laughs}]>`),
    "entities",
  );
  assertRefused(
    withType('<!DOCTYPE gpx [<!ENTITY l30 SYSTEM "file:///etc/passwd">]>'),
    "entities",
  );
  assertRefused(
    withType(`<!--${"x".repeat(9000)}--><!DOCTYPE gpx [<!ENTITY l30 "a">]>`),
    "unknown_format",
  );
  assertRefused(body, "not_well_formed");
});

Deno.test("parseActivityFile: refuses nested, cut and other files", () => {
  const text = gpx(track(createPoints(9)));
  assertRefused(new Uint8Array(0), "empty");
  assertRefused(gzipSync(""), "empty");
  assertRefused("hello", "unknown_format");
  assertRefused("<kml></kml>", "unknown_format");
  assertRefused(text.slice(0, -300), "damaged");
  assertRefused(text.replace("</trkseg>", "</wrong>"), "not_well_formed");
  assertRefused("<gpx>" + "<a>".repeat(100_000), "not_well_formed");
  const attributes = Array.from({ length: 1001 }, (_, i) => `a${i}=""`);
  assertRefused(`<gpx ${attributes.join(" ")}></gpx>`, "not_well_formed");
  assertRefused(gzipSync(text).subarray(0, 200), "damaged");
  assertRefused(gzipSync(new Uint8Array(50_000_000)), "too_large");
  assert.throws(
    () => parseActivityFile(encode(text), { maxBytes: 100 }),
    { reason: "too_large" },
  );
});
