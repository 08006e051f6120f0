import assert from "node:assert/strict";
import { upsertActivities } from "../../../db/activities.ts";
import { restoreActivities } from "../../../db/deleted_activities.ts";
import { claimSync } from "../../../db/sync_state.ts";
import { parsePage } from "../../../server/sync/parse_activity.ts";
import { claimEvents, finishEvents } from "../../../db/webhook_claims.ts";
import { insertEvents } from "../../../db/webhook_events.ts";
import { maintainWebhooks } from "../../../server/webhook/maintenance.ts";
import { processEvents } from "../../../server/webhook/process_events.ts";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import { ATHLETE_ID, NOW } from "../../support/app.ts";
import {
  createSpacedRuns,
  openSecondProcess,
  readState,
  readStoredIds,
  readStravaIds,
  sync,
} from "../../support/sync.ts";
import {
  createEvent,
  createWebhookApp,
  listDetailPaths,
  listEvents,
  readCounts,
  readName,
  type WebhookApp,
} from "../../support/webhook.ts";

const MINUTE_MS = 60_000;

/** Returns the athlete in the simulator. */
function getAthlete({ strava }: WebhookApp) {
  return strava.athletes.get(ATHLETE_ID)!;
}

Deno.test("processEvents: stores a created, changed and deleted activity at once", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(3),
  });
  await sync(test);
  const athlete = getAthlete(test);
  const { data_version: before } = await readState(test.deps.sql);

  const added = athlete.add({ name: "New" });
  await test.deliver();
  assert.equal(await readName(test, added.id), "New");
  athlete.update(added.id, { name: "Newer", sport_type: "TrailRun" });
  await test.deliver();
  assert.equal(await readName(test, added.id), "Newer");
  athlete.remove(added.id);
  await test.deliver();

  assert.deepEqual(
    await readStoredIds(test.deps.sql),
    readStravaIds(test.strava),
  );
  assert.equal((await readState(test.deps.sql)).data_version, before + 3);
  const outcomes = (await listEvents(test)).map(({ outcome }) => outcome);
  assert.deepEqual(outcomes, ["stored", "stored", "deleted"]);
});

Deno.test("processEvents: leaves nothing for the next sync to change", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(3),
  });
  await sync(test);
  const athlete = getAthlete(test);
  const [first] = athlete.activities.keys();
  athlete.add({ name: "New", start_date: "2026-11-20T08:00:00Z" });
  athlete.update(first!, { name: "Other" });
  await test.deliver();

  const run = await sync(test);

  assert.deepEqual([run.fetched, run.inserted, run.updated], [4, 0, 0]);
});

Deno.test("processEvents: keeps the data version if a sync has stored the activity", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(3),
  });
  getAthlete(test).add({ name: "New", start_date: "2026-11-20T08:00:00Z" });
  await sync(test);
  const { data_version: before } = await readState(test.deps.sql);

  await test.deliver();

  assert.equal((await listEvents(test))[0]?.outcome, "unchanged");
  assert.equal((await readState(test.deps.sql)).data_version, before);
});

Deno.test("processEvents: hides an activity set to Only You without activity:read_all", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(2),
  });
  await test.connect({ scopes: ["read", "activity:read"] });
  await test.idle();
  const athlete = getAthlete(test);
  const [id] = athlete.activities.keys();

  athlete.update(id!, { private: true });
  await test.deliver();
  const hidden = await readStoredIds(test.deps.sql);
  athlete.update(id!, { private: false });
  await test.deliver();

  assert.deepEqual(hidden.includes(id!), false);
  assert.deepEqual(
    await readStoredIds(test.deps.sql),
    readStravaIds(test.strava),
  );
  const events = await listEvents(test);
  assert.deepEqual(
    events.map(({ aspect_type, outcome }) => [aspect_type, outcome]),
    [["delete", "deleted"], ["create", "stored"]],
  );
});

