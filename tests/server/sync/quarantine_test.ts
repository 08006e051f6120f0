import assert from "node:assert/strict";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";
import {
  connectWithoutSync,
  createSpacedRuns,
  LIST,
  readStoredIds,
  sync,
} from "../../support/sync.ts";

const HOUR_MS = 60 * 60 * 1000;
const QUARANTINE = "/strava/admin/quarantine";

interface Item {
  id: string;
  reason: string;
  first_seen_at: string;
  last_seen_at: string;
  tries: number;
}

async function readQuarantine(
  test: TestApp,
): Promise<{ total: number; data: Item[] }> {
  const response = await test.get(QUARANTINE, { key: true });
  assert.equal(response.status, 200);
  return await response.json();
}

async function createConnected(count: number): Promise<TestApp> {
  const test = await createTestApp({ activities: createSpacedRuns(count) });
  await connectWithoutSync(test);
  return test;
}

Deno.test("GET /strava/admin/quarantine: lists unparsable activities with reason and tries", async () => {
  await using test = await createConnected(10);
  const { strava, clock } = test;
  strava.faults.spoiled.set(1_000_009, "no_start_date");
  strava.faults.spoiled.set(1_000_007, "huge_id");
  strava.faults.spoiled.set(1_000_005, "null");

  const run = await sync(test);
  clock.now += HOUR_MS;
  await sync(test);

  assert.deepEqual([run.status, run.inserted, run.skipped], ["success", 7, 3]);
  const { total, data } = await readQuarantine(test);
  assert.equal(total, 3);
  assert.deepEqual(data.map(({ id, tries }) => [id, tries]), [
    ["1000009", 2],
    ["1152921504606846976", 2],
    ["unknown", 2],
  ]);
  assert.match(data[0]!.reason, /^start_date: /);
  assert.match(data[1]!.reason, /^id: /);
  assert.deepEqual(
    [data[0]!.first_seen_at, data[0]!.last_seen_at],
    ["2026-11-20T12:02:00Z", "2026-11-20T13:02:00Z"],
  );
  const status = await test.get("/strava/admin/status", { key: true });
  assert.equal((await status.json()).athletes[0].quarantined, 3);
});

Deno.test("quarantine: releases activities that can be parsed again or are gone", async () => {
  await using test = await createConnected(10);
  const { strava, clock, deps } = test;
  strava.faults.spoiled.set(1_000_009, "no_start_date");
  strava.faults.spoiled.set(1_000_002, "no_start_date");
  strava.faults.spoiled.set(1_000_005, "null");
  await sync(test);
  assert.equal((await readQuarantine(test)).total, 3);

  strava.faults.spoiled.delete(1_000_009);
  strava.faults.spoiled.delete(1_000_005);
  strava.athletes.get(ATHLETE_ID)!.remove(1_000_002);
  clock.now += HOUR_MS;
  const run = await sync(test);

  assert.equal(run.inserted, 2);
  const { data } = await readQuarantine(test);
  assert.deepEqual(data.map(({ id }) => id), ["1000002", "unknown"]);
  assert.ok((await readStoredIds(deps.sql)).includes(1_000_009));

  clock.now += 24 * HOUR_MS;
  await sync(test);
  assert.deepEqual(await readQuarantine(test), { total: 0, data: [] });
});

Deno.test("quarantine: keeps stored activities that can no longer be parsed", async () => {
  await using test = await createConnected(10);
  const { strava, clock, deps } = test;
  await sync(test);
  strava.faults.spoiled.set(1_000_009, "no_start_date");
  // Even its id is lost: only a request for the activity shows that it exists.
  strava.faults.spoiled.set(1_000_005, "null");
  clock.now += 24 * HOUR_MS;
  strava.clearRequests();

  const run = await sync(test);

  // Both the overlap and the full sync read them.
  assert.deepEqual([run.status, run.deleted, run.skipped], ["success", 0, 4]);
  assert.equal((await readStoredIds(deps.sql)).length, 10);
  const details = strava.requests.filter(({ path }) =>
    /activities\/\d/.test(path)
  );
  assert.deepEqual(details.map(({ path }) => path), [
    "/api/v3/activities/1000005",
  ]);
});

Deno.test("quarantine: keeps an activity whose check always fails, and syncs succeed", async () => {
  await using test = await createConnected(30);
  const { strava, clock, deps } = test;
  await sync(test);
  strava.athletes.get(ATHLETE_ID)!.remove(1_000_009);
  strava.faults.inject({ kind: "status", status: 500 }, {
    path: "/api/v3/activities/1000009",
  });
  for (let day = 1; day <= 3; day++) {
    clock.now += 24 * HOUR_MS;
    assert.equal((await sync(test)).status, "success");
    const { data: [item] } = await readQuarantine(test);
    assert.deepEqual([item?.id, item?.tries], ["1000009", day]);
  }
  assert.equal((await readStoredIds(deps.sql)).length, 30);
});

Deno.test("quarantine: accepts unknown sports, null names and missing or new fields", async () => {
  await using test = await createConnected(0);
  const usual = createActivity(
    { id: 1, start_date: "2026-11-01T08:00:00Z" },
    ATHLETE_ID,
  );
  const bare = {
    start_date: usual.start_date,
    start_date_local: usual.start_date_local,
  };
  const page = [
    { ...usual, id: 1, sport_type: "Underwater Rugby", type: "Novelty" },
    { ...usual, id: 2, name: null },
    { ...bare, id: 3 },
    { ...usual, id: 4, brand_new: { of: [1, null] }, workout_type: 99 },
    { ...usual, id: 5, map: null, start_latlng: null, timezone: null },
  ];
  test.strava.faults.inject(
    { kind: "status", status: 200, body: { json: page } },
    { path: LIST, times: 1 },
  );

  const run = await sync(test);

  assert.deepEqual([run.status, run.inserted, run.skipped], ["success", 5, 0]);
  assert.equal((await readQuarantine(test)).total, 0);
  const totals = await (await test.get("/strava/stats/totals")).json();
  assert.equal(totals.data.Novelty.count, 1);
  const counts = Object.values<{ count: number }>(totals.data);
  assert.equal(counts.reduce((sum, { count }) => sum + count, 0), 5);
});

Deno.test("quarantine: is deleted with the athlete", async () => {
  await using test = await createConnected(3);
  test.strava.faults.spoiled.set(1_000_002, "no_start_date");
  await sync(test);
  await test.deps.sql`delete from athletes`;
  const [row] = await test.deps.sql`
    select count(*) as count from quarantined_activities
  `;
  assert.equal(row?.count, 0);
});
