import assert from "node:assert/strict";
import { deleteAthlete, revokeAthlete } from "../../../db/athletes.ts";
import { deleteGrant } from "../../../db/grants.ts";
import { listSyncRuns } from "../../../db/sync_runs.ts";
import type { FaultAction } from "../../../strava_simulator/faults.ts";
import { computeWindowPause } from "../../../server/sync/rate_windows.ts";
import {
  startSync,
  syncAthlete,
  syncDueAthletes,
  syncNow,
} from "../../../server/sync/sync.ts";
import { ATHLETE_ID, NOW, type TestApp } from "../../support/app.ts";
import {
  connectQuietly,
  createConnected,
  createSpaced,
  LIST,
  listPages,
  openTwin,
  readState,
  readStoredIds,
  sync,
  until,
} from "../../support/sync.ts";

const MINUTE_MS = 60 * 1000;
/** Additional wait after the end of a window. */
const PAUSE_MS = computeWindowPause("12345");
/** End of the quarter hour of `NOW`, including the pause. */
const WINDOW_END = Date.UTC(2026, 10, 20, 12, 15) + PAUSE_MS;

async function readRuns(
  { deps }: TestApp,
): Promise<{ status: string; reason: string | null }[]> {
  const runs = await listSyncRuns(deps.sql, {
    athleteId: ATHLETE_ID,
    limit: 100,
  });
  return runs.reverse().map(({ status, errorReason }) => ({
    status,
    reason: errorReason,
  }));
}

Deno.test("startSync: starts exactly one of ten simultaneous runs on one database", async () => {
  await using test = await createConnected(createSpaced(40));
  const hang = test.strava.faults.inject({ kind: "hang" }, { path: LIST });
  await using twins = new AsyncDisposableStack();
  const processes = Array.from(
    { length: 9 },
    () => twins.use(openTwin(test)).deps,
  );

  const started = await Promise.all(
    [test.deps, ...processes].map((deps) =>
      startSync(deps, { athleteId: ATHLETE_ID, trigger: "cron" })
    ),
  );
  hang.remove();
  test.strava.faults.release();
  const runs = await Promise.all(started.map((each) => each?.done));

  const ran = runs.filter((run) => run !== undefined);
  assert.deepEqual(ran.map(({ status }) => status), ["success"]);
  assert.equal((await readRuns(test)).length, 1);
  assert.equal(listPages(test.strava).length, 2);
});

Deno.test("startSync: takes over an expired lease, after which the old run writes nothing", async () => {
  await using test = await createConnected(createSpaced(40));
  await using twin = openTwin(test);
  const { strava, deps, clock } = test;
  strava.faults.shortPages = 10;
  const hang = strava.faults.inject(
    { kind: "hang" },
    { path: LIST, when: ({ query }) => query.get("page") === "2", times: 1 },
  );
  const old = await startSync(deps, { athleteId: ATHLETE_ID, trigger: "cron" });
  await until(() => hang.hits === 1, "the hanging page");
  await until(async () =>
    (await readState(deps.sql)).full_sync_cursor !== null
  );

  const early = await syncAthlete(twin.deps, {
    athleteId: ATHLETE_ID,
    trigger: "refresh",
  });
  clock.now += 61 * 1000;
  const taken = await sync(twin, { trigger: "refresh" });
  const state = await readState(deps.sql);
  const athlete = strava.athletes.get(ATHLETE_ID)!;
  for (const id of athlete.activities.keys()) {
    athlete.update(id, { name: "Written by the old run" });
  }
  strava.faults.release();
  const fenced = await old!.done;

  assert.equal(early, undefined);
  assert.equal(taken.status, "success");
  assert.deepEqual([fenced?.status, fenced?.pages], ["interrupted", 1]);
  assert.deepEqual(await readState(deps.sql), state);
  const names = await deps.sql`
    select distinct name from activities where name like 'Written%'
  `;
  assert.equal(names.length, 0);
  assert.equal((await readStoredIds(deps.sql)).length, 40);
});