Deno.test("processEvents: stores a private activity as private", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(1),
  });
  await sync(test);
  const athlete = getAthlete(test);
  const [id] = athlete.activities.keys();

  athlete.update(id!, { private: true });
  await test.deliver();

  const [row] = await test.deps.sql`
    select visibility from activities where athlete_id = ${ATHLETE_ID}
  `;
  assert.equal(row?.["visibility"], "only_me");
});

Deno.test("processEvents: does not trust the content of an event", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(2),
  });
  await sync(test);
  const [id] = getAthlete(test).activities.keys();
  test.strava.addAthlete({ id: 42 }, [createActivity({ id: 77 }, 42)]);
  const forged = [
    createEvent(test, { object_id: id!, aspect_type: "delete" }),
    createEvent(test, { object_id: id!, updates: { title: "Forged" } }),
    createEvent(test, { object_id: 77, aspect_type: "create" }),
    createEvent(test, {
      object_type: "athlete",
      object_id: ATHLETE_ID,
      updates: { authorized: "false" },
    }),
  ];

  for (const event of forged) await test.push(JSON.stringify(event));
  await test.idle();
  const run = await sync(test);

  assert.deepEqual(
    await readStoredIds(test.deps.sql),
    readStravaIds(test.strava),
  );
  assert.equal(run.status, "success");
  assert.deepEqual([run.inserted, run.updated], [0, 0]);
});

Deno.test("processEvents: refuses another athlete's activity that the token may see", async () => {
  await using test = await createWebhookApp();
  const athlete = getAthlete(test);
  athlete.activities.set(78, createActivity({ id: 78 }, 42));

  await test.push(JSON.stringify(createEvent(test, { object_id: 78 })));
  await test.idle();

  assert.equal((await listEvents(test))[0]?.outcome, "refused");
  assert.deepEqual(await readStoredIds(test.deps.sql), []);
});

Deno.test("processEvents: handles duplicates in any order with one or two requests", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(1),
  });
  await sync(test);
  const athlete = getAthlete(test);
  const added = athlete.add({ name: "One" });
  athlete.update(added.id, { name: "Two" });
  athlete.update(added.id, { name: "Three" });
  const events = test.strava.push.deliveries.map(({ event }) => event);
  test.strava.clearRequests();
  const all = [...events.toReversed(), ...events, ...events];

  await Promise.all(all.map((event) => test.push(JSON.stringify(event))));
  await test.idle();

  assert.equal(await readName(test, added.id), "Three");
  assert.deepEqual(await readCounts(test), { duplicate: 6, stored: 3 });
  assert.ok(listDetailPaths(test).length <= 2);
  assert.ok((await listEvents(test)).every(({ outcome }) => outcome !== null));
});

Deno.test("processEvents: retries a missing activity after 1, 5, 15 and 45 minutes", async () => {
  await using test = await createWebhookApp();
  const event = createEvent(test, { object_id: 5, aspect_type: "create" });
  await test.push(JSON.stringify(event));
  await test.idle();
  assert.equal(listDetailPaths(test).length, 1);

  let requests = 1;
  for (const minutes of [1, 5, 15, 45]) {
    test.clock.now += minutes * MINUTE_MS - 1;
    await processEvents(test.deps);
    assert.equal(listDetailPaths(test).length, requests, `Before ${minutes}`);
    test.clock.now += 1;
    await processEvents(test.deps);
    assert.equal(listDetailPaths(test).length, ++requests, `At ${minutes}`);
  }
  test.clock.now += 24 * 60 * MINUTE_MS;
  await processEvents(test.deps);

  assert.equal(listDetailPaths(test).length, 5);
  assert.equal((await listEvents(test))[0]?.outcome, "given_up");
});

