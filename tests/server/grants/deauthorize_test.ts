import assert from "node:assert/strict";
import {
  getSpentWindow,
  reserveRequest,
} from "../../../server/sync/rate_limit.ts";
import { syncAthlete } from "../../../server/sync/run_sync.ts";
import { maintainWebhooks } from "../../../server/webhook/maintenance.ts";
import { processEvents } from "../../../server/webhook/process_events.ts";
import { deleteDeauthorizedAthletes } from "../../../server/grants/deauthorize.ts";
import { createFolder, createGpx, importPaths } from "../../support/files.ts";
import { ATHLETE_ID } from "../../support/app.ts";
import {
  createSpacedRuns,
  readStoredIds,
  sync,
  until,
} from "../../support/sync.ts";
import {
  createEvent,
  createWebhookApp,
  listEvents,
  readCounts,
  type WebhookApp,
} from "../../support/webhook.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

async function countRows(
  { deps }: WebhookApp,
): Promise<{ athletes: number; grants: number; activities: number }> {
  const [row] = await deps.sql<
    { athletes: number; grants: number; activities: number }[]
  >`
    select
      (select count(*) from athletes) as athletes,
      (select count(*) from grants) as grants,
      (select count(*) from activities) as activities
  `;
  return { ...row! };
}

/** Lists the audit events of deleted and disconnected athletes. */
async function listDepartures({ deps }: WebhookApp): Promise<unknown[]> {
  const rows = await deps.sql`
    select kind, athlete_id, detail
    from audit_events
    where kind <> 'athlete_connected'
    order by id
  `;
  return rows.map((row) => ({ ...row }));
}

function createDeauthorization(test: WebhookApp): string {
  return JSON.stringify(createEvent(test, {
    object_type: "athlete",
    object_id: ATHLETE_ID,
    updates: { authorized: "false" },
  }));
}

Deno.test("deauthorization: deletes all data by default", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(5),
  });
  await sync(test);

  test.strava.deauthorize(ATHLETE_ID);
  await test.deliver();

  assert.deepEqual(await countRows(test), {
    athletes: 0,
    grants: 0,
    activities: 0,
  });
  assert.deepEqual(await listEvents(test), []);
  assert.match(test.log.text(), /deleted all data/);
  assert.deepEqual(await listDepartures(test), [{
    kind: "athlete_deleted",
    athlete_id: ATHLETE_ID,
    detail: { by: "strava" },
  }]);
});

for (const graceDays of [0, 14]) {
  Deno.test(`deauthorization: keeps what came by file, after ${graceDays} days`, async () => {
    await using test = await createWebhookApp({
      env: { DEAUTHORIZE_GRACE_DAYS: String(graceDays) },
      activities: createSpacedRuns(5),
    });
    await sync(test);
    await using folder = await createFolder();
    const { sql } = test.deps;
    const [run] =
      await sql`select start_date from activities order by id limit 1`;
    // A file of one of Strava's activities, and one that Strava does not have.
    await folder.write("1.gpx", createGpx(run!["start_date"].toISOString()));
    await folder.write("2.gpx", createGpx("2024-05-04T08:00:00Z"));
    const { printed } = await importPaths(test, folder.path);
    assert.match(printed, /1 imported, 1 merged/);

    test.strava.deauthorize(ATHLETE_ID);
    await test.deliver();
    test.clock.now += graceDays * DAY_MS;
    await maintainWebhooks(test.deps);
    await deleteDeauthorizedAthletes(test.deps);

    const rows = await sql`
      select source, elapsed_time from activities order by start_date
    `;
    assert.deepEqual(rows.map((row) => ({ ...row })), [
      { source: "file", elapsed_time: 600 },
      { source: "file", elapsed_time: 600 },
    ]);
    const [athlete] = await sql`select profile, delete_at from athletes`;
    assert.deepEqual({ ...athlete }, {
      profile: { firstname: `Athlete ${ATHLETE_ID}` },
      delete_at: null,
    });
    assert.equal((await countRows(test)).grants, 0);
    const stats = await test.get("/strava/stats/totals");
    assert.equal(stats.status, 200);
    await stats.body?.cancel();
  });
}

Deno.test("deauthorization: with keep, deletes the tokens and keeps the history", async () => {
  await using test = await createWebhookApp({
    env: { ON_DEAUTHORIZE: "keep" },
    activities: createSpacedRuns(5),
  });
  await sync(test);

  test.strava.deauthorize(ATHLETE_ID);
  await test.deliver();
  test.clock.now += 365 * DAY_MS;
  await maintainWebhooks(test.deps);

  assert.deepEqual(await countRows(test), {
    athletes: 1,
    grants: 0,
    activities: 5,
  });
  assert.equal((await listEvents(test)).length, 0, "processed a year ago");
  const stats = await test.get("/strava/stats/totals");
  assert.equal(stats.status, 200);
  await stats.body?.cancel();
});

Deno.test("deauthorization: deletes the data after the grace period", async () => {
  await using test = await createWebhookApp({
    env: { DEAUTHORIZE_GRACE_DAYS: "14" },
    activities: createSpacedRuns(5),
  });
  await sync(test);
  test.strava.deauthorize(ATHLETE_ID);
  await test.deliver();
  const kept = await countRows(test);

  test.clock.now += 14 * DAY_MS - 1;
  await maintainWebhooks(test.deps);
  const last = await countRows(test);
  test.clock.now += 1;
  await maintainWebhooks(test.deps);

  assert.deepEqual(kept, { athletes: 1, grants: 0, activities: 5 });
  assert.deepEqual(last, kept);
  assert.deepEqual(await countRows(test), {
    athletes: 0,
    grants: 0,
    activities: 0,
  });
  const event = { athlete_id: ATHLETE_ID, detail: { by: "strava" } };
  assert.deepEqual(await listDepartures(test), [
    { kind: "athlete_disconnected", ...event },
    { kind: "athlete_deleted", ...event },
  ]);
});

