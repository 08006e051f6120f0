import assert from "node:assert/strict";
import { upsertAthlete } from "../../db/athletes.ts";
import { Instant, PostgresError, type Sql } from "../../db/driver/client.ts";
import { addProgress, getSyncRun } from "../../db/sync_runs.ts";
import {
  type Claim,
  claimSync,
  finishSync,
  getFailures,
  insertSyncState,
  listDueAthletes,
  type Outcome,
  renewLease,
} from "../../db/sync_state.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { readState } from "../support/sync.ts";

const ATHLETE_ID = 7;
const NOW = new Instant("2026-11-20T12:00:00Z");

function after(seconds: number): Instant {
  return new Instant(NOW.getTime() + seconds * 1000);
}

async function createAthlete(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await connect(database.sql, NOW);
  return database;
}

async function connect(sql: Sql, now: Date): Promise<void> {
  await upsertAthlete(sql, { id: ATHLETE_ID, profile: {}, now });
  await insertSyncState(sql, { athleteId: ATHLETE_ID, now });
}

async function claim(
  { sql }: TestDatabase,
  now = NOW,
): Promise<Claim | undefined> {
  const result = await claimSync(sql, {
    athleteId: ATHLETE_ID,
    trigger: "cron",
    now,
  });
  return result.kind === "claimed" ? result.claim : undefined;
}

async function advance(
  { sql }: TestDatabase,
  { runId, now = NOW, fullSyncCursor }: {
    runId: number;
    now?: Date;
    fullSyncCursor?: Date;
  },
): Promise<boolean> {
  const progress = {
    pages: 1,
    fetched: 9,
    inserted: 5,
    updated: 3,
    skipped: 1,
  };
  const options = { athleteId: ATHLETE_ID, runId, fullSyncCursor, now };
  if (!await renewLease(sql, options)) return false;
  await addProgress(sql, { athleteId: ATHLETE_ID, id: runId, progress });
  return true;
}

async function finish(
  { sql }: TestDatabase,
  { runId, outcome, now = NOW }: {
    runId: number;
    outcome: Outcome;
    now?: Date;
  },
): Promise<void> {
  await finishSync(sql, { athleteId: ATHLETE_ID, runId, outcome, now });
}

Deno.test("claimSync: gives the lease to the first caller only, for 60 seconds", async () => {
  await using database = await createAthlete();

  const claims = await Promise.all([1, 2, 3, 4].map(() => claim(database)));

  const taken = claims.filter((each) => each !== undefined);
  assert.equal(taken.length, 1);
  assert.deepEqual({ ...taken[0] }, {
    athleteId: ATHLETE_ID,
    runId: taken[0]!.runId,
    fullSyncCursor: null,
    fullSyncStartedAt: null,
    firstSyncedAt: null,
    lastFullSyncAt: null,
    fullSyncRequestedAt: null,
    lastSuccessAt: null,
    connectedAt: NOW,
  });
  const state = await readState(database.sql, ATHLETE_ID);
  assert.deepEqual([state.run_id, state.leased_until], [
    taken[0]!.runId,
    after(60),
  ]);
  assert.equal(await claim(database, after(59)), undefined);
});

Deno.test("claimSync: returns `gone` for an unknown athlete", async () => {
  await using database = await createAthlete();
  const options = { athleteId: 8, trigger: "cron", now: NOW } as const;
  assert.deepEqual(await claimSync(database.sql, options), { kind: "gone" });
});

Deno.test("claimSync: takes over an awaited run only while it has not ended", async () => {
  await using database = await createAthlete();
  const { runId } = (await claim(database))!;
  const claimAwaited = async (awaited: number): Promise<string> => {
    const { kind } = await claimSync(database.sql, {
      athleteId: ATHLETE_ID,
      trigger: "refresh",
      awaited,
      now: after(61),
    });
    return kind;
  };
  assert.equal(await claimAwaited(runId + 1), "ended");
  assert.equal(await claimAwaited(runId), "claimed");
});

Deno.test("claimSync: returns the running run to concurrent callers", async () => {
  await using database = await createAthlete();
  const { sql } = database;
  const options = {
    athleteId: ATHLETE_ID,
    trigger: "refresh",
    now: NOW,
  } as const;
  const results = await Promise.all(
    [1, 2, 3].map(() => claimSync(sql, options)),
  );
  const claimed = results.find((result) => result.kind === "claimed");
  assert.deepEqual(
    results.filter((result) => result !== claimed),
    [1, 2].map(() => ({ kind: "running", runId: claimed!.claim.runId })),
  );
});

