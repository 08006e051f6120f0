import assert from "node:assert/strict";
import { upsertActivities } from "../../../db/activities.ts";
import { restoreActivities } from "../../../db/deleted_activities.ts";
import { claimSync } from "../../../db/sync_state.ts";
import { parsePage } from "../../../server/sync/parse_activity.ts";
import { claimEvents, finishEvents } from "../../../db/webhook_claims.ts";
import { callbackUrl } from "../../../server/webhook/address.ts";
import { maintainSubscription } from "../../../server/webhook/subscription.ts";
import { maintainWebhooks } from "../../../server/webhook/maintenance.ts";
import { workEvents } from "../../../server/webhook/process_events.ts";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import { ATHLETE_ID, NOW } from "../../support/app.ts";
import {
  createSpaced,
  listPages,
  openTwin,
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
  type WebhookApp,
} from "../../support/webhook.ts";

const MINUTE_MS = 60_000;

function athleteOf({ strava }: WebhookApp) {
  return strava.athletes.get(ATHLETE_ID)!;
}

async function readName(
  { deps }: WebhookApp,
  id: number,
): Promise<string | undefined> {
  const [row] = await deps.sql<{ name: string }[]>`
    select name from activities where athlete_id = ${ATHLETE_ID} and id = ${id}
  `;
  return row?.name;
}