Deno.test("deauthorization: keeps the data if the athlete connects in the grace period", async () => {
  await using test = await createWebhookApp({
    env: { DEAUTHORIZE_GRACE_DAYS: "14" },
    activities: createSpacedRuns(5),
  });
  await sync(test);
  test.strava.deauthorize(ATHLETE_ID);
  await test.deliver();

  await test.connect();
  await test.idle();
  test.clock.now += 30 * DAY_MS;
  await maintainWebhooks(test.deps);

  assert.deepEqual(await countRows(test), {
    athletes: 1,
    grants: 1,
    activities: 5,
  });
});

Deno.test("deauthorization: ends nothing without confirmation from Strava", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(5),
  });
  await sync(test);

  await test.push(createDeauthorization(test));
  await test.idle();
  for (const minutes of [1, 5, 15, 45]) {
    test.clock.now += minutes * MINUTE_MS;
    await processEvents(test.deps);
  }

  assert.deepEqual(await countRows(test), {
    athletes: 1,
    grants: 1,
    activities: 5,
  });
  assert.equal((await listEvents(test))[0]?.outcome, "given_up");
});

Deno.test("deauthorization: retries if Strava fails or refuses temporarily", async () => {
  for (
    const action of [
      { kind: "status", status: 500 },
      { kind: "status", status: 503, body: "html" },
      { kind: "status", status: 429 },
      { kind: "status", status: 403 },
      { kind: "reset" },
    ] as const
  ) {
    await using test = await createWebhookApp({
      activities: createSpacedRuns(2),
    });
    await sync(test);
    const fault = test.strava.faults.inject(action, { path: "/oauth/token" });
    test.strava.deauthorize(ATHLETE_ID);
    await test.deliver();
    const before = await countRows(test);
    fault.remove();
    test.clock.now += 16 * MINUTE_MS;
    await processEvents(test.deps);

    const name = JSON.stringify(action);
    assert.deepEqual(
      before,
      { athletes: 1, grants: 1, activities: 2 },
      name,
    );
    assert.equal((await countRows(test)).athletes, 0, name);
  }
});

Deno.test("deauthorization: ends nothing with a wrong client secret", async () => {
  await using test = await createWebhookApp({
    env: { STRAVA_CLIENT_SECRET: "wrong" },
    subscribed: false,
  });
  await test.deps.sql`
    insert into webhook_subscriptions (client_id, id, checked_at, next_check_at)
    values ('12345', 1, '2100-01-01', '2100-01-01')
  `;

  await test.push(createDeauthorization(test));
  await test.idle();

  assert.equal((await countRows(test)).grants, 1);
  assert.equal((await listEvents(test))[0]?.attempts, 1);
});

Deno.test("deauthorization: ends a dead grant without another request", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(2),
  });
  await sync(test);
  test.strava.deauthorize(ATHLETE_ID);
  const run = await sync(test);

  await test.deliver();

  assert.equal(run.errorReason, "unauthorized");
  assert.equal((await countRows(test)).athletes, 0);
});

Deno.test("deauthorization: does not wait for the rate limit", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(2),
  });
  await sync(test);
  while (!await getSpentWindow(test.deps)) {
    await reserveRequest(test.deps, { priority: "fresh" });
  }

  test.strava.deauthorize(ATHLETE_ID);
  await test.deliver();

  assert.equal((await countRows(test)).athletes, 0);
});

Deno.test("deauthorization: interrupts a running sync", async () => {
  await using test = await createWebhookApp({
    env: { ON_DEAUTHORIZE: "keep" },
    activities: createSpacedRuns(450),
  });
  const hanging = test.strava.faults.inject({ kind: "hang" }, {
    path: "/api/v3/athlete/activities",
    skip: 1,
  });
  const running = syncAthlete(test.deps, {
    athleteId: ATHLETE_ID,
    trigger: "cron",
  });
  await until(() => hanging.hits === 1);
  await until(async () => (await readStoredIds(test.deps.sql)).length === 200);

  test.strava.deauthorize(ATHLETE_ID);
  await test.deliver();
  test.strava.faults.clear();
  test.strava.faults.release();
  const run = await running;

  assert.equal(run?.status, "interrupted");
  assert.equal((await countRows(test)).grants, 0);
  assert.equal((await readStoredIds(test.deps.sql)).length, 200);
});

Deno.test("deauthorization: keeps the data after a disconnect by the owner", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(3),
  });
  await sync(test);

  const response = await test.post("/strava/admin/disconnect", { key: true });
  await response.body?.cancel();
  await test.deliver();

  assert.equal(response.status, 200);
  assert.deepEqual(await countRows(test), {
    athletes: 1,
    grants: 0,
    activities: 3,
  });
  assert.deepEqual(await readCounts(test), { unknown_owner: 1 });
});

Deno.test("athlete events: are ignored if they do not withdraw the permission", async () => {
  await using test = await createWebhookApp();
  for (const updates of [{}, { authorized: "true" }, { name: "New" }]) {
    await test.push(JSON.stringify(createEvent(test, {
      object_type: "athlete",
      object_id: ATHLETE_ID,
      updates: updates as Record<string, string>,
    })));
  }
  await test.idle();

  const outcomes = (await listEvents(test)).map(({ outcome }) => outcome);
  assert.deepEqual(outcomes, ["ignored", "ignored", "ignored"]);
});