Deno.test("startSync: a run that lost its lease does not end the run that holds it", async () => {
  await using test = await createConnected(createSpaced(40));
  await using twin = openTwin(test);
  const { strava, deps, clock } = test;
  strava.faults.shortPages = 10;
  const [first, second] = [1, 2].map(() =>
    strava.faults.inject(
      { kind: "hang" },
      { path: LIST, when: ({ query }) => query.get("page") === "2", times: 1 },
    )
  );
  const options = { athleteId: ATHLETE_ID, trigger: "cron", limit: 1 } as const;
  const old = await startSync(deps, options);
  await until(() => first!.hits === 1, "the old run's page");
  await until(async () =>
    (await readState(deps.sql)).full_sync_cursor !== null
  );
  clock.now += 61 * 1000;
  const young = await startSync(twin.deps, options);
  await until(() => second!.hits === 1, "the young run's page");
  await until(async () => {
    const runs = await listSyncRuns(deps.sql, options);
    return runs[0]?.pages === 1;
  });

  await deps.background.close();
  const ended = await old!.done;

  assert.equal(ended?.status, "interrupted");
  const state = await readState(deps.sql);
  assert.equal(state.run_id, young!.runId);
  assert.equal(state.leased_until?.getTime(), clock.now + 60 * 1000);
  strava.faults.release();
  assert.equal((await young!.done)?.status, "success");
});

Deno.test("startSync: leaves nothing behind for an athlete deleted while it runs", async () => {
  await using test = await createConnected(createSpaced(40));
  const { strava, deps } = test;
  strava.faults.shortPages = 10;
  const hang = strava.faults.inject(
    { kind: "hang" },
    { path: LIST, when: ({ query }) => query.get("page") === "2" },
  );
  const run = await startSync(deps, { athleteId: ATHLETE_ID, trigger: "cron" });
  await until(() => hang.hits === 1, "the hanging page");

  await deleteAthlete(deps.sql, { id: ATHLETE_ID });
  strava.faults.release();

  assert.equal(await run!.done, undefined);
  const [left] = await deps.sql`
    select
      (select count(*) from activities) + (select count(*) from sync_runs)
        + (select count(*) from sync_state) + (select count(*) from grants) as rows
  `;
  assert.equal(left?.rows, 0);
  const options = { athleteId: ATHLETE_ID, trigger: "refresh" } as const;
  assert.equal(await syncNow(deps, { ...options, waitMs: 0 }), undefined);
});

Deno.test("syncNow: joins the running sync and returns the finished run", async () => {
  await using test = await createConnected(createSpaced(5));
  await using twin = openTwin(test);
  const { strava, deps } = test;
  const hang = strava.faults.inject({ kind: "hang" }, { path: LIST, times: 1 });
  const first = await startSync(deps, {
    athleteId: ATHLETE_ID,
    trigger: "cron",
  });
  await until(() => hang.hits === 1, "the hanging page");
  const options = { athleteId: ATHLETE_ID, trigger: "refresh" } as const;

  const impatient = await syncNow(twin.deps, { ...options, waitMs: 0 });
  const joined = syncNow(twin.deps, { ...options, waitMs: 10_000 });
  strava.faults.release();
  await first!.done;

  assert.deepEqual([impatient?.id, impatient?.status], [
    first!.runId,
    "running",
  ]);
  assert.deepEqual([(await joined)?.id, (await joined)?.status], [
    first!.runId,
    "success",
  ]);
  assert.equal((await readRuns(test)).length, 1);
});

Deno.test("syncNow: takes over from a dead process once its lease has ended", async () => {
  await using test = await createConnected(createSpaced(5));
  const { strava, deps, clock } = test;
  await using dead = openTwin(test);
  const hang = strava.faults.inject({ kind: "hang" }, { path: LIST, times: 1 });
  const died = await startSync(dead.deps, {
    athleteId: ATHLETE_ID,
    trigger: "cron",
  });
  await until(() => hang.hits === 1, "the hanging page");
  const sleep = deps.sleep;
  deps.sleep = (milliseconds, signal) => {
    if (milliseconds > 1000) return sleep(milliseconds, signal);
    clock.now += 30_000; // between two checks of the other run
    return sleep(0, signal);
  };

  const run = await syncNow(deps, {
    athleteId: ATHLETE_ID,
    trigger: "shell",
    waitMs: 60_000,
  });

  assert.deepEqual([run?.status, run?.trigger], ["success", "shell"]);
  strava.faults.release();
  assert.equal((await died!.done)?.status, "interrupted");
});

