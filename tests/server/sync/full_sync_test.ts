import assert from "node:assert/strict";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import { Instant } from "../../../db/driver/client.ts";
import type { SyncRun } from "../../../db/sync_runs.ts";
import { syncDueAthletes, syncNow } from "../../../server/sync/run_sync.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  NOW,
  type TestApp,
} from "../../support/app.ts";
import {
  connectWithoutSync,
  createDue,
  createSpacedRuns,
  LIST,
  listPages,
  openSecondProcess,
  readState,
  readStoredIds,
  readStravaIds,
  sync,
  toStart,
  until,
} from "../../support/sync.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** Limits that no test reaches unless it overrides one. */
const NO_LIMITS = { short: 1e6, daily: 1e6, readShort: 1e6, readDaily: 1e6 };

interface FullSyncState {
  last_full_sync_at: Date | null;
  full_sync_started_at: Date | null;
  full_sync_cursor: Date | null;
  full_sync_requested_at: Date | null;
}

async function readFullSync(
  { deps }: Pick<TestApp, "deps">,
): Promise<FullSyncState> {
  const [row] = await deps.sql<FullSyncState[]>`
    select last_full_sync_at, full_sync_started_at, full_sync_cursor, full_sync_requested_at
    from sync_state
    where athlete_id = ${ATHLETE_ID}
  `;
  return { ...row! };
}

/** Returns the paths of requests other than for the list: single activities. */
function listDetails({ strava }: TestApp): string[] {
  return strava.requests.map(({ path }) => path).filter((path) =>
    path.startsWith("/api/") && path !== LIST
  );
}

async function countFullSyncPages({ deps }: TestApp): Promise<number> {
  const [row] = await deps.sql`select count(*) as count from full_sync_pages`;
  return row!.count;
}

async function readRows({ deps }: TestApp): Promise<object[]> {
  return [
    ...await deps.sql`
      select id, ctid::text, xmin::text, xmax::text
      from activities
      order by id
    `,
  ];
}

function refresh(
  { deps }: Pick<TestApp, "deps">,
  mode: "recent" | "full",
): Promise<SyncRun | undefined> {
  const options = { athleteId: ATHLETE_ID, trigger: "refresh" } as const;
  return syncNow(deps, { ...options, mode, waitMs: 20_000 });
}

Deno.test("syncDueAthletes: reads 3,000 activities once a day and one page an idle hour", async () => {
  await using test = await createTestApp({ activities: createHistory(3000) });
  const { strava, deps, clock } = test;
  await connectWithoutSync(test);
  const counts: number[] = [];
  for (let hour = 0; hour <= 25; hour++) {
    strava.clearRequests();
    await syncDueAthletes(deps);
    counts.push(listPages(strava).length);
    clock.now += HOUR_MS;
  }

  const idle = Array(23).fill(1);
  assert.deepEqual(counts, [16, ...idle, 1 + 16, 1]);
  const day = counts.slice(1, 25).reduce((sum, count) => sum + count);
  assert.equal(day, 24 * 1 + 16);
});

Deno.test("syncDueAthletes: runs one full sync a day although ticks are inexact", async () => {
  await using test = await createTestApp({ activities: createSpacedRuns(20) });
  const { strava, deps, clock } = test;
  await connectWithoutSync(test);
  await syncDueAthletes(deps);
  for (let day = 1; day <= 3; day++) {
    let fullSyncs = 0;
    for (let hour = 1; hour <= 24; hour++) {
      const jitter = hour % 2 === 0 ? -3000 : 3000;
      clock.now = NOW + (day - 1) * DAY_MS + hour * HOUR_MS + jitter;
      strava.clearRequests();
      await syncDueAthletes(deps);
      if (listPages(strava).length === 1 + 2) fullSyncs++;
    }
    assert.equal(fullSyncs, 1, `day ${day}`);
  }
});

