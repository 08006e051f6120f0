import { retryWhileUnavailable } from "../../server/context.ts";
import assert from "node:assert/strict";
import { connect, PostgresError } from "../../db/driver/client.ts";
import { startSync } from "../../server/sync/run_sync.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../support/app.ts";
import { createTestDatabase } from "../support/database.ts";
import { createTestPostgres } from "../support/postgres.ts";
import {
  connectWithoutSync,
  createSpacedRuns,
  LIST,
  listPages,
  readState,
  readStoredIds,
  readStravaIds,
  sync,
  until,
} from "../support/sync.ts";

const CRON = { athleteId: ATHLETE_ID, trigger: "cron" } as const;

async function untilLost({ log }: TestApp): Promise<void> {
  await until(() => /database is unavailable/.test(log.text()), "the loss");
}

Deno.test("startSync: records a run cut off by a database restart, and the next continues", async () => {
  const postgres = await createTestPostgres();
  await using test = await createTestApp({
    activities: createSpacedRuns(30, { stepDays: 30 }),
    database: postgres,
  });
  const { strava, deps } = test;
  await connectWithoutSync(test);
  strava.faults.shortPages = 10;
  const hang = strava.faults.inject(
    { kind: "hang" },
    { path: LIST, when: ({ query }) => query.get("page") === "3", times: 1 },
  );
  const started = await startSync(deps, CRON);
  await until(() => hang.hits === 1, "the third page");
  await until(async () => (await readStoredIds(deps.sql)).length === 20);

  await postgres.stop();
  strava.faults.release();
  await untilLost(test);
  await postgres.start();
  const run = await started!.done;

  assert.deepEqual([run?.status, run?.errorReason, run?.pages], [
    "failed",
    "internal_error",
    2,
  ]);
  const state = await readState(deps.sql);
  assert.deepEqual([state.run_id, state.leased_until, state.failures], [
    null,
    null,
    1,
  ]);
  strava.clearRequests();
  assert.equal((await sync(test)).status, "success");
  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
  const last = listPages(strava).at(-1)!;
  assert.ok(last.query["before"], "it continued at the cursor");
});

Deno.test("startSync: records a success although the database is unavailable at its end", async () => {
  const postgres = await createTestPostgres();
  await using test = await createTestApp({ database: postgres });
  const { strava, deps } = test;
  await connectWithoutSync(test);
  const hang = strava.faults.inject({ kind: "hang" }, { path: LIST, times: 1 });
  const started = await startSync(deps, CRON);
  await until(() => hang.hits === 1, "the empty page");

  await postgres.stop();
  strava.faults.release();
  await untilLost(test);
  await postgres.start();

  assert.equal((await started!.done)?.status, "success");
  assert.equal((await readState(deps.sql)).leased_until, null);
});

Deno.test("GET /strava/stats/ytd: succeeds after the database closed all connections", async () => {
  await using database = await createTestDatabase();
  const sql = connect(database.url);
  await using test = await createTestApp({
    activities: createSpacedRuns(3),
    database: {
      url: database.url,
      sql,
      [Symbol.asyncDispose]: () => sql.end(),
    },
    synced: true,
  });
  const send = (): Promise<Response> => test.get("/strava/stats/ytd");
  await Promise.all(
    Array.from({ length: 10 }, () => sql`select pg_sleep(0.1)`),
  );

  const [closed] = await database.sql`
    select count(pg_terminate_backend(pid)) as count
    from pg_stat_activity
    where datname = current_database()
      and application_name = 'paceline'
  `;
  const responses = await Promise.all(Array.from({ length: 10 }, send));

  assert.equal(closed?.count, 10);
  assert.deepEqual(responses.map(({ status }) => status), Array(10).fill(200));
});

Deno.test("startSync: does not wait for an unavailable database at the program's end", async () => {
  const postgres = await createTestPostgres();
  await using test = await createTestApp({ database: postgres });
  const { strava, deps } = test;
  await connectWithoutSync(test);
  const hang = strava.faults.inject({ kind: "hang" }, { path: LIST, times: 1 });
  const started = await startSync(deps, CRON);
  const failed = assert.rejects(started!.done, { code: "ECONNREFUSED" });
  await until(() => hang.hits === 1, "the page");
  await postgres.stop();
  strava.faults.release();
  await untilLost(test);

  await deps.background.close();

  await failed;
});

Deno.test("retryWhileUnavailable: gives up after a minute, at once for other errors", async () => {
  await using test = await createTestApp();
  const pauses: number[] = [];
  const deps = {
    ...test.deps,
    sleep: (milliseconds: number) => {
      pauses.push(milliseconds);
      return Promise.resolve();
    },
  };
  const fail = (code: string): Promise<never> =>
    Promise.reject(Object.assign(new Error(code), { code }));

  await assert.rejects(
    retryWhileUnavailable(deps, () => fail("CONNECTION_CLOSED")),
    { code: "CONNECTION_CLOSED" },
  );
  assert.equal(pauses.reduce((sum, pause) => sum + pause), 60_000);

  pauses.length = 0;
  await assert.rejects(
    retryWhileUnavailable(deps, () => deps.sql`select 1 / 0`),
    PostgresError,
  );
  assert.deepEqual(pauses, []);
});