Deno.test("syncAthlete: records each run's trigger, counts and outcome", async () => {
  await using test = await createConnected(createSpaced(30));
  const { strava, deps, clock } = test;
  strava.faults.spoiled.set(
    [...strava.athletes.get(ATHLETE_ID)!.activities.keys()][4]!,
    "huge_id",
  );

  const first = await sync(test, { trigger: "connect" });
  clock.now += MINUTE_MS;
  strava.athletes.get(ATHLETE_ID)!.update(1_000_030, { name: "Edited" });
  const second = await sync(test, { trigger: "refresh" });

  assert.deepEqual(first, {
    athleteId: ATHLETE_ID,
    id: first.id,
    trigger: "connect",
    status: "success",
    startedAt: first.startedAt,
    endedAt: first.endedAt,
    pages: 1,
    fetched: 30,
    inserted: 29,
    updated: 0,
    skipped: 1,
    deleted: 0,
    errorReason: null,
    errorDetail: null,
  });
  assert.equal(first.startedAt.getTime(), NOW);
  assert.equal(first.endedAt?.getTime(), NOW);
  assert.deepEqual(
    [second.trigger, second.fetched, second.inserted, second.updated],
    ["refresh", 30, 0, 1],
  );
  assert.equal(second.endedAt?.getTime(), NOW + MINUTE_MS);
  assert.ok(second.id > first.id);
  assert.equal((await readState(deps.sql)).failures, 0);
});

const TRANSIENT: Record<string, FaultAction> = {
  "500": { kind: "status", status: 500, body: { json: {} } },
  "503 in HTML": { kind: "status", status: 503 },
  "200 in HTML": { kind: "status", status: 200 },
  "an empty 200": { kind: "status", status: 200, body: "empty" },
  "a redirect to the login": { kind: "redirect", location: "/login" },
  "a reset": { kind: "reset" },
  "a lost response": { kind: "lost" },
  "a truncated body": { kind: "truncated" },
  "a cut body": { kind: "cut" },
  "an object instead of a list": { kind: "object" },
};

for (const [name, action] of Object.entries(TRANSIENT)) {
  Deno.test(`sync: retries ${name} after one and four seconds`, async () => {
    await using test = await createConnected(createSpaced(5));
    const { strava } = test;
    const pauses = recordPauses(test);
    strava.faults.inject(action, { path: LIST, times: 2 });

    const run = await sync(test);

    assert.deepEqual([run.status, run.inserted], ["success", 5]);
    assert.deepEqual(pauses, [1000, 4000]);
  });
}

Deno.test("sync: fails after three requests and doubles the pause up to an hour", async () => {
  await using test = await createConnected(createSpaced(5));
  const { strava, deps, clock } = test;
  strava.faults.inject({ kind: "status", status: 502 }, { path: LIST });

  const pauses: number[] = [];
  for (let failures = 1; failures <= 8; failures++) {
    strava.clearRequests();
    const run = await sync(test);
    const state = await readState(deps.sql);
    assert.deepEqual([run.status, run.errorReason], ["failed", "unavailable"]);
    assert.equal(run.errorDetail, `Strava answered ${LIST} with 502`);
    assert.equal(listPages(strava).length, 3);
    assert.deepEqual([state.failures, state.leased_until], [failures, null]);
    pauses.push((state.next_due_at.getTime() - clock.now) / MINUTE_MS);
    clock.now = state.next_due_at.getTime();
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);

  strava.faults.clear();
  test.strava.grants.expireAccess(ATHLETE_ID);
  await sync(test);
  const state = await readState(deps.sql);
  assert.deepEqual([state.failures, state.next_due_at.getTime()], [
    0,
    clock.now,
  ]);
});