Deno.test("full sync: stores silent edits and old uploads and leaves all other rows", async () => {
  await using test = await createDue(createSpacedRuns(500), {
    strava: { limits: NO_LIMITS },
  });
  const { strava, deps } = test;
  strava.faults.shortPages = 70;
  const athlete = strava.athletes.get(ATHLETE_ID)!;
  const silent: Partial<SummaryActivity>[] = [
    { distance: 4321 },
    { gear_id: "b77" },
    { commute: true },
    { moving_time: 99, elapsed_time: 101 },
    { start_latlng: [47.1, 8.2] },
  ];
  const ids = silent.map((changes, index) => {
    const id = 1_000_100 + index * 50;
    athlete.update(id, changes);
    return id;
  });
  const late = athlete.add({ start_date: toStart(NOW - 300 * DAY_MS) });
  const before = await readRows(test);

  const recent = await refresh(test, "recent");
  assert.deepEqual([recent?.inserted, recent?.updated], [0, 0]);
  const run = await sync(test);

  assert.deepEqual([run.status, run.inserted, run.updated, run.deleted], [
    "success",
    1,
    5,
    0,
  ]);
  const rows = await deps.sql<{ id: number; raw: SummaryActivity }[]>`
    select id, raw from activities where id = any(${ids}::bigint[]) order by id
  `;
  assert.deepEqual(
    rows.map(({ raw }) => raw),
    ids.map((id) => athlete.activities.get(id)),
  );
  const changed = [...ids, late.id];
  const isOther = (row: object): boolean =>
    !changed.includes((row as { id: number }).id);
  assert.deepEqual(
    (await readRows(test)).filter(isOther),
    before.filter(isOther),
  );
  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
  assert.deepEqual(await readFullSync(test), {
    last_full_sync_at: new Instant(test.clock.now),
    full_sync_started_at: null,
    full_sync_cursor: null,
    full_sync_requested_at: null,
  });
  assert.equal(await countFullSyncPages(test), 0);
});

const INTERRUPTIONS: Record<
  string,
  (test: TestApp, page: string) => () => void
> = {
  "a failure"({ strava }, page) {
    const rule = strava.faults.inject(
      { kind: "status", status: 400, body: { json: {} } },
      { path: LIST, when: ({ query }) => query.get("page") === page },
    );
    return () => rule.remove();
  },
  "a 429"({ strava, clock }, page) {
    const rule = strava.faults.inject(
      { kind: "rate_limit" },
      { path: LIST, when: ({ query }) => query.get("page") === page },
    );
    return () => {
      rule.remove();
      clock.now += 15 * 60 * 1000;
    };
  },
  "an inactive application"({ strava, clock }, page) {
    strava.faults.inactive = page === "1";
    strava.faults.afterPage = (_athlete, at) => {
      if (String(at + 1) === page) strava.faults.inactive = true;
    };
    return () => {
      strava.faults.clear();
      strava.faults.shortPages = 10;
      clock.now += HOUR_MS;
    };
  },
};

for (const [name, interrupt] of Object.entries(INTERRUPTIONS)) {
  Deno.test(`full sync: resumes after ${name} and deletes only at its end`, async () => {
    for (const page of ["1", "4", "6"]) {
      await using test = await createDue(createSpacedRuns(50), {
        strava: { limits: NO_LIMITS },
      });
      const { strava, deps } = test;
      strava.faults.shortPages = 10;
      const athlete = strava.athletes.get(ATHLETE_ID)!;
      const deleted = [1_000_050, 1_000_044, 1_000_022, 1_000_001];
      for (const id of deleted) athlete.remove(id);
      const recover = interrupt(test, page);

      const first = await sync(test);

      assert.equal(first.status, "failed");
      assert.equal(first.deleted, 0);
      assert.equal((await readStoredIds(deps.sql)).length, 50);
      assert.deepEqual(listDetails(test), []);
      const state = await readFullSync(test);
      const { full_sync_cursor } = state;
      assert.equal(state.last_full_sync_at?.getTime(), NOW);
      const startedAt = page === "1" ? undefined : NOW + DAY_MS;
      assert.equal(state.full_sync_started_at?.getTime(), startedAt);
      recover();
      strava.clearRequests();
      const unfinished = { unfinished: true };
      test.clock.now = Math.max(
        test.clock.now,
        (await readState(deps.sql)).next_due_at.getTime(),
      );
      await syncDueAthletes(deps, unfinished);

      assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
      const cursor = full_sync_cursor &&
        String(full_sync_cursor.getTime() / 1000);
      const resumed = listPages(strava).filter(({ query }) =>
        query.before === cursor
      );
      assert.equal(cursor === null, page === "1");
      if (cursor !== null) {
        // An interrupted full sync reads no page again, except for the cursor's second.
        const left = 5 - (Number(page) - 1);
        assert.ok(resumed.length <= left + 2, `${resumed.length} of ${left}`);
      }
      assert.equal((await readFullSync(test)).full_sync_started_at, null);
      assert.equal(await countFullSyncPages(test), 0);
    }
  });
}

