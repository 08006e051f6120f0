import assert from "node:assert/strict";
import { parseActivityFile } from "../../../server/recordings/parse_activity_file.ts";
import {
  toFileName,
  toGeoJson,
  toGpx,
} from "../../../web/src/pages/activity/gpx.ts";

const HEAD = {
  name: 'Run & <ride> "x"\u0000\u0007\ud800',
  sport_type: "Run",
  start_date: new Date("2026-11-28T07:00:00Z"),
};

Deno.test("toGpx: writes a file that the importer reads back", () => {
  const count = 60;
  const list = <Value>(create: (index: number) => Value): Value[] =>
    Array.from({ length: count }, (_, index) => create(index));
  const gpx = toGpx(HEAD, {
    time: list((index) => index * 2),
    latlng: list((index) => index === 30 ? null : [52.5 + index / 1e4, 13.4]),
    altitude: list((index) => 30 + index / 10),
    heartrate: list((index) => index === 5 ? null : 140 + index % 3),
    cadence: list(() => 84.4),
    watts: list((index) => 200 + index),
    temp: list(() => -3),
  });
  const { recordings, warnings } = parseActivityFile(
    new TextEncoder().encode(gpx),
    { now: new Date("2026-11-28T12:00:00Z") },
  );
  assert.deepEqual(warnings, []);
  const [recording] = recordings;
  assert.equal(recording!.name, 'Run & <ride> "x"');
  assert.equal(recording!.sportType, "Run");
  assert.equal(recording!.startedAt.toISOString(), "2026-11-28T07:00:00.000Z");
  const { streams } = recording!;
  assert.equal(streams.power?.at(-1), 259);
  assert.equal(streams.heartRate?.[6], 140);
  assert.ok(Number.isNaN(streams.heartRate![5]));
  assert.equal(streams.time.at(-1), 118);
  assert.equal(gpx!.match(/<trkpt /g)!.length, count - 1);
  assert.equal(gpx!.match(/<gpxtpx:hr>/g)!.length, count - 2);
  assert.match(gpx!, /<power>259<\/power>/);
  assert.match(gpx!, /<gpxtpx:cad>84<\/gpxtpx:cad>/);
  assert.match(gpx!, /<gpxtpx:atemp>-3<\/gpxtpx:atemp>/);
});

Deno.test("toGpx: writes nothing without positions", () => {
  assert.equal(toGpx(HEAD, { time: [0, 1] }), undefined);
  assert.equal(
    toGpx(HEAD, { time: [0, 1], latlng: [null, null] }),
    undefined,
  );
});

Deno.test("toGpx: leaves out extensions that were not recorded", () => {
  const gpx = toGpx(HEAD, { time: [0, 1], latlng: [[1, 2], [1, 2.1]] });
  assert.ok(!gpx!.includes("extensions") && !gpx!.includes("<ele>"));
});

Deno.test("toGeoJson: is a feature, and nothing without a track", () => {
  const geojson = {
    type: "LineString" as const,
    coordinates: [[1, 2], [3, 4]],
  };
  const activity = { ...HEAD, id: 7, distance: 1, moving_time: 2 };
  const text = toGeoJson({ ...activity, map: { polyline: "", geojson } });
  assert.deepEqual(JSON.parse(text!).geometry, geojson);
  assert.equal(toGeoJson({ ...activity, map: null }), undefined);
});

Deno.test("toFileName: holds no path and no control characters", () => {
  const start_date_local = "2026-11-28T08:00:00";
  const toName = (name: string): string =>
    toFileName({ name, start_date_local }, "gpx");
  assert.equal(
    toName("../../etc/passwd\u0000"),
    "2026-11-28-etc-passwd.gpx",
  );
  assert.equal(toName("Früh Läufe!"), "2026-11-28-Früh-Läufe.gpx");
  assert.equal(toName("🏃"), "2026-11-28.gpx");
  assert.ok(toName("a".repeat(500)).length < 100);
});