const LASTING: [name: string, action: FaultAction, reason: string][] = [
  ["400", { kind: "status", status: 400, body: { json: {} } }, "refused"],
  [
    "404 with no body",
    { kind: "status", status: 404, body: "empty" },
    "not_found",
  ],
  ["403 inactive", { kind: "forbidden" }, "app_inactive"],
  ["403 in HTML", { kind: "status", status: 403 }, "refused"],
  ["a missing scope", {
    kind: "status",
    status: 401,
    body: {
      json: {
        message: "Authorization Error",
        errors: [{
          resource: "AccessToken",
          field: "activity:read_permission",
          code: "missing",
        }],
      },
    },
  }, "scope_missing"],
  ["429", { kind: "rate_limit" }, "rate_limited"],
  ["429 of 2018", { kind: "rate_limit", old_body: true }, "rate_limited"],
];

for (const [name, action, reason] of LASTING) {
  Deno.test(`sync: does not retry ${name}`, async () => {
    await using test = await createConnected(createSpaced(5));
    const pauses = recordPauses(test);
    test.strava.faults.inject(action, { path: LIST });

    const run = await sync(test);

    assert.deepEqual([run.status, run.errorReason], ["failed", reason]);
    assert.equal(test.strava.requests.length, 1);
    assert.deepEqual(pauses, []);
  });
}

Deno.test("sync: refreshes a token that expired early and requests the page again", async () => {
  await using test = await createConnected(createSpaced(5));
  test.strava.grants.expireAccess(ATHLETE_ID);

  const run = await sync(test);

  assert.equal(run.status, "success");
  assert.deepEqual(
    test.strava.requests.map(({ path, status }) => [path, status]),
    [[LIST, 401], ["/oauth/token", 200], [LIST, 200], [LIST, 200]],
  );
});

Deno.test("sync: fails without a loop if Strava rejects a new token", async () => {
  await using test = await createConnected(createSpaced(5));
  test.strava.faults.inject({ kind: "invalid_token" }, { path: LIST });

  const run = await sync(test);

  assert.equal(run.errorReason, "unauthorized");
  assert.deepEqual(
    test.strava.requests.map(({ path }) => path),
    [LIST, "/oauth/token", LIST],
  );
});

Deno.test("sync: tries an inactive application again after an hour", async () => {
  await using test = await createConnected(createSpaced(5));
  test.strava.faults.inactive = true;

  const run = await sync(test);

  assert.equal(run.errorReason, "app_inactive");
  const { next_due_at } = await readState(test.deps.sql);
  assert.equal(next_due_at.getTime(), NOW + 60 * MINUTE_MS);
});

/** Asserts that no kind of sync sends a request before `end`, and that syncs continue at `end`. */
async function assertSilentUntil(test: TestApp, end: number): Promise<void> {
  const { strava, deps, clock } = test;
  strava.clearRequests();
  await using twin = openTwin(test);
  for (const at of [clock.now, end - 1]) {
    clock.now = at;
    await syncDueAthletes(deps);
    await syncDueAthletes(twin.deps, { unfinished: true });
    assert.equal((await sync(twin)).errorReason, "rate_limited");
    const response = await test.post("/strava/refresh-data", { key: true });
    assert.equal(response.status, 503);
    assert.equal((await response.json()).reason, "strava_rate_limited");
    const { next_due_at } = await readState(deps.sql);
    assert.equal(next_due_at.toISOString(), new Date(end).toISOString());
  }
  assert.equal(strava.requests.length, 0);

  clock.now = end;
  await syncDueAthletes(deps);
  assert.equal(strava.requests[0]?.status, 200);
}

Deno.test("sync: uses the last request of a window and waits for its end", async () => {
  await using test = await createConnected(createSpaced(40), {
    strava: { limits: { readShort: 3 } },
  });
  test.strava.faults.shortPages = 10;

  const run = await sync(test);

  assert.equal(run.errorReason, "rate_limited");
  assert.equal(run.errorDetail, "Strava's quarter-hour limit is used up");
  assert.deepEqual(
    test.strava.requests.map(({ status }) => status),
    [200, 200, 200],
  );
  await assertSilentUntil(test, WINDOW_END);
});

for (const errorHeaders of [true, false]) {
  Deno.test(`sync: waits for the window's end after a 429 ${errorHeaders ? "with" : "without"} headers`, async () => {
    await using test = await createConnected(createSpaced(5));
    test.strava.rateLimit.spend(100);
    test.strava.faults.errorHeaders = errorHeaders;

    const run = await sync(test);

    assert.equal(run.errorReason, "rate_limited");
    assert.equal(test.strava.requests.length, 1);
    await assertSilentUntil(test, WINDOW_END);
  });
}