Deno.test("claimSync: returns `not_due` to a second process on the same tick", async () => {
  await using database = await createAthlete();
  const { sql } = database;
  const options = {
    athleteId: ATHLETE_ID,
    trigger: "cron",
    dueBy: NOW,
  } as const;
  const first = await claimSync(sql, { ...options, now: NOW });
  assert.equal(first.kind, "claimed");
  const { runId } = (first as { claim: Claim }).claim;
  await finish(database, {
    runId,
    outcome: { status: "success" },
    now: after(2),
  });

  const second = await claimSync(sql, { ...options, now: after(3) });
  assert.deepEqual(second, { kind: "not_due" });
  const later = { ...options, dueBy: after(60), now: after(60) };
  assert.equal((await claimSync(sql, later)).kind, "claimed");
});

Deno.test("claimSync: passes on an expired lease and fences off the old run", async () => {
  await using database = await createAthlete();
  const { sql } = database;
  const old = (await claim(database))!.runId;
  assert.equal(await advance(database, { runId: old, now: after(40) }), true);
  assert.equal(await claim(database, after(99)), undefined);

  const young = (await claim(database, after(100)))!.runId;

  assert.notEqual(young, old);
  const closed = await getSyncRun(sql, { athleteId: ATHLETE_ID, id: old });
  assert.deepEqual([closed?.status, closed?.endedAt, closed?.pages], [
    "interrupted",
    after(100),
    1,
  ]);
  const before = await readState(sql, ATHLETE_ID);
  assert.equal(
    await advance(database, { runId: old, fullSyncCursor: NOW }),
    false,
  );
  const failed = {
    status: "failed",
    reason: "late",
    detail: "Late",
    retryAt: after(9000),
  } as const;
  for (const outcome of [failed, { status: "success" }] as const) {
    await finish(database, { runId: old, outcome, now: after(200) });
  }
  assert.deepEqual(await readState(sql, ATHLETE_ID), before);
  assert.deepEqual(
    await getSyncRun(sql, { athleteId: ATHLETE_ID, id: old }),
    closed,
  );
});

Deno.test("renewLease: extends the lease and moves the cursor, and addProgress counts", async () => {
  await using database = await createAthlete();
  const { sql } = database;
  const { runId } = (await claim(database))!;

  await advance(database, {
    runId,
    now: after(50),
    fullSyncCursor: after(-99),
  });
  await advance(database, { runId, now: after(70) });

  const state = await readState(sql, ATHLETE_ID);
  assert.deepEqual([state.leased_until, state.full_sync_cursor], [
    after(130),
    after(-99),
  ]);
  const run = await getSyncRun(sql, { athleteId: ATHLETE_ID, id: runId });
  const { pages, fetched, inserted, updated, skipped, status } = run!;
  assert.deepEqual([pages, fetched, inserted, updated, skipped, status], [
    2,
    18,
    10,
    6,
    2,
    "running",
  ]);
});

Deno.test("finishSync: on success ends the first sync and clears the failures", async () => {
  await using database = await createAthlete();
  const { sql } = database;
  await fail(database, 1);
  const { runId } = (await claim(database, after(60)))!;

  await finish(database, {
    runId,
    outcome: { status: "success" },
    now: after(90),
  });

  assert.deepEqual(await readState(sql, ATHLETE_ID), {
    run_id: null,
    leased_until: null,
    full_sync_cursor: null,
    first_synced_at: after(90),
    last_success_at: after(90),
    next_due_at: after(90),
    failures: 0,
    data_version: 1,
  });
  const again = (await claim(database, after(100)))!;
  assert.deepEqual([again.firstSyncedAt, again.lastSuccessAt], [
    after(90),
    after(90),
  ]);
  await finish(database, {
    runId: again.runId,
    outcome: { status: "success" },
    now: after(110),
  });
  const state = await readState(sql, ATHLETE_ID);
  assert.deepEqual([state.first_synced_at, state.last_success_at], [
    after(90),
    after(110),
  ]);
});

