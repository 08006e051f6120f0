import assert from "node:assert/strict";
import { deleteAthlete } from "../../../../db/athletes.ts";
import { readAthleteExport } from "../../../../db/data_export.ts";
import { readActivityStreams } from "../../../../db/streams/activity_streams.ts";
import { insertCaller, insertKey } from "../../../support/callers.ts";
import { createTestApp, type TestApp } from "../../../support/app.ts";
import {
  createFileAthlete,
  createFolder,
  importPaths,
  readActivities,
} from "../../../support/files.ts";
import {
  createRun,
  fileId,
  fitFile,
  fitTime,
  message,
  record,
  session,
} from "../../recordings/fit_file.ts";
import {
  createPoints,
  gpx,
  tcx,
  track,
  trackpoint,
} from "../../recordings/xml_file.ts";

const START = fitTime("2024-06-01T06:00:00Z");

/** Creates an athlete with the activities of some files, which everyone may see. */
async function createImported(
  files: Record<string, string | Uint8Array>,
  args: readonly string[] = ["--visibility=everyone"],
): Promise<
  { test: TestApp; athleteId: number; ids: number[] } & AsyncDisposable
> {
  const test = await createTestApp();
  test.clock.now = Date.UTC(2024, 5, 20, 12, 2);
  await using folder = await createFolder();
  const athleteId = await createFileAthlete(test);
  for (const [name, content] of Object.entries(files)) {
    await folder.write(name, content);
    const { code, said } = await importPaths(test, folder.path, args);
    assert.equal(code, 0, said);
  }
  const activities = await readActivities(test, athleteId);
  return {
    test,
    athleteId,
    ids: activities.map(({ id }) => Number(id)),
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

type Values = NonNullable<Parameters<typeof record>[1]>;

/** Returns a ride with all sensors, one record each second. */
function createRide(
  count: number,
  each: (i: number) => { [Name in keyof Values]: number | undefined } =
    () => ({}),
): Uint8Array {
  const records = Array.from({ length: count }, (_, i) =>
    record(START + i, {
      latitude: 47 + i * 8 / 111_195,
      longitude: 8.5,
      distance: 8 * i,
      altitude: 400 + i * 0.4,
      speed: 8,
      heartRate: 120 + i % 40,
      power: 180 + i % 60,
      ...each(i) as Values,
    }));
  const elapsed = count - 1;
  return fitFile([
    fileId(),
    ...records,
    session(START, { sport: 2, elapsed, distance: 8 * elapsed }),
  ]);
}

// deno-lint-ignore no-explicit-any -- tests look into answers of many shapes
type Json = any;

async function readJson(
  { get }: TestApp,
  path: string,
  init: RequestInit & { key?: boolean } = { key: true },
): Promise<Json> {
  const response = await get(path, init);
  assert.equal(response.status, 200, path);
  return await response.json();
}

Deno.test("/strava/activities/{id}/streams: answers each stream of a FIT file", async () => {
  const ride = createRide(
    200,
    (i) =>
      i === 50
        ? { heartRate: 199, power: 1100 }
        : i === 60
        ? { latitude: undefined, longitude: undefined }
        : {},
  );
  await using created = await createImported({ "ride.fit": ride });
  const { test, ids: [id] } = created;

  const answer = await readJson(test, `/strava/activities/${id}/streams`);

  const { streams } = answer;
  assert.deepEqual(Object.keys(streams), [
    "time",
    "latlng",
    "distance",
    "altitude",
    "velocity_smooth",
    "heartrate",
    "watts",
    "moving",
    "grade_smooth",
  ]);
  assert.equal(answer.source, "fit");
  assert.equal(answer.points, 200);
  assert.equal(answer.returned_points, 200);
  assert.deepEqual(answer.withheld, []);
  for (const values of Object.values<unknown[]>(streams)) {
    assert.equal(values.length, 200);
  }
  assert.deepEqual(streams.time.slice(0, 3), [0, 1, 2]);
  assert.deepEqual(streams.distance.slice(0, 3), [0, 8, 16]);
  assert.deepEqual(streams.altitude.slice(0, 3), [400, 400.4, 400.8]);
  assert.deepEqual([streams.heartrate[50], streams.watts[50]], [199, 1100]);
  assert.deepEqual(streams.latlng[1], [47.000072, 8.5]);
  assert.equal(streams.latlng[60], null);
  assert.equal(streams.velocity_smooth[9], 8);
  assert.equal(streams.grade_smooth[100], 5);
  assert.deepEqual(streams.moving.slice(0, 2), [false, true]);
});

Deno.test("/strava/activities/{id}/streams: answers GPX and TCX files", async () => {
  const points = createPoints(30).map((point, i) =>
    point.replace("</trkpt>", `<ele>${40 + i}.5</ele></trkpt>`)
  );
  await using created = await createImported({
    "run.gpx": gpx(track(points, { type: "running" })),
  });
  await using other = await createImported({
    "ride.tcx": tcx([{
      points: [
        trackpoint(0, { distance: 0, heartRate: 100 }),
        trackpoint(10, { distance: 100 }),
        trackpoint(20, { distance: 200, heartRate: 102, watts: 250 }),
      ],
    }]),
  });

  const run = await readJson(
    created.test,
    `/strava/activities/${created.ids[0]}/streams`,
  );
  const ride = await readJson(
    other.test,
    `/strava/activities/${
      other.ids[0]
    }/streams?keys=heartrate,watts,distance,velocity_smooth`,
  );

  assert.equal(run.source, "gpx");
  assert.equal(run.streams.altitude[29], 69.5);
  assert.equal(run.streams.velocity_smooth[5], 3);
  assert.equal(run.streams.heartrate, undefined);
  assert.deepEqual(ride, {
    source: "tcx",
    points: 3,
    returned_points: 3,
    streams: {
      time: [0, 10, 20],
      distance: [0, 100, 200],
      velocity_smooth: [null, 10, 10],
      heartrate: [100, null, 102],
      watts: [null, null, 250],
    },
    withheld: [],
  });
});

Deno.test("/strava/activities/{id}/streams: thins out six hours and keeps the peaks", async () => {
  const ride = createRide(
    21_600,
    (i) => i === 9876 ? { power: 1400, heartRate: 201 } : {},
  );
  await using created = await createImported({ "long.fit": ride });
  const { test, ids: [id] } = created;
  const path = `/strava/activities/${id}/streams`;

  const some = await readJson(
    test,
    `${path}?keys=watts,heartrate&resolution=500`,
  );
  const all = await readJson(test, `${path}?resolution=50000`);

  assert.equal(some.points, 21_600);
  assert.ok(some.returned_points <= 500 && some.returned_points > 250);
  assert.equal(some.streams.time.length, some.returned_points);
  const peak = some.streams.time.indexOf(9876);
  assert.deepEqual(
    [some.streams.watts[peak], some.streams.heartrate[peak]],
    [1400, 201],
  );
  assert.deepEqual([some.streams.time[0], some.streams.time.at(-1)], [
    0,
    21_599,
  ]);
  assert.equal(all.returned_points, 21_600);
});

Deno.test("/strava/activities/{id}/streams: shows positions to the owner alone", async () => {
  await using created = await createImported({ "run.fit": createRun() });
  const { test, athleteId, ids: [id] } = created;
  const user = await insertCaller(test, "ada");
  const stranger = await insertCaller(test, "eve");
  await test.deps.sql`
    update athletes set user_id = ${user.id}, visibility = 'public' where id = ${athleteId}
  `;
  const limited = await insertKey(test, { user, scopes: ["activities:read"] });
  const full = await insertKey(test, {
    user,
    scopes: ["activities:read", "activities:read_private"],
  });
  const path = `/strava/activities/${id}/streams?athlete=${athleteId}`;

  const read = (headers: HeadersInit): Promise<Json> =>
    readJson(test, path, { headers });

  for (const headers of [user.headers, full.headers]) {
    const answer = await read(headers);
    assert.equal(answer.streams.latlng.length, 61);
    assert.deepEqual(answer.withheld, []);
  }
  for (const headers of [{}, stranger.headers, limited.headers]) {
    const answer = await read(headers);
    assert.equal(answer.streams.latlng, undefined);
    assert.equal(answer.streams.heartrate.length, 61);
    assert.deepEqual(answer.withheld, ["latlng"]);
    assert.doesNotMatch(JSON.stringify(answer), /52\.5|13\.4/);
  }
  const response = await test.get(path, { headers: user.headers });
  await response.body?.cancel();
  assert.match(response.headers.get("cache-control") ?? "", /private|no-store/);
});

Deno.test("/strava/activities/{id}/streams: hides a heart rate hidden at Strava", async () => {
  await using created = await createImported({ "run.fit": createRun() });
  const { test, athleteId, ids: [id] } = created;
  await test.deps.sql`
    update activities set heartrate_opt_out = true where athlete_id = ${athleteId}
  `;
  const path = `/strava/activities/${id}/streams`;

  const owner = await readJson(test, path);
  const anyone = await readJson(test, path, {});

  assert.equal(owner.streams.heartrate.length, 61);
  assert.equal(anyone.streams.heartrate, undefined);
});

Deno.test("/strava/activities/{id}/streams: answers 404 for hidden and deleted activities", async () => {
  await using created = await createImported({ "run.fit": createRun() }, [
    "--visibility=only_me",
  ]);
  const { test, athleteId, ids: [id] } = created;
  const path = `/strava/activities/${id}`;

  const hidden = await test.get(`${path}/streams`);
  const hiddenLaps = await test.get(`${path}/laps`);
  const unknown = await test.get("/strava/activities/77/streams", {
    key: true,
  });
  await test.deps.sql`
    update activities set deleted_at = now() where athlete_id = ${athleteId}
  `;
  const deleted = await test.get(`${path}/streams`, { key: true });
  const deletedLaps = await test.get(`${path}/laps`, { key: true });

  for (const response of [hidden, hiddenLaps, unknown, deleted, deletedLaps]) {
    assert.equal(response.status, 404);
    assert.equal((await response.json()).reason, "activity_not_found");
  }
});

Deno.test("/strava/activities/{id}/streams: refuses keys and resolutions with the reason", async () => {
  await using created = await createImported({ "run.fit": createRun() });
  const { test, ids: [id] } = created;
  const path = `/strava/activities/${id}/streams`;

  for (
    const query of [
      "keys=",
      "keys=power",
      "keys=watts,",
      "keys=watts;drop%20table%20activities",
      "keys=constructor",
      "keys=laps",
      "keys=latitude",
      `keys=${"watts,".repeat(100)}watts`,
      "resolution=49",
      "resolution=50001",
      "resolution=high",
    ]
  ) {
    const response = await test.get(`${path}?${query}`, { key: true });
    const { reason, issues } = await response.json();
    assert.equal(response.status, 400, query);
    assert.equal(reason, "invalid_input", query);
    assert.match(issues[0].path, /^(keys|resolution)$/);
  }
  const twice = await readJson(test, `${path}?keys=heartrate,heartrate`);
  assert.deepEqual(Object.keys(twice.streams), ["time", "heartrate"]);
});

Deno.test("/strava/activities/{id}/streams: is empty for an activity without streams", async () => {
  const untimed = fitFile([
    fileId(),
    session(START, { sport: 10, elapsed: 600 }),
  ]);
  await using created = await createImported({ "gym.fit": untimed });
  const { test, ids: [id] } = created;

  const answer = await readJson(test, `/strava/activities/${id}/streams`, {});

  assert.deepEqual(answer, {
    source: null,
    points: 0,
    returned_points: 0,
    streams: {},
    withheld: ["latlng"],
  });
});

Deno.test("/strava/activities/{id}/streams: answers from the recording that covers the most", async () => {
  // A watch without power, a bike computer that was started late, and one with all but half the time.
  const watch = createRide(600, () => ({ power: undefined }));
  const computer = fitFile([
    fileId(4, 2, 5),
    ...Array.from(
      { length: 540 },
      (_, i) =>
        record(START + 60 + i, { distance: 8 * i, power: 200, speed: 8 }),
    ),
    session(START + 60, { sport: 2, elapsed: 539, distance: 8 * 539 }),
  ]);
  const part = fitFile([
    fileId(4, 3, 6),
    ...Array.from(
      { length: 300 },
      (_, i) =>
        record(START + i, { distance: 8 * i, power: 100, heartRate: 99 }),
    ),
    session(START, { sport: 2, elapsed: 299, distance: 8 * 299 }),
  ]);
  await using created = await createImported({
    "a.fit": part,
    "b.fit": watch,
    "c.fit": computer,
  });
  const { test, athleteId, ids } = created;
  const [id] = ids;
  assert.equal(ids.length, 1);

  const path = `/strava/activities/${id}/streams`;
  const all = await readJson(test, path);
  const watts = await readJson(test, `${path}?keys=watts`);
  const both = await readJson(test, `${path}?keys=watts,heartrate`);

  assert.equal(all.points, 600);
  assert.equal(all.streams.watts, undefined);
  assert.equal(watts.points, 540);
  assert.deepEqual(watts.streams.watts.slice(0, 2), [200, 200]);
  // The one with both has only half of the ride.
  assert.equal(both.points, 600);
  const nothing = await readActivityStreams(test.deps.sql, {
    athleteId: athleteId + 1,
    id: id!,
    columns: ["time"],
  });
  assert.equal(nothing, undefined);
});

Deno.test("/strava/activities/{id}/laps: answers the laps and lengths of a file", async () => {
  const lap = (at: number, seconds: number): number[] =>
    message(19, [
      [253, "uint32", at + seconds],
      [2, "uint32", at],
      [7, "uint32", seconds * 1000],
      [8, "uint32", seconds * 1000],
      [9, "uint32", 300 * 100],
      [15, "uint8", 140],
      [16, "uint8", 160],
      [24, "enum", 0],
    ]);
  const length = (at: number): number[] =>
    message(101, [
      [253, "uint32", at + 30],
      [2, "uint32", at],
      [3, "uint32", 30_000],
      [5, "uint16", 18],
      [7, "enum", 0],
      [12, "enum", 1],
    ]);
  const records = Array.from(
    { length: 61 },
    (_, i) => record(START + i, { distance: 5 * i }),
  );
  const swim = fitFile([
    fileId(),
    ...records,
    length(START),
    length(START + 30),
    lap(START, 30),
    lap(START + 30, 30),
    session(START, { sport: 5, subSport: 17, elapsed: 60, distance: 50 }),
  ]);
  await using created = await createImported({ "swim.fit": swim });
  const { test, athleteId, ids: [id] } = created;

  const answer = await readJson(test, `/strava/activities/${id}/laps`);
  await test.deps.sql`
    update activities set heartrate_opt_out = true where athlete_id = ${athleteId}
  `;
  const anyone = await readJson(test, `/strava/activities/${id}/laps`, {});

  assert.equal(answer.source, "fit");
  assert.equal(answer.laps.length, 2);
  assert.equal(answer.laps[1].lap_index, 2);
  assert.equal(answer.laps[1].start, 30);
  assert.equal(answer.laps[1].distance, 300);
  assert.deepEqual(answer.laps[1].heart_rate, { average: 140, max: 160 });
  assert.deepEqual(anyone.laps[1].heart_rate, { average: null, max: null });
  assert.equal(answer.lengths.length, 2);
  assert.equal(answer.lengths[0].elapsed_time, 30);
});

Deno.test("readAthleteExport: has the values of streams, and erasing leaves none", async () => {
  await using created = await createImported({ "run.fit": createRun() });
  const { test, athleteId } = created;
  const exported: Json[] = [];

  await readAthleteExport(test.deps.sql, {
    athleteId,
    writeRows(kind, rows) {
      if (kind === "recording_streams") {
        exported.push(...rows.map((row) => JSON.parse(row)));
      }
      return Promise.resolve();
    },
  });
  await deleteAthlete(test.deps.sql, { id: athleteId });

  assert.equal(exported.length, 1);
  assert.deepEqual(exported[0].time.slice(0, 3), [0, 1, 2]);
  assert.deepEqual(exported[0].distance.slice(0, 3), [0, 3, 6]);
  assert.equal(exported[0].longitude[60], 13.4);
  assert.equal(exported[0].watts, null);
  const left = await test.deps.sql`select from recording_streams`;
  assert.equal(left.length, 0);
});

Deno.test("activity_points: gives SQL the values of the API", async () => {
  const ride = createRide(120, (i) => i === 7 ? { heartRate: undefined } : {});
  await using created = await createImported({ "ride.fit": ride });
  const { test, athleteId, ids: [id] } = created;
  const { streams } = await readJson(test, `/strava/activities/${id}/streams`);

  const rows = await test.deps.sql`
    select
      time::float8, latitude::float8, longitude::float8, distance::float8, altitude::float8,
      velocity_smooth::float8, heartrate, watts, moving
    from activity_points
    where athlete_id = ${athleteId}
      and activity_id = ${id!}
    order by point
  `;

  assert.equal(rows.length, 120);
  for (const [i, row] of rows.entries()) {
    assert.deepEqual({ ...row }, {
      time: streams.time[i],
      latitude: streams.latlng[i][0],
      longitude: streams.latlng[i][1],
      distance: streams.distance[i],
      altitude: streams.altitude[i],
      velocity_smooth: streams.velocity_smooth[i],
      heartrate: streams.heartrate[i],
      watts: streams.watts[i],
      moving: streams.moving[i],
    });
  }
});