Deno.test("processEvents: stores an activity that appears after its event", async () => {
  await using test = await createWebhookApp();
  const event = createEvent(test, { object_id: 5, aspect_type: "create" });
  await test.push(JSON.stringify(event));
  await test.idle();

  getAthlete(test).activities.set(5, createActivity({ id: 5 }, ATHLETE_ID));
  test.clock.now += MINUTE_MS;
  await maintainWebhooks(test.deps);

  assert.deepEqual(await readStoredIds(test.deps.sql), [5]);
  assert.equal((await listEvents(test))[0]?.outcome, "stored");
});

Deno.test("processEvents: keeps a restored activity on another delete event", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(2),
  });
  const { sql } = test.deps;
  await sync(test);
  const athlete = getAthlete(test);
  const [id] = athlete.activities.keys();
  athlete.remove(id!);
  await test.deliver();
  const now = new Date(test.clock.now);
  await restoreActivities(sql, { athleteId: ATHLETE_ID, now });

  const event = createEvent(test, { object_id: id!, aspect_type: "delete" });
  await test.push(JSON.stringify({ ...event, event_time: 1 }));
  await test.idle();

  assert.ok((await readStoredIds(sql)).includes(id!));
  assert.equal((await listEvents(test))[1]?.outcome, "gone");
});

Deno.test("processEvents: corrects an older page that a sync stores afterwards", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(2),
  });
  const { sql } = test.deps;
  await sync(test);
  const athlete = getAthlete(test);
  const [id] = athlete.activities.keys();
  const now = new Date(test.clock.now);
  const page = parsePage([athlete.activities.get(id!)]);
  await claimSync(sql, { athleteId: ATHLETE_ID, trigger: "cron", now });

  athlete.remove(id!);
  await test.deliver();
  assert.deepEqual(await readStoredIds(sql), readStravaIds(test.strava));
  await upsertActivities(sql, {
    athleteId: ATHLETE_ID,
    activities: page.activities,
    now,
  });
  assert.ok((await readStoredIds(sql)).includes(id!));
  test.clock.now += MINUTE_MS;
  await processEvents(test.deps);

  assert.deepEqual(await readStoredIds(sql), readStravaIds(test.strava));
  assert.equal((await listEvents(test))[0]?.outcome, "deleted");
});

Deno.test("processEvents: gives up an activity that always fails, and stores others", async () => {
  await using test = await createWebhookApp();
  const athlete = getAthlete(test);
  const broken = athlete.add({ name: "Broken" });
  test.strava.faults.broken.add(broken.id);
  const whole = athlete.add({ name: "Whole" });

  await test.deliver();
  assert.deepEqual(await readStoredIds(test.deps.sql), [whole.id]);
  for (const minutes of [1, 5, 15, 45]) {
    test.clock.now += minutes * MINUTE_MS;
    await processEvents(test.deps);
  }

  const outcomes = (await listEvents(test)).map(({ outcome }) => outcome);
  assert.deepEqual(outcomes, ["given_up", "stored"]);
});

Deno.test("processEvents: waits while the rate limit is used up, then sends few requests", async () => {
  await using test = await createWebhookApp({
    strava: { limits: { readShort: 3 } },
  });
  const athlete = getAthlete(test);
  const added = [1, 2, 3, 4, 5].map((n) => athlete.add({ name: `${n}` }));
  await test.deliver();
  assert.ok((await readStoredIds(test.deps.sql)).length <= 3);
  test.strava.clearRequests();

  for (let n = 0; n < 20; n++) {
    athlete.update(added[4]!.id, { name: `Edit ${n}` });
  }
  await test.deliver();
  await maintainWebhooks(test.deps);
  assert.deepEqual(listDetailPaths(test), []);
  test.clock.now += 15 * MINUTE_MS;
  await maintainWebhooks(test.deps);

  assert.deepEqual(
    await readStoredIds(test.deps.sql),
    readStravaIds(test.strava),
  );
  assert.equal(await readName(test, added[4]!.id), "Edit 19");
  assert.ok(listDetailPaths(test).length <= 3);
});

