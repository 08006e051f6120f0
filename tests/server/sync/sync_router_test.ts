import assert from "node:assert/strict";
import { startSync } from "../../../server/sync/run_sync.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  NOW,
} from "../../support/app.ts";
import { LIST, until } from "../../support/sync.ts";

const HISTORY = createHistory(450, 7);

Deno.test("GET /strava/sync/status: answers 404 before anyone has connected", async () => {
  await using test = await createTestApp();

  const response = await test.get("/strava/sync/status");

  assert.equal(response.status, 404);
  assert.equal((await response.json()).reason, "not_connected");
});

Deno.test("GET /strava/sync/status: shows a finished first sync and when the next is due", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });

  const status = await (await test.get("/strava/sync/status", { key: true }))
    .json();

  assert.equal(status.phase, "idle");
  assert.equal(status.activities, 450);
  assert.equal(status.remaining, 0);
  assert.equal(status.first_sync_done, true);
  assert.equal(status.run.fetched, 450);
  assert.equal(Date.parse(status.last_success_at), NOW);
  assert.ok(Date.parse(status.next_due_at) > NOW);
  assert.ok(status.rate_budget.read.usage.short >= 3);
});

Deno.test("GET /strava/sync/status: hides limits and runs from strangers", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.faults.inject({ kind: "status", status: 500 }, { path: LIST });
  await test.post("/strava/refresh-data", { key: true });
  const read = async (key: boolean): Promise<unknown[]> => {
    const response = await test.get("/strava/sync/status", { key });
    const { phase, run, rate_budget } = await response.json();
    return [phase, run?.status, run?.error.reason, rate_budget !== null];
  };
  assert.deepEqual(await read(true), [
    "waiting",
    "failed",
    "unavailable",
    true,
  ]);
  assert.deepEqual(await read(false), ["waiting", undefined, undefined, false]);
});

Deno.test("GET /strava/sync/status: estimates the rest of an unfinished first sync", async () => {
  await using test = await createTestApp({ activities: HISTORY });
  test.strava.faults.inject(
    { kind: "status", status: 500 },
    { path: LIST, skip: 1 },
  );
  await test.connect();
  await test.idle();

  const status = await (await test.get("/strava/sync/status", { key: true }))
    .json();

  assert.equal(status.phase, "waiting");
  assert.equal(status.activities, 200);
  assert.equal(status.first_sync_done, false);
  assert.ok(status.remaining > 0 && status.remaining < 2000, status.remaining);
  assert.equal(status.run.status, "failed");
});

Deno.test("GET /strava/sync/status: tells a recent sync from a full sync", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const { strava, deps } = test;
  const readPhase = async (): Promise<string> =>
    (await (await test.get("/strava/sync/status")).json()).phase;
  const recent = strava.faults.inject({ kind: "hang" }, {
    path: LIST,
    times: 1,
  });
  const full = strava.faults.inject({ kind: "hang" }, {
    path: LIST,
    skip: 1, // the first page of the whole list
    times: 1,
  });

  const started = await startSync(deps, {
    athleteId: ATHLETE_ID,
    trigger: "cron",
    mode: "full",
  });
  await until(() => recent.hits === 1, "the overlap");
  const first = await readPhase();
  strava.faults.release();
  await until(() => full.hits === 1, "the second page of the whole list");
  await until(
    async () => await readPhase() === "full",
    "the first page to be stored",
  );
  strava.faults.release();
  await started!.done;

  assert.deepEqual([first, await readPhase()], ["recent", "idle"]);
});

Deno.test("GET /strava/sync/status: requires the key if statistics are not public", async () => {
  await using test = await createTestApp({
    activities: HISTORY.slice(0, 5),
    synced: true,
    env: { PUBLIC_STATS: "false" },
  });

  const refused = await test.get("/strava/sync/status");
  const allowed = await test.get("/strava/sync/status", { key: true });

  assert.deepEqual([refused.status, allowed.status], [401, 200]);
});

Deno.test("GET /strava/sync/runs: lists the newest first and requires the key", async () => {
  await using test = await createTestApp({
    activities: HISTORY.slice(0, 5),
    synced: true,
  });
  await test.post("/strava/refresh-data", { key: true });

  const refused = await test.get("/strava/sync/runs");
  const all = await test.get("/strava/sync/runs", { key: true });
  const one = await test.get("/strava/sync/runs?limit=1", { key: true });
  const bad = await test.get("/strava/sync/runs?limit=0", { key: true });

  const triggers = (await all.json()).data.map(
    ({ trigger }: { trigger: string }) => trigger,
  );
  assert.deepEqual(triggers, ["refresh", "connect"]);
  assert.equal((await one.json()).data.length, 1);
  assert.deepEqual([refused.status, bad.status], [401, 400]);
});
