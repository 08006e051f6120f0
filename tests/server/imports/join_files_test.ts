import assert from "node:assert/strict";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import { refetchActivity } from "../../../server/sync/refetch_activity.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";
import {
  createFolder,
  createGpx,
  type FileFolder,
  importPaths,
  readActivities,
} from "../../support/files.ts";
import { connectWithoutSync, readState, sync } from "../../support/sync.ts";
import { tcx, trackpoint } from "../recordings/xml_file.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const STATISTICS = [
  "/strava/activities",
  "/strava/stats/totals",
  "/strava/stats/yearly",
  "/strava/stats/records",
  "/strava/stats/training-load?from=2024-05-01&to=2024-05-31",
];

function createRide(activity: Partial<SummaryActivity> = {}): SummaryActivity {
  return createActivity({
    id: 5_000_001,
    name: "Ride at Strava",
    sport_type: "Ride",
    start_date: "2024-05-04T08:00:05Z",
    distance: 1790,
    moving_time: 580,
    elapsed_time: 600,
    ...activity,
  }, ATHLETE_ID);
}

/** A file of the same ride, with a heart rate that Strava does not have. */
const RIDE_FILE = tcx([{
  seconds: 590,
  distance: 1812,
  heartRate: [140, 160],
  points: [trackpoint(0), trackpoint(590)],
}]);

/** Connects the athlete to a Strava with these activities, without a sync. */
async function createConnected(
  activities: readonly SummaryActivity[],
): Promise<TestApp> {
  const test = await createTestApp({ activities });
  // Imports take the time of the machine. A sync that starts later could delete what they stored.
  test.clock.now = Date.now() + DAY_MS;
  await connectWithoutSync(test);
  return test;
}

/** Runs a sync that is a full one, since a day has passed. */
async function syncFully(test: TestApp): Promise<void> {
  const { status } = await sync(test);
  assert.equal(status, "success");
  test.clock.now += DAY_MS;
}

async function importRide(test: TestApp, folder: FileFolder): Promise<void> {
  const path = await folder.write("ride.tcx", RIDE_FILE);
  const { code, said } = await importPaths(test, path);
  assert.equal(code, 0, said);
}

async function readAnswers({ get }: TestApp): Promise<unknown[]> {
  return await Promise.all(STATISTICS.map(async (path) => {
    const response = await get(path, { key: true });
    assert.equal(response.status, 200, path);
    const { fetched_at: _, ...answer } = await response.json();
    return answer;
  }));
}

Deno.test("joinFiles: gives one activity and equal statistics in both orders", async () => {
  await using folder = await createFolder();
  const answers: unknown[] = [];
  for (const isFileFirst of [true, false]) {
    await using test = await createConnected([
      createRide(),
      createRide({ id: 5_000_002, start_date: "2024-05-06T08:00:00Z" }),
    ]);
    if (isFileFirst) await importRide(test, folder);
    await syncFully(test);
    if (!isFileFirst) await importRide(test, folder);

    const activities = await readActivities(test, ATHLETE_ID);

    assert.deepEqual(
      activities.map((each) => [
        each["id"],
        each["source"],
        each["distance"],
        each["moving_time"],
        each["average_heartrate"],
      ]),
      [
        [5_000_001, "strava", 1790, 580, 140],
        [5_000_002, "strava", 1790, 580, null],
      ],
      `file first: ${isFileFirst}`,
    );
    const recordings = await test.deps.sql`select activity_id from recordings`;
    assert.deepEqual(recordings.map((row) => row["activity_id"]), [5_000_001]);
    answers.push(await readAnswers(test));
  }

  assert.deepEqual(answers[0], answers[1]);
});

Deno.test("joinFiles: keeps the file's heart rate when Strava changes the activity", async () => {
  await using folder = await createFolder();
  await using test = await createConnected([createRide()]);
  await syncFully(test);
  await importRide(test, folder);
  test.strava.athletes.get(ATHLETE_ID)!.update(5_000_001, { name: "Renamed" });

  await syncFully(test);

  const [activity] = await readActivities(test, ATHLETE_ID);
  assert.deepEqual(
    [activity!["name"], activity!["average_heartrate"]],
    ["Renamed", 140],
  );
});

