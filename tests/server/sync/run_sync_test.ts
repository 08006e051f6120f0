import assert from "node:assert/strict";
import { deleteAthlete, revokeAthlete } from "../../../db/athletes.ts";
import { deleteGrant } from "../../../db/grants.ts";
import { listSyncRuns } from "../../../db/sync_runs.ts";
import {
  startSync,
  syncAthlete,
  syncDueAthletes,
  syncNow,
} from "../../../server/sync/run_sync.ts";
import { ATHLETE_ID, NOW, type TestApp } from "../../support/app.ts";
import {
  connectWithoutSync,
  createConnected,
  createSpacedRuns,
  LIST,
  listPages,
  openSecondProcess,
  readState,
  readStoredIds,
  sync,
  until,
} from "../../support/sync.ts";

const MINUTE_MS = 60 * 1000;
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
  await using test = await createConnected(createSpacedRuns(40));
  const hang = test.strava.faults.inject({ kind: "hang" }, { path: LIST });
  await using stack = new AsyncDisposableStack();
  const processes = Array.from(
    { length: 9 },
    () => stack.use(openSecondProcess(test)).deps,
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
  await using test = await createConnected(createSpacedRuns(40));
  await using other = openSecondProcess(test);
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

  const early = await syncAthlete(other.deps, {
    athleteId: ATHLETE_ID,
    trigger: "refresh",
  });
  clock.now += 61 * 1000;
  const taken = await sync(other, { trigger: "refresh" });
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
  await using test = await createConnected(createSpacedRuns(40));
  await using other = openSecondProcess(test);
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
  const later = await startSync(other.deps, options);
  await until(() => second!.hits === 1, "the later run's page");
  await until(async () => {
    const runs = await listSyncRuns(deps.sql, options);
    return runs[0]?.pages === 1;
  });

  await deps.background.close();
  const ended = await old!.done;

  assert.equal(ended?.status, "interrupted");
  const state = await readState(deps.sql);
  assert.equal(state.run_id, later!.runId);
  assert.equal(state.leased_until?.getTime(), clock.now + 60 * 1000);
  strava.faults.release();
  assert.equal((await later!.done)?.status, "success");
});

Deno.test("startSync: leaves nothing behind for an athlete deleted while it runs", async () => {
  await using test = await createConnected(createSpacedRuns(40));
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
  await using test = await createConnected(createSpacedRuns(5));
  await using other = openSecondProcess(test);
  const { strava, deps } = test;
  const hang = strava.faults.inject({ kind: "hang" }, { path: LIST, times: 1 });
  const first = await startSync(deps, {
    athleteId: ATHLETE_ID,
    trigger: "cron",
  });
  await until(() => hang.hits === 1, "the hanging page");
  const options = { athleteId: ATHLETE_ID, trigger: "refresh" } as const;

  const impatient = await syncNow(other.deps, { ...options, waitMs: 0 });
  const waiting = Promise.withResolvers<void>();
  other.deps.sleep = (...args) => {
    waiting.resolve();
    return deps.sleep(...args);
  };
  const joined = syncNow(other.deps, { ...options, waitMs: 10_000 });
  // It waits for a run that it has seen: without this the run might end before it looks.
  await waiting.promise;
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
  await using test = await createConnected(createSpacedRuns(5));
  const { strava, deps, clock } = test;
  await using dead = openSecondProcess(test);
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
  await using test = await createConnected(createSpacedRuns(30));
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

Deno.test("syncDueAthletes: syncs due athletes, or only the unfinished ones", async () => {
  await using test = await createConnected(createSpacedRuns(5));
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
  await using test = await createConnected(createSpacedRuns(5));
  const { strava, deps, clock } = test;
  for (const id of [700_002, 700_003, 700_004]) {
    strava.addAthlete({ id }, []);
    clock.now += 1;
    await connectWithoutSync(test, id);
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
  await using test = await createConnected(createSpacedRuns(5));
  const { strava, deps, clock } = test;
  strava.addAthlete({ id: 700_002 }, []);
  clock.now += 1;
  await connectWithoutSync(test, 700_002);
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