Deno.test("processEvents: counts no attempt if Strava is unreachable", async () => {
  await using test = await createWebhookApp();
  getAthlete(test).add({ name: "New" });
  test.strava.faults.inject({ kind: "reset" }, { times: 3 });

  await test.deliver();
  const [waiting] = await listEvents(test);
  test.clock.now += MINUTE_MS;
  await maintainWebhooks(test.deps);

  assert.equal(waiting?.outcome, null);
  assert.equal(waiting?.attempts, 0);
  assert.equal((await listEvents(test))[0]?.outcome, "stored");
});

Deno.test("processEvents: gives up an activity that never answers after a day", async () => {
  await using test = await createWebhookApp();
  const broken = getAthlete(test).add({ name: "Broken" });
  const path = `/api/v3/activities/${broken.id}`;
  test.strava.faults.inject({ kind: "reset" }, { path });
  await test.deliver();
  const isWaiting = async (): Promise<boolean> =>
    (await listEvents(test)).some(({ outcome }) => outcome === null);

  for (let minute = 0; minute < 30 * 60 && await isWaiting(); minute++) {
    test.clock.now += MINUTE_MS;
    await maintainWebhooks(test.deps);
  }
  getAthlete(test).add({ name: "New" });
  await test.deliver();

  const outcomes = (await listEvents(test)).map(({ outcome }) => outcome);
  assert.deepEqual(outcomes, ["given_up", "stored"]);
  const count = listDetailPaths(test).filter((each) => each === path).length;
  assert.ok(count < 150, `${count} requests`);
});

Deno.test("processEvents: fetches each activity once with several processes", async () => {
  await using test = await createWebhookApp();
  await using other = openSecondProcess(test);
  const athlete = getAthlete(test);
  for (let n = 0; n < 12; n++) athlete.add({ name: `${n}` });
  const bodies = test.strava.push.deliveries.map(({ event }) =>
    JSON.stringify(event)
  );
  await insertEvents(test.deps.sql, {
    events: bodies.map((raw, index) => ({
      ownerId: ATHLETE_ID,
      objectType: "activity",
      objectId: JSON.parse(raw).object_id,
      aspectType: "create",
      eventTime: new Date(NOW),
      subscriptionId: test.strava.push.subscription!.id,
      raw,
      contentHash: index.toString(16).padStart(64, "0"),
      receivedAt: new Date(NOW),
    })),
    drops: {},
    now: new Date(NOW),
  });

  await Promise.all([
    processEvents(test.deps),
    processEvents(other.deps),
    processEvents(test.deps),
  ]);

  const paths = listDetailPaths(test);
  assert.equal(paths.length, 12);
  assert.equal(new Set(paths).size, 12);
  assert.ok(
    (await listEvents(test)).every(({ outcome }) => outcome === "stored"),
  );
});

Deno.test("processEvents: takes over events of a crashed process after the lease", async () => {
  await using test = await createWebhookApp();
  const { sql } = test.deps;
  await test.deps.sql`update webhook_subscriptions set checked_at = null`;
  const added = getAthlete(test).add({ name: "New" });
  const { event } = test.strava.push.deliveries[0]!;
  // Without background work the event stays claimed but not processed, as after a crash.
  test.deps.background.run = async () => {};
  await test.push(JSON.stringify(event));
  const claim = await claimEvents(sql, {
    athleteId: ATHLETE_ID,
    now: new Date(NOW),
  });
  assert.equal(claim?.events.length, 1);

  await processEvents(test.deps);
  assert.deepEqual(await readStoredIds(sql), []);
  test.clock.now += MINUTE_MS;
  await processEvents(test.deps);

  assert.deepEqual(await readStoredIds(sql), [added.id]);
  assert.equal(
    await finishEvents(sql, { ...claim!, outcome: "gone", now: new Date(NOW) }),
    false,
  );
});
