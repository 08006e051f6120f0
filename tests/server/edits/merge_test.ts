import assert from "node:assert/strict";
import { refetchActivity } from "../../../server/sync/refetch_activity.ts";
import { ATHLETE_ID, type TestApp } from "../../support/app.ts";
import {
  change,
  createEditable,
  createRide,
  createRideFile,
  importFile,
  listIds,
  postJson,
  readActivity,
  RIDE_FILE,
  RIDE_ID,
  syncFully,
} from "../../support/edits.ts";
import { createGpx } from "../../support/files.ts";

/** Id of a second recording of the ride at Strava. */
const TWIN_ID = RIDE_ID + 1;

function createTwin() {
  return createRide({ id: TWIN_ID, name: "Twin", distance: 1795 });
}

async function readDistance({ get }: TestApp): Promise<number> {
  const response = await get("/strava/stats/totals", { key: true });
  const { data } = await response.json();
  return data.Ride.distance;
}

/** Returns ids and placements of an activity's sources. */
async function readSources(
  test: TestApp,
  id: number,
): Promise<[id: string, placement: string][]> {
  const { sources } = await readActivity(test, id);
  return sources.data.map((
    { id, placement }: { id: string; placement: string },
  ) => [id, placement]);
}

Deno.test("activities.merge: counts two of Strava's once, and split takes them apart", async () => {
  await using test = await createEditable([createRide(), createTwin()]);
  await syncFully(test);
  const before = await readDistance(test);

  await change(test, "merge", { id: RIDE_ID, ids: [TWIN_ID] });
  const merged = await readDistance(test);
  assert.deepEqual(await listIds(test), [RIDE_ID]);
  assert.deepEqual(await readSources(test, RIDE_ID), [
    [`strava:${RIDE_ID}`, "automatic"],
    [`strava:${TWIN_ID}`, "merged"],
  ]);
  test.strava.athletes.get(ATHLETE_ID)!.update(TWIN_ID, { name: "Renamed" });
  await syncFully(test);
  assert.deepEqual(await listIds(test), [RIDE_ID]);

  const { id } = await change(test, "split", {
    id: RIDE_ID,
    sources: [`strava:${TWIN_ID}`],
  });
  await syncFully(test);

  assert.equal(id, TWIN_ID);
  assert.equal(merged, 1790);
  assert.equal(await readDistance(test), before);
  assert.equal((await readActivity(test, TWIN_ID)).name, "Renamed");
});

Deno.test("activities.merge: brings the part back when Strava deletes the whole", async () => {
  await using test = await createEditable([createRide(), createTwin()]);
  await syncFully(test);
  await change(test, "merge", { id: RIDE_ID, ids: [TWIN_ID] });

  test.strava.athletes.get(ATHLETE_ID)!.remove(RIDE_ID);
  await refetchActivity(test.deps, { athleteId: ATHLETE_ID, id: RIDE_ID });

  assert.deepEqual(await listIds(test), [TWIN_ID]);
  test.strava.athletes.get(ATHLETE_ID)!.update(TWIN_ID, { name: "Renamed" });
  await syncFully(test);
  assert.equal((await readActivity(test, TWIN_ID)).name, "Renamed");
});

Deno.test("activities.merge: keeps a file that Strava's export names for another", async () => {
  await using test = await createEditable();
  await syncFully(test);
  await importFile(test, createGpx("2024-05-04T08:00:00Z", { type: "Run" }));
  const file = (await listIds(test)).find((id) => id >= 2 ** 52)!;
  await change(test, "merge", { id: RIDE_ID, ids: [file] });
  await test.deps.sql`update recordings set strava_id = ${TWIN_ID}`;

  test.strava.athletes.get(ATHLETE_ID)!.add(createTwin());
  await syncFully(test);

  assert.equal((await readSources(test, RIDE_ID)).length, 2);
  assert.equal((await readSources(test, TWIN_ID)).length, 1);
});

Deno.test("activities.merge: joins files of different sports, also after the next import", async () => {
  await using test = await createEditable([]);
  await syncFully(test);
  const run = createGpx("2024-05-04T08:00:00Z", { type: "Run" });
  const ride = createGpx("2024-05-04T08:00:05Z", { type: "Ride" });
  await importFile(test, run);
  await importFile(test, ride);
  const [second, first] = await listIds(test);
  await change(test, "update", { ids: [second!], set: { name: "Mine" } });

  await change(test, "merge", { id: first, ids: [second] });
  await importFile(test, ride);
  await syncFully(test);

  assert.deepEqual(await listIds(test), [first]);
  const merged = await readActivity(test, first!);
  assert.equal(merged.sources.data.length, 2);
  assert.equal(merged.name, "Mine");
});

