import assert from "node:assert/strict";
import { applyRetention } from "../../../server/retention.ts";
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

const ENTRY = {
  name: "Swim in the lake",
  sport_type: "Swim",
  start_date_local: "2024-07-01T07:30:00",
  timezone: "Europe/Berlin",
  elapsed_time: 1900,
  moving_time: 1800,
  distance: 1500,
  description: "Cold",
  commute: true,
};

Deno.test("activities.create: stores an activity without a file, once", async () => {
  await using test = await createEditable([]);
  await syncFully(test);

  const created = await change(test, "create", ENTRY);
  const again = await change(test, "create", ENTRY);
  await syncFully(test);

  assert.equal(created.status, "created");
  assert.equal(again.status, "unchanged");
  const activity = await readActivity(test, created.id);
  assert.equal(again.id, created.id);
  assert.deepEqual(await listIds(test), [activity.id]);
  assert.ok(activity.id >= 2 ** 52);
  assert.equal(activity.start_date, "2024-07-01T05:30:00Z");
  assert.equal(activity.start_date_local, ENTRY.start_date_local);
  assert.equal(activity.distance, 1500);
  assert.equal(activity.moving_time, 1800);
  assert.equal(activity.description, "Cold");
  assert.equal(activity.commute, true);
  assert.equal(activity.manual, true);
  assert.equal(activity.visibility, "only_me");
  assert.equal(activity.sources.figures[0].method, "entered");
});

Deno.test("activities.create: becomes a source of the same activity", async () => {
  await using test = await createEditable();
  await syncFully(test);

  const { status, id } = await change(test, "create", {
    name: "Ride",
    sport_type: "Ride",
    start_date_local: "2024-05-04T10:00:00",
    timezone: "Europe/Berlin",
    elapsed_time: 600,
    average_heartrate: 133,
  });

  const activity = await readActivity(test, RIDE_ID);
  assert.equal(status, "merged");
  assert.equal(id, RIDE_ID);
  assert.equal(activity.name, "Ride at Strava");
  assert.equal(activity.heart_rate.average, 133);
});

Deno.test("activities.create: gives way to the device's totals of a later file", async () => {
  await using test = await createEditable([]);
  await syncFully(test);
  const { id } = await change(test, "create", {
    name: "Ride",
    sport_type: "Ride",
    start_date_local: "2024-05-04T08:00:00",
    timezone: "UTC",
    elapsed_time: 600,
    distance: 9999,
    total_elevation_gain: 50,
  });

  await importFile(test, RIDE_FILE);

  const merged = await readActivity(test, id);
  assert.equal(merged.distance, 1812);
  assert.deepEqual(await listIds(test), [id]);
});

Deno.test("activities.create: restores an entry that was deleted", async () => {
  await using test = await createEditable([]);
  await syncFully(test);
  const { id } = await change(test, "create", ENTRY);
  await change(test, "delete", { ids: [id] });

  const again = await change(test, "create", ENTRY);

  assert.equal(again.status, "unchanged");
  assert.equal((await readActivity(test, id)).description, "Cold");
});

Deno.test("activities.create: restores an entry whose deletion was purged", async () => {
  await using test = await createEditable([]);
  await syncFully(test);
  const { id } = await change(test, "create", ENTRY);
  await change(test, "delete", { ids: [id] });
  test.clock.now += 40 * 24 * 60 * 60 * 1000;
  const config = { ...test.config, retentionDays: 30 };
  await applyRetention({ ...test.deps, config });

  const again = await change(test, "create", ENTRY);

  assert.deepEqual(again, { status: "created", id });
  assert.deepEqual(await listIds(test), [id]);
});

Deno.test("activities.create: restores a deleted activity that it is a source of", async () => {
  await using test = await createEditable();
  await syncFully(test);
  await change(test, "delete", { ids: [RIDE_ID] });

  const { status } = await change(test, "create", {
    name: "Ride",
    sport_type: "Ride",
    start_date_local: "2024-05-04T08:00:00",
    timezone: "UTC",
    elapsed_time: 600,
  });

  assert.equal(status, "merged");
  assert.deepEqual(await listIds(test), [RIDE_ID]);
});

Deno.test("activities.create: refuses impossible entries with the reason", async () => {
  await using test = await createEditable([]);
  await syncFully(test);
  const cases: [object, string][] = [
    [{ timezone: "Mars/Olympus" }, "unknown_time_zone"],
    [{ timezone: "+01:00" }, "unknown_time_zone"],
    [{ start_date_local: "2024-07-01" }, "invalid_input"],
    [{ start_date_local: "2024-07-01T07:30:00Z" }, "invalid_input"],
    [{ start_date_local: "1024-07-01T07:30:00" }, "invalid_input"],
    [{ start_date_local: "2024-02-31T07:30:00" }, "invalid_input"],
    [{ elapsed_time: 0 }, "invalid_input"],
    [{ moving_time: 1901 }, "invalid_input"],
    [{ distance: -1 }, "invalid_input"],
    [{ average_heartrate: 300 }, "invalid_input"],
    [{ gear_id: "g1" }, "gear_not_found"],
  ];
  for (const [field, reason] of cases) {
    const { answer } = await postJson(test, "create", { ...ENTRY, ...field });
    assert.equal(answer.reason, reason, JSON.stringify(field));
  }
  assert.deepEqual(await listIds(test), []);
});
