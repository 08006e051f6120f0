import assert from "node:assert/strict";
import { dropRaw } from "../../../db/raw.ts";
import {
  decodePolyline,
  encodePolyline,
  type Point,
} from "../../../strava_simulator/polyline.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";
import { runCommand } from "../../support/command.ts";
import {
  change,
  createEditable,
  createRide,
  importFile,
  listIds,
  readActivity,
  RIDE_ID,
  syncFully,
} from "../../support/edits.ts";
import { createFileAthlete, createGpx } from "../../support/files.ts";
import { createPoints, gpx, track } from "../recordings/xml_file.ts";

const START = "2024-05-04T08:00:00Z";
const STRAVA_TRACK = encodePolyline([[47, 8], [47.01, 8.02]]);

/** Creates a server with an athlete without Strava and imports these files. Returns the activities' ids. */
async function createImported(
  files: readonly string[],
  env: Record<string, string> = {},
): Promise<{ test: TestApp; ids: number[] } & AsyncDisposable> {
  const test = await createTestApp({ env });
  test.clock.now = Date.now();
  await createFileAthlete(test);
  for (const file of files) {
    await importFile(test, file, ["--visibility=everyone"]);
  }
  return {
    test,
    ids: files.length > 0 ? await listIds(test) : [],
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

/** Reads the points of an activity's map; undefined if it has none. */
async function readMap(
  test: TestApp,
  id: number,
): Promise<Point[] | undefined> {
  const { map, map_reason } = await readActivity(test, id);
  if (map === null) assert.equal(map_reason, "no_track");
  return map ? decodePolyline(map.polyline) : undefined;
}

/** Returns a file of a ride at START whose track begins at a latitude. */
function createRideGpx(latitude: number, points = 61): string {
  return gpx(
    track(createPoints(points, { start: START, latitude }), {
      type: "cycling",
    }),
  );
}

Deno.test("activities: show the map of a file wherever they show Strava's", async () => {
  await using created = await createImported([createGpx(START)]);
  const { test, ids: [id] } = created;

  const { map, map_reason } = await readActivity(test, id!);
  const jsonl = await (await test.get(
    "/strava/activities/export?format=jsonl",
    { key: true },
  )).json();
  const geojson = await (await test.get(
    "/strava/activities/export?format=geojson",
    { key: true },
  )).json();

  assert.equal(map_reason, null);
  assert.deepEqual(decodePolyline(map.polyline), [
    [52.5, 13.4],
    [52.51619, 13.4],
  ]);
  assert.deepEqual(map.geojson, {
    type: "LineString",
    coordinates: [[13.4, 52.5], [13.4, 52.51619]],
  });
  assert.equal(jsonl.polyline, map.polyline);
  assert.deepEqual(geojson.features[0].geometry, map.geojson);
  assert.deepEqual(await listIds(test, "?has_map=true"), [id]);
  assert.deepEqual(await listIds(test, "?has_map=false"), []);
});

Deno.test("activities: show no position of a file without the key", async () => {
  await using created = await createImported([createGpx(START)]);
  const { test, ids: [id] } = created;
  const { map } = await readActivity(test, id!);

  for (const path of [`/strava/activities/${id}`, "/strava/activities"]) {
    const response = await test.get(path);
    const text = await response.text();
    assert.equal(response.status, 200);
    assert.ok(!text.includes(JSON.stringify(map.polyline)));
    assert.doesNotMatch(text, /52\.5|13\.4/);
  }
  const detail = await (await test.get(`/strava/activities/${id}`)).json();
  assert.deepEqual([detail.map, detail.map_reason], [null, "needs_key"]);
});

Deno.test("import: gives no map to a file without a usable track", async () => {
  const points = createPoints(30);
  const unfixed = points.map((each) =>
    each.replace(/lat="[^"]*" lon="[^"]*"/, 'lat="0" lon="0"')
  );
  const still = points.map((each) => each.replace(/lat="[^"]*"/, 'lat="52.5"'));
  const far = points.map((each, i) =>
    i < 3
      ? each.replace(/lat="[^"]*"/, 'lat="0"').replace(/lon="[^"]*"/, 'lon="0"')
      : i === 20
      ? each.replace(/lat="[^"]*"/, 'lat="53.9"')
      : i === 21
      ? each.replace(/lat="[^"]*"/, 'lat="95"')
      : each
  );
  for (
    const [name, list, expected] of [
      ["no fix", unfixed, undefined],
      ["one place", still, undefined],
      ["faults", far, [[52.50081, 13.4], [52.50782, 13.4]]],
    ] as const
  ) {
    await using created = await createImported([gpx(track(list))]);
    const { test, ids: [id] } = created;
    assert.deepEqual(await readMap(test, id!), expected, name);
  }
});

Deno.test("import: draws the best recording, in any order and twice", async () => {
  const whole = createRideGpx(52.5);
  const part = createRideGpx(53.5, 31);
  const later = createRideGpx(54.5, 60);
  for (const files of [[whole, part, later], [part, later, whole, whole]]) {
    await using created = await createImported(files);
    const { test, ids } = created;
    assert.equal(ids.length, 1);
    const [[latitude] = []] = await readMap(test, ids[0]!) ?? [];
    const first = files.find((file) => file !== part);
    assert.equal(latitude, first === whole ? 52.5 : 54.5);
  }
});

Deno.test("sync: shows Strava's map first, and that of a file where Strava has none", async () => {
  const map = { id: "a", summary_polyline: STRAVA_TRACK, resource_state: 2 };
  for (const withMap of [true, false]) {
    await using test = await createEditable([
      createRide(withMap ? { map } : {}),
    ]);
    await syncFully(test);
    await importFile(test, createRideGpx(52.5));
    const [[before] = []] = await readMap(test, RIDE_ID) ?? [];

    await dropRaw(test.deps.sql, {
      athleteId: ATHLETE_ID,
      fetchedBefore: new Date(test.clock.now + 1e9),
      afterId: 0,
      limit: 10,
    });
    await test.deps.sql`
      update sync_state set data_version = data_version + 1
    `;
    const [[dropped] = []] = await readMap(test, RIDE_ID) ?? [];

    assert.equal(before, withMap ? 47 : 52.5);
    assert.equal(dropped, 52.5);
    assert.deepEqual(await listIds(test, "?has_map=true"), [RIDE_ID]);
  }
});

Deno.test("sync: takes over the map of a file, and leaves it to the file again", async () => {
  await using test = await createEditable([createRide()]);
  await importFile(test, createRideGpx(52.5));
  await syncFully(test);
  assert.deepEqual(await listIds(test), [RIDE_ID]);
  assert.equal((await readMap(test, RIDE_ID))?.[0]?.[0], 52.5);

  test.strava.athletes.get(ATHLETE_ID)!.remove(RIDE_ID);
  await syncFully(test);

  const [id] = await listIds(test);
  assert.notEqual(id, RIDE_ID);
  assert.equal((await readMap(test, id!))?.[0]?.[0], 52.5);
});

Deno.test("activities.merge and split: move maps with their recordings", async () => {
  const early = createGpx(START, { type: "cycling" });
  const late = gpx(
    track(createPoints(90, { start: "2024-05-04T08:05:00Z", latitude: 53 }), {
      type: "cycling",
    }),
  );
  await using created = await createImported([early, late]);
  const { test, ids } = created;
  const [second, first] = ids as [number, number];

  await change(test, "merge", { id: first, ids: [second] });
  const merged = await readMap(test, first);
  const { sources } = await readActivity(test, first);
  const { id } = await change(test, "split", {
    id: first,
    sources: [sources.data.at(-1).id],
  });

  // The longer recording speaks for the whole.
  assert.equal(merged?.[0]?.[0], 53);
  const latitudes = [await readMap(test, first), await readMap(test, id)]
    .map((map) => map?.[0]?.[0]);
  assert.deepEqual(latitudes.toSorted(), [52.5, 53]);
});

Deno.test("reread: computes the maps of a version without them, without the files", async () => {
  await using created = await createImported([createGpx(START)], {
    KEEP_ORIGINALS: "false",
  });
  const { test, ids: [id] } = created;
  const { sql } = test.deps;
  const map = await readMap(test, id!);
  await sql`update recording_streams set track = null`;
  await sql`
    insert into recordings
    select (jsonb_populate_record(recordings, jsonb_build_object('place', n))).*
    from recordings, generate_series(1, 119) as n
  `;
  await sql`
    insert into recording_streams
    select (jsonb_populate_record(recording_streams, jsonb_build_object('place', n))).*
    from recording_streams, generate_series(1, 119) as n
  `;
  await sql`update activities set track = null`;
  await sql`update sync_state set data_version = data_version + 1`;
  assert.equal(await readMap(test, id!), undefined);

  const both = await Promise.all([
    runCommand(test, ["reread"]),
    runCommand(test, ["reread"]),
  ]);
  const again = await runCommand(test, ["reread"]);

  for (const { code, said } of both) assert.equal(code, 0, said);
  assert.match(both[0].printed + both[1].printed, /120 maps computed/);
  assert.match(again.printed, /: 0 files read again\n$/);
  assert.deepEqual(await readMap(test, id!), map);
});