Deno.test("activities.split: keeps a file apart from Strava's activity after a full sync", async () => {
  await using test = await createEditable();
  await importFile(test, RIDE_FILE);
  await syncFully(test);
  const [, file] = await readSources(test, RIDE_ID);

  const { id } = await change(test, "split", {
    id: RIDE_ID,
    sources: [file![0]],
  });
  const alone = await readActivity(test, RIDE_ID);
  test.strava.athletes.get(ATHLETE_ID)!.update(RIDE_ID, { name: "Renamed" });
  await syncFully(test);

  assert.ok(id >= 2 ** 52);
  assert.deepEqual(new Set(await listIds(test)), new Set([id, RIDE_ID]));
  assert.deepEqual(alone.heart_rate, { average: null, max: null });
  assert.deepEqual(await readSources(test, id), [[file![0], "split"]]);
  await change(test, "merge", { id: RIDE_ID, ids: [id] });
  assert.deepEqual((await readActivity(test, RIDE_ID)).heart_rate, {
    average: 140,
    max: 160,
  });
});

Deno.test("activities.split: separates two files, whichever is taken away", async () => {
  for (const taken of [0, 1]) {
    await using test = await createEditable([]);
    await syncFully(test);
    await importFile(test, RIDE_FILE);
    await importFile(test, createRideFile({ distance: 1900 }));
    const [only] = await listIds(test);
    const sources = await readSources(test, only!);
    assert.equal(sources.length, 2);

    const { id } = await change(test, "split", {
      id: only,
      sources: [sources[taken]![0]],
    });
    await syncFully(test);

    assert.notEqual(id, only);
    assert.deepEqual(await readSources(test, id), [[
      sources[taken]![0],
      "split",
    ]]);
    assert.equal((await readSources(test, only!)).length, 1);
    const distances = await Promise.all(
      [only!, id].map(async (each) =>
        (await readActivity(test, each)).distance
      ),
    );
    assert.deepEqual(distances.toSorted(), [1812, 1900]);
  }
});

Deno.test("activities.split: a new file joins Strava's activity, not the one split off", async () => {
  await using test = await createEditable();
  await importFile(test, RIDE_FILE);
  await syncFully(test);
  const [, file] = await readSources(test, RIDE_ID);
  const { id } = await change(test, "split", {
    id: RIDE_ID,
    sources: [file![0]],
  });

  await importFile(test, createRideFile({ distance: 1900 }));

  assert.equal((await readSources(test, RIDE_ID)).length, 2);
  assert.equal((await readSources(test, id)).length, 1);
});

Deno.test("activities.merge: refuses with a reason, and changes nothing", async () => {
  const later = createRide({ id: 9, start_date: "2024-05-05T08:00:00Z" });
  await using test = await createEditable([createRide(), later]);
  await syncFully(test);
  await importFile(test, createGpx("2024-05-04T08:00:00Z", { type: "Run" }));
  const file = (await listIds(test)).find((id) => id >= 2 ** 52)!;
  const cases: [path: string, body: object, reason: string][] = [
    ["merge", { id: RIDE_ID, ids: [9] }, "activities_apart"],
    ["merge", { id: file, ids: [RIDE_ID] }, "file_is_target"],
    ["merge", { id: RIDE_ID, ids: [77] }, "activity_not_found"],
    ["merge", { id: 77, ids: [RIDE_ID] }, "activity_not_found"],
    ["merge", { id: RIDE_ID, ids: [RIDE_ID] }, "invalid_input"],
    ["split", { id: 77, sources: ["strava:9"] }, "activity_not_found"],
    ["split", { id: RIDE_ID, sources: ["strava:9"] }, "source_not_found"],
    [
      "split",
      { id: RIDE_ID, sources: [`strava:${RIDE_ID}`] },
      "source_not_found",
    ],
    [
      "split",
      { id: RIDE_ID, sources: ["strava:1", "strava:2"] },
      "invalid_input",
    ],
    ["split", { id: RIDE_ID, sources: ["../etc"] }, "invalid_input"],
    [
      "split",
      { id: file, sources: [(await readSources(test, file))[0]![0]] },
      "last_source",
    ],
  ];
  const before = await listIds(test);

  for (const [path, body, reason] of cases) {
    const { answer } = await postJson(test, path, body);
    assert.equal(answer.reason, reason, `${path} ${JSON.stringify(body)}`);
  }

  assert.deepEqual(await listIds(test), before);
});