Deno.test("finishSync: stores the reason and retry time of a failure, not an interruption", async () => {
  await using database = await createAthlete();
  const { sql } = database;

  const failed = await fail(database, 2);
  assert.deepEqual(await readState(sql, ATHLETE_ID), {
    run_id: null,
    leased_until: null,
    full_sync_cursor: null,
    first_synced_at: null,
    last_success_at: null,
    next_due_at: after(60),
    failures: 2,
    data_version: 0,
  });
  assert.equal(await getFailures(sql, { athleteId: ATHLETE_ID }), 2);
  assert.equal(await getFailures(sql, { athleteId: 8 }), 0);
  const run = await getSyncRun(sql, { athleteId: ATHLETE_ID, id: failed });
  assert.deepEqual([run?.status, run?.errorReason, run?.errorDetail], [
    "failed",
    "unavailable",
    "Gone",
  ]);

  const { runId } = (await claim(database))!;
  await finish(database, { runId, outcome: { status: "interrupted" } });
  const state = await readState(sql, ATHLETE_ID);
  assert.deepEqual([state.failures, state.next_due_at], [2, NOW]);
});

async function fail(database: TestDatabase, times: number): Promise<number> {
  let runId = 0;
  for (let count = 0; count < times; count++) {
    ({ runId } = (await claim(database))!);
    await finish(database, {
      runId,
      outcome: {
        status: "failed",
        reason: "unavailable",
        detail: "Gone",
        retryAt: after(60),
      },
    });
  }
  return runId;
}

Deno.test("insertSyncState: on reconnecting resets to a first sync and ends a running one", async () => {
  await using database = await createAthlete();
  const { sql } = database;
  const first = (await claim(database))!;
  await advance(database, { runId: first.runId, fullSyncCursor: after(-9) });
  await finish(database, {
    runId: first.runId,
    outcome: { status: "success" },
  });
  const running = (await claim(database))!;

  await connect(sql, after(5));

  assert.equal(await advance(database, { runId: running.runId }), false);
  const run = await getSyncRun(sql, {
    athleteId: ATHLETE_ID,
    id: running.runId,
  });
  assert.deepEqual([run?.status, run?.endedAt], ["interrupted", after(5)]);
  const next = (await claim(database, after(5)))!;
  assert.deepEqual([next.fullSyncCursor, next.firstSyncedAt], [null, null]);
  assert.deepEqual(next.lastSuccessAt, NOW);
});

Deno.test("listDueAthletes: lists connected and due athletes, the longest due first", async () => {
  await using database = await createTestDatabase();
  const { sql } = database;
  const due: [id: number, seconds: number][] = [[1, 0], [2, -60], [3, 1], [
    4,
    -90,
  ]];
  for (const [id, seconds] of due) {
    await upsertAthlete(sql, { id, profile: {}, now: NOW });
    await insertSyncState(sql, { athleteId: id, now: after(seconds) });
    if (id === 4) continue; // has disconnected
    await sql`
      insert into grants (athlete_id, access_token, refresh_token, expires_at, scopes, updated_at)
      values (${id}, 'a', 'r', ${NOW}, '{}', ${NOW})
    `;
  }
  const list = (unfinished: boolean): Promise<number[]> =>
    listDueAthletes(sql, { unfinished, now: NOW });

  assert.deepEqual(await list(false), [2, 1]);
  await sql`update sync_state set first_synced_at = ${NOW}`;
  assert.deepEqual(await list(true), []);
  await sql`update sync_state set failures = 1 where athlete_id = 1`;
  assert.deepEqual(await list(true), [1]);
  await sql`update sync_state set first_synced_at = null where athlete_id = 2`;
  assert.deepEqual(await list(true), [2, 1]);
  assert.deepEqual(await list(false), [2, 1]);
});

Deno.test("sync_state: rejects a lease without a run, and an ended run that is running", async () => {
  await using database = await createAthlete();
  const { sql } = database;
  const { runId } = (await claim(database))!;
  const refused = (error: unknown): boolean =>
    error instanceof PostgresError && error.code === "23514";
  await assert.rejects(sql`update sync_state set run_id = null`, refused);
  await assert.rejects(
    sql`update sync_runs set ended_at = ${NOW} where id = ${runId}`,
    refused,
  );
  await assert.rejects(sql`update sync_runs set status = 'odd'`, refused);
});