Deno.test("activity events: what was created, changed and deleted at Strava is so here, at once", async () => {
  await using test = await createWebhookApp({ activities: createSpaced(3) });
  await sync(test);
  const athlete = athleteOf(test);
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

Deno.test("activity events: the walk after them sees nothing that has changed", async () => {
  await using test = await createWebhookApp({ activities: createSpaced(3) });
  await sync(test);
  const athlete = athleteOf(test);
  const [first] = athlete.activities.keys();
  athlete.add({ name: "New", start_date: "2026-11-20T08:00:00Z" });
  athlete.update(first!, { name: "Other" });
  await test.deliver();

  const run = await sync(test);

  assert.deepEqual([run.fetched, run.inserted, run.updated], [4, 0, 0]);
});

Deno.test("activity events: what a walk has brought before is unchanged, and the version stays", async () => {
  await using test = await createWebhookApp({ activities: createSpaced(3) });
  athleteOf(test).add({ name: "New", start_date: "2026-11-20T08:00:00Z" });
  await sync(test);
  const { data_version: before } = await readState(test.deps.sql);

  await test.deliver();

  assert.equal((await listEvents(test))[0]?.outcome, "unchanged");
  assert.equal((await readState(test.deps.sql)).data_version, before);
});

Deno.test("activity events: Only You looks like a deletion to a token without read_all, and comes back", async () => {
  await using test = await createWebhookApp({ activities: createSpaced(2) });
  await test.connect({ scopes: ["read", "activity:read"] });
  await test.idle();
  const athlete = athleteOf(test);
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

Deno.test("activity events: a private one is stored as private", async () => {
  await using test = await createWebhookApp({ activities: createSpaced(1) });
  await sync(test);
  const athlete = athleteOf(test);
  const [id] = athlete.activities.keys();

  athlete.update(id!, { private: true });
  await test.deliver();

  const [row] = await test.deps.sql`
    select visibility from activities where athlete_id = ${ATHLETE_ID}
  `;
  assert.equal(row?.["visibility"], "only_me");
});

Deno.test("activity events: no word of an event is believed", async () => {
  await using test = await createWebhookApp({ activities: createSpaced(2) });
  await sync(test);
  const [id] = athleteOf(test).activities.keys();
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

Deno.test("activity events: an activity of somebody else is refused, though the token may see it", async () => {
  await using test = await createWebhookApp();
  const athlete = athleteOf(test);
  athlete.activities.set(78, createActivity({ id: 78 }, 42));

  await test.push(JSON.stringify(createEvent(test, { object_id: 78 })));
  await test.idle();

  assert.equal((await listEvents(test))[0]?.outcome, "refused");
  assert.deepEqual(await readStoredIds(test.deps.sql), []);
});

Deno.test("activity events: duplicates and disorder end as Strava shows it now, in one request", async () => {
  await using test = await createWebhookApp({ activities: createSpaced(1) });
  await sync(test);
  const athlete = athleteOf(test);
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

Deno.test("activity events: a creation before the activity is tried again after 1, 5, 15 and 45 minutes, then left", async () => {
  await using test = await createWebhookApp();
  const event = createEvent(test, { object_id: 5, aspect_type: "create" });
  await test.push(JSON.stringify(event));
  await test.idle();
  assert.equal(listDetailPaths(test).length, 1);

  let requests = 1;
  for (const minutes of [1, 5, 15, 45]) {
    test.clock.now += minutes * MINUTE_MS - 1;
    await workEvents(test.deps);
    assert.equal(listDetailPaths(test).length, requests, `Before ${minutes}`);
    test.clock.now += 1;
    await workEvents(test.deps);
    assert.equal(listDetailPaths(test).length, ++requests, `At ${minutes}`);
  }
  test.clock.now += 24 * 60 * MINUTE_MS;
  await workEvents(test.deps);

  assert.equal(listDetailPaths(test).length, 5);
  assert.equal((await listEvents(test))[0]?.outcome, "given_up");
});

Deno.test("activity events: a creation before the activity is stored once it is there", async () => {
  await using test = await createWebhookApp();
  const event = createEvent(test, { object_id: 5, aspect_type: "create" });
  await test.push(JSON.stringify(event));
  await test.idle();

  athleteOf(test).activities.set(5, createActivity({ id: 5 }, ATHLETE_ID));
  test.clock.now += MINUTE_MS;
  await maintainWebhooks(test.deps);

  assert.deepEqual(await readStoredIds(test.deps.sql), [5]);
  assert.equal((await listEvents(test))[0]?.outcome, "stored");
});

Deno.test("activity events: what the owner has restored stays, though Strava tells again of its end", async () => {
  await using test = await createWebhookApp({ activities: createSpaced(2) });
  const { sql } = test.deps;
  await sync(test);
  const athlete = athleteOf(test);
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

Deno.test("activity events: a sync that stores an older page after them is put right a minute later", async () => {
  await using test = await createWebhookApp({ activities: createSpaced(2) });
  const { sql } = test.deps;
  await sync(test);
  const athlete = athleteOf(test);
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
  await workEvents(test.deps);

  assert.deepEqual(await readStoredIds(sql), readStravaIds(test.strava));
  assert.equal((await listEvents(test))[0]?.outcome, "deleted");
});

Deno.test("activity events: an activity that always fails is given up, and stops no other", async () => {
  await using test = await createWebhookApp();
  const athlete = athleteOf(test);
  const broken = athlete.add({ name: "Broken" });
  test.strava.faults.broken.add(broken.id);
  const whole = athlete.add({ name: "Whole" });

  await test.deliver();
  assert.deepEqual(await readStoredIds(test.deps.sql), [whole.id]);
  for (const minutes of [1, 5, 15, 45]) {
    test.clock.now += minutes * MINUTE_MS;
    await workEvents(test.deps);
  }

  const outcomes = (await listEvents(test)).map(({ outcome }) => outcome);
  assert.deepEqual(outcomes, ["given_up", "stored"]);
});

Deno.test("activity events: while the budget is spent they wait and cost nothing; then each object costs one request", async () => {
  await using test = await createWebhookApp({
    strava: { limits: { readShort: 3 } },
  });
  const athlete = athleteOf(test);
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

Deno.test("activity events: a Strava that cannot be reached uses up no try", async () => {
  await using test = await createWebhookApp();
  athleteOf(test).add({ name: "New" });
  test.strava.faults.inject({ kind: "reset" }, { times: 3 });

  await test.deliver();
  const [waiting] = await listEvents(test);
  test.clock.now += MINUTE_MS;
  await maintainWebhooks(test.deps);

  assert.equal(waiting?.outcome, null);
  assert.equal(waiting?.attempts, 0);
  assert.equal((await listEvents(test))[0]?.outcome, "stored");
});

Deno.test("several processes: none works on what another has claimed; each object is asked for once", async () => {
  await using test = await createWebhookApp();
  await using twin = openTwin(test);
  const athlete = athleteOf(test);
  for (let n = 0; n < 12; n++) athlete.add({ name: `${n}` });
  const bodies = test.strava.push.deliveries.map(({ event }) =>
    JSON.stringify(event)
  );
  const { insertEvents } = await import("../../../db/webhook_events.ts");
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
    workEvents(test.deps),
    workEvents(twin.deps),
    workEvents(test.deps),
  ]);

  const paths = listDetailPaths(test);
  assert.equal(paths.length, 12);
  assert.equal(new Set(paths).size, 12);
  assert.ok(
    (await listEvents(test)).every(({ outcome }) => outcome === "stored"),
  );
});

Deno.test("a crash: another process takes the events over once the lease has passed, and the first writes nothing", async () => {
  await using test = await createWebhookApp();
  const { sql } = test.deps;
  await test.deps.sql`update webhook_subscriptions set checked_at = null`;
  const added = athleteOf(test).add({ name: "New" });
  const { event } = test.strava.push.deliveries[0]!;
  // Nobody wakes: the event is as a crash would leave it, claimed and not worked off.
  test.deps.background.run = async () => {};
  await test.push(JSON.stringify(event));
  const claim = await claimEvents(sql, {
    athleteId: ATHLETE_ID,
    now: new Date(NOW),
  });
  assert.equal(claim?.events.length, 1);

  await workEvents(test.deps);
  assert.deepEqual(await readStoredIds(sql), []);
  test.clock.now += MINUTE_MS;
  await workEvents(test.deps);

  assert.deepEqual(await readStoredIds(sql), [added.id]);
  assert.equal(
    await finishEvents(sql, { ...claim!, outcome: "gone", now: new Date(NOW) }),
    false,
  );
});

Deno.test("unknown subscription: dropped after Strava was asked once; not asked again for older ones", async () => {
  await using test = await createWebhookApp();
  test.clock.now += 5 * MINUTE_MS;
  const strange = (id: number): string =>
    JSON.stringify(createEvent(test, { object_id: id, subscription_id: 1 }));
  const asked = (): number =>
    test.strava.requests.filter(({ path }) =>
      path === "/api/v3/push_subscriptions"
    ).length;

  await test.push(strange(1));
  await test.idle();
  await test.push(strange(2));
  await test.push(strange(3));
  await test.idle();

  assert.equal(asked(), 1);
  assert.deepEqual(listDetailPaths(test), []);
  assert.deepEqual(await readCounts(test), {
    stored: 3,
    unknown_subscription: 3,
  });
});

Deno.test("unknown subscription: one that another has made meanwhile becomes known", async () => {
  await using test = await createWebhookApp();
  test.clock.now += 5 * MINUTE_MS;
  const { push } = test.strava;
  push.subscription = { ...push.subscription!, id: 777 };
  assert.equal(push.subscription.callback_url, callbackUrl(test.config));
  const added = athleteOf(test).add({ name: "New" });

  await test.deliver();

  assert.deepEqual(await readStoredIds(test.deps.sql), [added.id]);
});

Deno.test("unknown subscription: an event that was tried before is worked off though ours is another by now", async () => {
  await using test = await createWebhookApp({ activities: createSpaced(1) });
  const { strava, clock, deps } = test;
  await sync(test);
  const [id] = readStravaIds(strava);
  strava.faults.inject({ kind: "status", status: 500 }, {
    path: `/api/v3/activities/${id}`,
    times: 3,
  });
  athleteOf(test).update(id!, { name: "Renamed" });
  await test.deliver();
  assert.deepEqual((await listEvents(test)).map((each) => each.attempts), [1]);

  strava.push.subscription = null;
  await maintainSubscription(deps, { force: true });
  clock.now += MINUTE_MS;
  await maintainSubscription(deps, { force: true });
  await workEvents(deps);

  assert.equal((await listEvents(test))[0]?.outcome, "stored");
  assert.equal(await readName(test, id!), "Renamed");
});

Deno.test("events that were worked off are forgotten after a week, waiting ones are not", async () => {
  await using test = await createWebhookApp();
  athleteOf(test).add({ name: "New" });
  await test.deliver();
  await test.deps
    .sql`update webhook_subscriptions set next_check_at = '2100-01-01'`;

  test.clock.now += 7 * 24 * 60 * MINUTE_MS;
  await maintainWebhooks(test.deps);
  assert.equal((await listEvents(test)).length, 1);
  test.clock.now += 1;
  await maintainWebhooks(test.deps);

  assert.equal((await listEvents(test)).length, 0);
  assert.equal(listPages(test.strava).length, 0);
});