Deno.test("full sync: finishes on a later day when the daily limit stops it", async () => {
  await using test = await createTestApp({
    activities: createSpacedRuns(90),
    strava: { limits: { ...NO_LIMITS, readDaily: 14 } },
  });
  const { strava, deps, clock } = test;
  await connectWithoutSync(test);
  await sync(test);
  clock.now += DAY_MS;
  strava.faults.shortPages = 5;
  strava.athletes.get(ATHLETE_ID)!.remove(1_000_001);

  const first = await sync(test);
  assert.equal(first.errorReason, "rate_limited");
  assert.equal((await readStoredIds(deps.sql)).length, 90);
  for (let day = 0; (await readState(deps.sql)).failures > 0; day++) {
    clock.now = (await readState(deps.sql)).next_due_at.getTime();
    await syncDueAthletes(deps, { unfinished: true });
    assert.ok(day < 4, "no progress");
  }

  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
  assert.ok(strava.requests.every(({ status }) => status !== 429));
});

Deno.test("full sync: continues in another process with the ids seen by the first", async () => {
  await using test = await createDue(createSpacedRuns(50));
  const { strava, deps, clock } = test;
  strava.faults.shortPages = 10;
  strava.athletes.get(ATHLETE_ID)!.remove(1_000_045);
  const hang = strava.faults.inject(
    { kind: "hang" },
    { path: LIST, when: ({ query }) => query.get("page") === "4", times: 1 },
  );
  const dying = sync(test);
  await until(() => hang.hits === 1, "the fourth page");
  // It stores the third page in the meantime, and then does nothing for a minute.
  await until(async () => await countFullSyncPages(test) === 3);
  clock.now += 61_000;
  await using other = openSecondProcess(test);

  const run = await sync(other);

  assert.deepEqual([run.status, run.deleted, run.updated], ["success", 1, 0]);
  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
  strava.faults.release();
  assert.equal((await dying).status, "interrupted");
  assert.equal(await countFullSyncPages(test), 0);
});

Deno.test("full sync: does not end at a page that is empty by mistake", async () => {
  await using test = await createDue(createSpacedRuns(50));
  const { strava, deps } = test;
  strava.faults.shortPages = 10;
  strava.athletes.get(ATHLETE_ID)!.update(1_000_003, { distance: 77 });
  const empty = strava.faults.inject(
    { kind: "status", status: 200, body: { json: [] } },
    { path: LIST, when: ({ query }) => query.get("page") === "3", times: 1 },
  );

  const run = await sync(test);

  assert.equal(empty.hits, 1);
  assert.deepEqual([run.status, run.updated, run.deleted], ["success", 1, 0]);
  assert.deepEqual(listDetails(test), []);
  assert.equal((await readStoredIds(deps.sql)).length, 50);
});

Deno.test("full sync: ends correct although activities come and go while it runs", async () => {
  await using test = await createDue(createSpacedRuns(60));
  const { strava, deps, clock } = test;
  strava.faults.shortPages = 10;
  let step = 0;
  strava.faults.afterPage = (athlete) => {
    clock.now += 1000;
    step++;
    if (step === 2) athlete.remove(1_000_058);
    if (step === 3) athlete.add({ start_date: toStart(clock.now) });
    if (step === 4) {
      athlete.remove(1_000_057);
      athlete.add({ start_date: toStart(NOW - 5.5 * DAY_MS) });
      athlete.remove(1_000_002);
    }
  };

  const first = await sync(test);
  assert.equal(first.status, "success");
  strava.faults.afterPage = null;
  clock.now += DAY_MS;
  await sync(test);

  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
});

Deno.test("syncNow: runs a full sync at once and restarts the day until the next", async () => {
  await using test = await createTestApp({ activities: createSpacedRuns(50) });
  await connectWithoutSync(test);
  await sync(test);
  test.clock.now += HOUR_MS;
  test.strava.faults.shortPages = 10;
  test.strava.athletes.get(ATHLETE_ID)!.remove(1_000_007);

  const run = await refresh(test, "full");

  assert.deepEqual([run?.status, run?.deleted], ["success", 1]);
  assert.deepEqual(await readFullSync(test), {
    last_full_sync_at: new Instant(test.clock.now),
    full_sync_started_at: null,
    full_sync_cursor: null,
    full_sync_requested_at: null,
  });
});