Deno.test("joinFiles: joins no other sport and no other time", async () => {
  await using folder = await createFolder();
  await using test = await createConnected([
    createRide({ id: 1, sport_type: "Swim" }),
    createRide({ id: 2, start_date: "2024-05-04T08:02:30Z" }),
  ]);
  await importRide(test, folder);

  await syncFully(test);

  const activities = await readActivities(test, ATHLETE_ID);
  assert.deepEqual(
    activities.map((each) => each["source"]).toSorted(),
    ["file", "strava", "strava"],
  );
});

Deno.test("full sync: neither deletes nor asks about activities that came by file", async () => {
  await using folder = await createFolder();
  await using test = await createConnected([createRide()]);
  await syncFully(test);
  for (const day of ["10", "11", "12"]) {
    const path = await folder.write(
      `${day}.gpx`,
      createGpx(`2024-05-${day}T08:00:00Z`),
    );
    await importPaths(test, path);
  }
  test.strava.clearRequests();

  await syncFully(test);
  await syncFully(test);

  assert.equal((await readActivities(test, ATHLETE_ID)).length, 4);
  const details = test.strava.requests.filter(({ path }) =>
    /\/activities\/\d+$/.test(path)
  );
  assert.deepEqual(details, []);
  assert.equal((await test.deps.sql`select from pending_deletions`).length, 0);
});

Deno.test("full sync: gives the file its own activity after a deletion at Strava", async () => {
  await using folder = await createFolder();
  await using test = await createConnected([createRide()]);
  await importRide(test, folder);
  const [before] = await readActivities(test, ATHLETE_ID);
  await syncFully(test);
  const { data_version } = await readState(test.deps.sql);
  test.strava.athletes.get(ATHLETE_ID)!.remove(5_000_001);

  await syncFully(test);

  const activities = await readActivities(test, ATHLETE_ID);
  assert.deepEqual(activities, [before]);
  assert.ok((await readState(test.deps.sql)).data_version > data_version);

  // The owner restores Strava's activity: the file belongs to it again.
  const restored = await test.post("/strava/admin/restore", { key: true });
  assert.equal(restored.status, 200);
  const after = await readActivities(test, ATHLETE_ID);
  assert.deepEqual(after.map((each) => each["id"]), [5_000_001]);
});

Deno.test("refetchActivity: deletes no file, and keeps the file of a deleted activity", async () => {
  await using folder = await createFolder();
  await using test = await createConnected([createRide()]);
  await importRide(test, folder);
  const [file] = await readActivities(test, ATHLETE_ID);
  const athleteId = ATHLETE_ID;

  const ofFile = await refetchActivity(test.deps, {
    athleteId,
    id: Number(file!["id"]),
  });
  const stored = await refetchActivity(test.deps, { athleteId, id: 5_000_001 });
  const joined = await readActivities(test, ATHLETE_ID);
  test.strava.athletes.get(ATHLETE_ID)!.remove(5_000_001);
  const deleted = await refetchActivity(test.deps, {
    athleteId,
    id: 5_000_001,
  });

  assert.deepEqual([ofFile, stored, deleted], ["gone", "stored", "deleted"]);
  assert.deepEqual(joined.map((each) => each["id"]), [5_000_001]);
  assert.deepEqual(await readActivities(test, ATHLETE_ID), [file]);
});

Deno.test("import: takes turns with a running sync of the same athlete", async () => {
  await using folder = await createFolder();
  await using test = await createConnected(
    Array.from({ length: 30 }, (_, i) =>
      createRide({
        id: 100 + i,
        start_date: new Date(Date.UTC(2024, 3, 1 + i, 8)).toISOString(),
      })),
  );
  for (let i = 0; i < 30; i++) {
    const start = new Date(Date.UTC(2024, 3, 1 + i, 8)).toISOString();
    await folder.write(`${i}.gpx`, createGpx(start, { type: "Ride" }));
  }

  const [imported] = await Promise.all([
    importPaths(test, folder.path),
    sync(test),
  ]);

  assert.equal(imported.code, 0, imported.printed);
  const activities = await readActivities(test, ATHLETE_ID);
  assert.equal(activities.length, 30);
  assert.ok(activities.every((each) => each["source"] === "strava"));
});
