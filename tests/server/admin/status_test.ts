import assert from "node:assert/strict";
import { generateAthlete } from "../../../demo/history/history.ts";
import { computeWindowPause } from "../../../server/sync/rate_windows.ts";
import { getStatus, hangList, post, REFRESH } from "../../support/admin.ts";
import { ATHLETE_ID, createHistory, createTestApp } from "../../support/app.ts";
import { LIST } from "../../support/sync.ts";

Deno.test("GET /strava/admin/status: has no athletes before the first connection", async () => {
  await using test = await createTestApp();
  const off = {
    enabled: false,
    subscription_id: null,
    checked_at: null,
    last_event_at: null,
    waiting: 0,
    dropped: [],
  };
  assert.deepEqual(await getStatus(test), {
    athletes: [],
    webhooks: off,
    rate_budget: null,
    app_inactive_since: null,
    untrusted_proxy_since: null,
  });
});

Deno.test("GET /strava/admin/status: returns every field of athlete, runs and rate limit", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  const { athletes, rate_budget, app_inactive_since } = await getStatus(test);
  const [{ runs, ...athlete }, ...others] = athletes;
  const { firstname, lastname } = generateAthlete({
    seed: 1,
    athleteId: ATHLETE_ID,
  });
  assert.deepEqual(others, []);
  assert.deepEqual(athlete, {
    id: ATHLETE_ID,
    name: `${firstname} ${lastname}`,
    connected: true,
    reconnect_needed: null,
    connected_at: "2026-11-20T12:02:00Z",
    scopes: ["read", "profile:read_all", "activity:read", "activity:read_all"],
    activities: 5,
    deleted: 0,
    pending_deletions: null,
    quarantined: 0,
    first_sync_done: true,
    last_success_at: "2026-11-20T12:02:00Z",
    full_walk_at: "2026-11-20T12:02:00Z",
    next_due_at: "2026-11-20T13:00:00Z",
    failures: 0,
  });
  const { pages, fetched, ...run } = runs[0];
  assert.equal(runs.length, 1);
  assert.deepEqual(run, {
    id: run.id,
    trigger: "connect",
    status: "success",
    started_at: "2026-11-20T12:02:00Z",
    ended_at: "2026-11-20T12:02:00Z",
    inserted: 5,
    updated: 0,
    skipped: 0,
    deleted: 0,
    error: null,
  });
  assert.deepEqual([pages, fetched], [1, 5]);
  const { short, daily, readShort, readDaily } = test.strava.usage();
  const pause = computeWindowPause(test.config.strava.clientId);
  const toIso = (ms: number): string => new Date(ms).toISOString();
  assert.deepEqual(rate_budget, {
    observed_at: "2026-11-20T12:02:00Z",
    overall: {
      limit: { short: 200, daily: 2000 },
      usage: { short, daily },
      reserve: { short: 40, daily: 400 },
    },
    read: {
      limit: { short: 100, daily: 1000 },
      usage: { short: readShort, daily: readDaily },
      reserve: { short: 20, daily: 200 },
    },
    resets_at: {
      short: toIso(Date.UTC(2026, 10, 20, 12, 15) + pause),
      daily: toIso(Date.UTC(2026, 10, 21) + pause),
    },
  });
  assert.equal(app_inactive_since, null);
});

Deno.test("GET /strava/admin/status: counts failures and lists the last ten runs", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.faults.inject({ kind: "status", status: 418 }, { path: LIST });
  for (let count = 0; count < 11; count++) await post(test, REFRESH);
  const [athlete] = (await getStatus(test)).athletes;
  assert.equal(athlete.failures, 11);
  assert.equal(athlete.runs.length, 10);
  const ids = athlete.runs.map(({ id }: { id: number }) => id);
  assert.deepEqual(ids, ids.toSorted((a: number, b: number) => b - a));
  assert.equal(athlete.runs[0].error.reason, "refused");
  assert.equal(athlete.next_due_at, "2026-11-20T13:02:00Z");
  test.strava.faults.clear();
  await post(test, REFRESH);
  assert.equal((await getStatus(test)).athletes[0].failures, 0);
});

Deno.test("GET /strava/admin/status: shows a running first sync", async () => {
  await using test = await createTestApp();
  const asked = hangList(test);
  await test.connect();
  await asked;
  const [athlete] = (await getStatus(test)).athletes;
  assert.deepEqual(
    [athlete.connected, athlete.first_sync_done, athlete.last_success_at],
    [true, false, null],
  );
  assert.deepEqual(
    [athlete.runs[0].status, athlete.runs[0].ended_at],
    ["running", null],
  );
});