Deno.test("syncNow: runs a full sync after the recent sync in progress", async () => {
  await using test = await createTestApp({ activities: createSpacedRuns(50) });
  await connectWithoutSync(test);
  await sync(test);
  const { strava, clock } = test;
  clock.now += HOUR_MS;
  strava.athletes.get(ATHLETE_ID)!.remove(1_000_007);
  const hang = strava.faults.inject({ kind: "hang" }, { path: LIST, times: 1 });
  const recent = refresh(test, "recent");
  await until(() => hang.hits === 1, "the recent sync to start");

  const full = refresh(test, "full");
  await until(
    async () => (await readFullSync(test)).full_sync_requested_at !== null,
    "the request for a full sync",
  );
  strava.faults.release();

  const runs = await Promise.all([recent, full]);
  assert.deepEqual(runs.map((run) => run?.deleted), [0, 1]);
  assert.ok(runs[1]!.id > runs[0]!.id);
});

Deno.test("syncNow: leaves a requested full sync to the minute's tick if not awaited", async () => {
  await using test = await createTestApp({ activities: createSpacedRuns(50) });
  await connectWithoutSync(test);
  await sync(test);
  const { strava, clock, deps } = test;
  clock.now += HOUR_MS;
  strava.athletes.get(ATHLETE_ID)!.remove(1_000_007);
  const hang = strava.faults.inject({ kind: "hang" }, { path: LIST, times: 1 });
  const recent = refresh(test, "recent");
  await until(() => hang.hits === 1, "the recent sync to start");
  const options = { athleteId: ATHLETE_ID, trigger: "refresh" } as const;

  const full = await syncNow(deps, { ...options, mode: "full", waitMs: 0 });

  assert.equal(full?.status, "running");
  strava.faults.release();
  assert.deepEqual((await recent)?.deleted, 0);
  await syncDueAthletes(deps, { unfinished: true });
  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
  strava.clearRequests();
  await syncDueAthletes(deps, { unfinished: true });
  assert.deepEqual(strava.requests, []);
});

Deno.test("syncNow: runs another full sync if one is already in progress", async () => {
  await using test = await createDue(createSpacedRuns(50));
  const { strava, clock, deps } = test;
  strava.faults.shortPages = 10;
  const hang = strava.faults.inject(
    { kind: "hang" },
    { path: LIST, when: ({ query }) => query.get("page") === "4", times: 1 },
  );
  const daily = sync(test);
  await until(() => hang.hits === 1, "the fourth page");
  await until(async () => await countFullSyncPages(test) === 3);
  // The full sync has already passed it.
  strava.athletes.get(ATHLETE_ID)!.remove(1_000_045);
  clock.now += 1000;
  const full = refresh(test, "full");
  await until(
    async () => (await readFullSync(test)).full_sync_requested_at !== null,
    "the request for a full sync",
  );
  strava.faults.release();

  assert.equal((await daily).status, "success");
  assert.equal((await full)?.status, "success");
  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
});

Deno.test("syncNow: finishes an interrupted full sync and then runs another", async () => {
  await using test = await createDue(createSpacedRuns(50));
  const { strava, clock, deps } = test;
  strava.faults.shortPages = 10;
  const cut = strava.faults.inject(
    { kind: "status", status: 400, body: { json: {} } },
    { path: LIST, when: ({ query }) => query.get("page") === "4" },
  );
  assert.equal((await sync(test)).status, "failed");
  cut.remove();
  // The full sync has already passed it.
  strava.athletes.get(ATHLETE_ID)!.remove(1_000_045);
  clock.now += 1000;

  const run = await refresh(test, "full");

  assert.deepEqual([run?.status, run?.deleted], ["success", 1]);
  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
});

Deno.test("first sync: is not repeated if its run failed after the end of the list", async () => {
  await using test = await createTestApp({ activities: createSpacedRuns(50) });
  await connectWithoutSync(test);
  await sync(test);
  await test.deps.sql`update sync_state set first_synced_at = null`;
  test.strava.faults.shortPages = 10;
  test.clock.now += 60_000;
  test.strava.clearRequests();

  assert.equal((await sync(test)).status, "success");

  assert.equal(listPages(test.strava).length, 2);
  assert.notEqual((await readState(test.deps.sql)).first_synced_at, null);
});