Deno.test("sync: believes a 429 although its headers show unused requests", async () => {
  await using test = await createConnected(createSpaced(5));
  test.strava.faults.inject({ kind: "rate_limit" }, { times: 1 });

  await sync(test);

  await assertSilentUntil(test, WINDOW_END);
});

Deno.test("sync: waits until midnight in UTC once the daily limit is used up", async () => {
  await using test = await createConnected(createSpaced(5));
  test.strava.rateLimit.limits.readDaily = 1000;
  test.strava.rateLimit.spend(99);
  test.clock.now += 20 * MINUTE_MS;
  for (let quarter = 0; quarter < 9; quarter++) {
    test.strava.rateLimit.spend(100);
    test.clock.now += 15 * MINUTE_MS;
  }

  const run = await sync(test);

  assert.equal(run.errorDetail, "Strava's daily limit is used up");
  await assertSilentUntil(test, Date.UTC(2026, 10, 21) + PAUSE_MS);
});

Deno.test("syncDueAthletes: syncs due athletes, or only the unfinished ones", async () => {
  await using test = await createConnected(createSpaced(5));
  const { strava, deps, clock } = test;
  const syncs = async (unfinished: boolean): Promise<number> => {
    const before = (await readRuns(test)).length;
    await syncDueAthletes(deps, { unfinished });
    return (await readRuns(test)).length - before;
  };

  assert.equal(await syncs(true), 1); // the first sync was not done
  assert.equal(await syncs(true), 0);
  assert.equal(await syncs(false), 1);
  strava.faults.inject({ kind: "status", status: 400 }, { times: 1 });
  assert.equal(await syncs(false), 1);
  assert.equal(await syncs(false), 0); // not due before a minute has passed
  assert.equal(await syncs(true), 0);
  clock.now += MINUTE_MS;
  assert.equal(await syncs(true), 1); // it had failed
  assert.equal(await syncs(true), 0);
});

Deno.test("syncDueAthletes: skips disconnected athletes and continues after failures", async () => {
  await using test = await createConnected(createSpaced(5));
  const { strava, deps, clock } = test;
  for (const id of [700_002, 700_003, 700_004]) {
    strava.addAthlete({ id }, []);
    clock.now += 1;
    await connectQuietly(test, id);
  }
  await deleteGrant(deps.sql, { athleteId: 700_002 });
  await revokeAthlete(deps.sql, { id: 700_002, now: new Date(clock.now) });
  strava.faults.inject({ kind: "status", status: 400 }, {
    when: ({ athleteId }) => athleteId === ATHLETE_ID,
  });
  await deps
    .sql`update grants set access_token = 'broken' where athlete_id = 700003`;

  await syncDueAthletes(deps);

  const rows = await deps.sql`
    select athlete_id, status, error_reason from sync_runs order by athlete_id
  `;
  assert.deepEqual(rows.map((row) => Object.values(row)), [
    [ATHLETE_ID, "failed", "refused"],
    [700_003, "failed", "internal_error"],
    [700_004, "success", null],
  ]);
});

Deno.test("syncDueAthletes: continues after an athlete is deleted during the sync", async () => {
  await using test = await createConnected(createSpaced(5));
  const { strava, deps, clock } = test;
  strava.addAthlete({ id: 700_002 }, []);
  clock.now += 1;
  await connectQuietly(test, 700_002);
  const hang = strava.faults.inject({ kind: "hang" }, { path: LIST, times: 1 });
  const syncing = syncDueAthletes(deps);
  await until(() => hang.hits === 1, "the hanging page");

  await deleteAthlete(deps.sql, { id: ATHLETE_ID });
  strava.faults.release();
  await syncing;

  assert.equal(
    (await readState(deps.sql, 700_002)).first_synced_at?.getTime(),
    clock.now,
  );
});

/** Records the requested pauses in milliseconds and skips them. */
function recordPauses({ deps }: TestApp): number[] {
  const pauses: number[] = [];
  deps.sleep = (milliseconds) => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };
  return pauses;
}
