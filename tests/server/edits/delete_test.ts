import assert from "node:assert/strict";
import { refetchActivity } from "../../../server/sync/refetch_activity.ts";
import { applyRetention } from "../../../server/retention.ts";
import { ATHLETE_ID, type TestApp } from "../../support/app.ts";
import {
  change,
  createEditable,
  importFile,
  listIds,
  postJson,
  readActivity,
  RIDE_FILE,
  RIDE_ID,
  syncFully,
} from "../../support/edits.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

async function readDeleted({ get }: TestApp): Promise<unknown[]> {
  const response = await get("/strava/activities/deleted", { key: true });
  assert.equal(response.status, 200);
  const { data } = await response.json();
  return data.map((
    { id, deleted_by }: { id: number; deleted_by: string },
  ) => [id, deleted_by]);
}

/** Deletes everything that retention has kept long enough. */
async function purge(test: TestApp): Promise<void> {
  test.clock.now += 40 * DAY_MS;
  const config = { ...test.config, retentionDays: 30 };
  await applyRetention({ ...test.deps, config });
}

Deno.test("activities.delete: survives syncs, push events and a purge", async () => {
  await using test = await createEditable();
  await syncFully(test);
  const { ids } = await change(test, "delete", { ids: [RIDE_ID, 77] });
  assert.deepEqual(ids, [RIDE_ID]);

  test.strava.athletes.get(ATHLETE_ID)!.update(RIDE_ID, { name: "Renamed" });
  await syncFully(test);
  assert.deepEqual(await listIds(test), []);
  const target = { athleteId: ATHLETE_ID, id: RIDE_ID };
  assert.equal(await refetchActivity(test.deps, target), "unchanged");
  assert.deepEqual(await listIds(test), []);
  await purge(test);
  assert.deepEqual(await readDeleted(test), []);
  await syncFully(test);

  assert.deepEqual(await listIds(test), []);
});

Deno.test("activities.delete: a sync that meets only deleted activities changes nothing", async () => {
  await using test = await createEditable();
  await syncFully(test);
  await change(test, "delete", { ids: [RIDE_ID] });
  const readVersion = async () => {
    const [row] = await test.deps.sql<{ updated: number; inserted: number }[]>`
      select updated, inserted from sync_runs order by id desc limit 1
    `;
    return { ...row };
  };

  await syncFully(test);

  assert.deepEqual(await readVersion(), { updated: 0, inserted: 0 });
});

Deno.test("activities.delete: survives another source of the same activity", async () => {
  await using test = await createEditable();
  await importFile(test, RIDE_FILE);
  await change(test, "delete", { ids: await listIds(test) });

  await syncFully(test);
  assert.deepEqual(await listIds(test), []);
  await importFile(test, RIDE_FILE.replaceAll("1812", "1813"));

  assert.deepEqual(await listIds(test), []);
});

Deno.test("activities.delete: survives importing the same file again after a purge", async () => {
  await using test = await createEditable([]);
  await syncFully(test);
  await importFile(test, RIDE_FILE);
  await change(test, "delete", { ids: await listIds(test) });
  await purge(test);
  const [files] = await test.deps.sql<{ count: number }[]>`
    select count(*)::int as count from imported_files
  `;
  assert.equal(files!.count, 0);

  await importFile(test, RIDE_FILE);

  assert.deepEqual(await listIds(test), []);
});

Deno.test("activities.restore: brings an activity back with edits and the newest values", async () => {
  await using test = await createEditable();
  await syncFully(test);
  await change(test, "update", { ids: [RIDE_ID], set: { name: "Mine" } });
  await change(test, "delete", { ids: [RIDE_ID] });
  assert.deepEqual(await readDeleted(test), [[RIDE_ID, "owner"]]);
  test.strava.athletes.get(ATHLETE_ID)!.update(RIDE_ID, { distance: 2000 });

  await change(test, "restore", { ids: [RIDE_ID] });
  const restored = await readActivity(test, RIDE_ID);
  await syncFully(test);
  const synced = await readActivity(test, RIDE_ID);

  assert.equal(restored.name, "Mine");
  assert.equal(synced.name, "Mine");
  assert.equal(synced.distance, 2000);
  assert.deepEqual(await readDeleted(test), []);
});

Deno.test("activities.deleted: tells the owner's deletions from Strava's", async () => {
  await using test = await createEditable();
  await syncFully(test);
  test.strava.athletes.get(ATHLETE_ID)!.remove(RIDE_ID);
  const target = { athleteId: ATHLETE_ID, id: RIDE_ID };
  await refetchActivity(test.deps, target);

  assert.deepEqual(await readDeleted(test), [[RIDE_ID, "strava"]]);
  await change(test, "restore", { ids: [RIDE_ID] });
  assert.deepEqual(await listIds(test), [RIDE_ID]);
});

Deno.test("admin.restore: without ids leaves out what the owner has deleted", async () => {
  await using test = await createEditable();
  await syncFully(test);
  await change(test, "delete", { ids: [RIDE_ID] });

  const response = await test.post("/strava/admin/restore", { key: true });

  assert.equal((await response.json()).restored, 0);
  assert.deepEqual(await listIds(test), []);
});

Deno.test("activities.delete: needs an activity and the owner", async () => {
  await using test = await createEditable();
  await syncFully(test);
  const empty = await postJson(test, "delete", { ids: [] });
  assert.equal(empty.status, 400);
  for (const path of ["delete", "restore"]) {
    const response = await test.post(`/strava/activities/${path}`, {
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ids: [RIDE_ID] }),
    });
    assert.equal(response.status, 401);
    await response.body?.cancel();
  }
  assert.deepEqual(await listIds(test), [RIDE_ID]);
});
