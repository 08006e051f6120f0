import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, type Sql } from "../../../db/driver/client.ts";
import { reachDatabase } from "../../../db/driver/reach.ts";
import {
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import { createTestDatabase } from "../../support/database.ts";
import { listening, startProgram } from "../../support/program.ts";
import { until } from "../../support/sync.ts";
import { hasPgBouncer, PGBOUNCER_HINT, startPgBouncer } from "./pgbouncer.ts";

/** Registers a test that needs PgBouncer. */
function testPooled(name: string, run: () => Promise<void>): void {
  Deno.test({ name: name + PGBOUNCER_HINT, ignore: !hasPgBouncer }, run);
}

/** Creates an app whose every connection goes through PgBouncer. */
async function createPooledApp(
  settings?: Record<string, string>,
): Promise<TestApp & AsyncDisposable> {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await createTestDatabase());
  const pooler = stack.use(await startPgBouncer(database.url, settings));
  const sql = connect(pooler.url, { max: 5 });
  await reachDatabase(sql);
  const test = await createTestApp({
    activities: createHistory(300),
    synced: true,
    database: {
      url: pooler.url,
      sql,
      async [Symbol.asyncDispose]() {
        await sql.end();
        await stack.disposeAsync();
      },
    },
  });
  return test;
}

const READS = [
  "/strava/stats/ytd",
  "/strava/stats/overview",
  "/strava/stats/training-load",
  "/strava/activities?limit=100",
];

testPooled(
  "PgBouncer: serves syncs and reads in transaction mode",
  async () => {
    await using test = await createPooledApp();
    const expected = new Map<string, string>();
    for (const path of READS) {
      const response = await test.get(path, { key: true });
      assert.equal(response.status, 200, path);
      expected.set(path, await response.text());
    }

    const exported = await test.get("/strava/activities/export?format=csv", {
      key: true,
    });
    assert.equal((await exported.text()).trim().split("\r\n").length, 301);

    // More requests than connections to PostgreSQL: each query may run on another one.
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const path = READS[index % READS.length]!;
        const response = await test.get(path, { key: true });
        assert.equal(await response.text(), expected.get(path), path);
      }),
    );
  },
);

testPooled("PgBouncer: serves where unknown settings are ignored", async () => {
  const ignored = { ignore_startup_parameters: "statement_timeout" };
  await using test = await createPooledApp(ignored);
  await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const response = await test.get(READS[index % READS.length]!, {
        key: true,
      });
      assert.equal(response.status, 200);
      await response.body?.cancel();
    }),
  );
});

testPooled(
  "PgBouncer: ends a long statement, alone and in a transaction",
  async () => {
    await using database = await createTestDatabase();
    await using pooler = await startPgBouncer(database.url);
    const sql = connect(pooler.url, { max: 2, statementTimeoutSeconds: 0.1 });
    await assert.rejects(sql`select pg_sleep(20)`, { code: "57014" });
    await assert.rejects(
      sql.begin((tx) => tx`select pg_sleep(20)`),
      { code: "57014" },
    );
    assert.equal((await sql`select 1 as one`)[0]!["one"], 1);
    await sql.end();
  },
);

/** Reads a cursor of rows that take a while each, and pauses after each batch. */
async function readSlowly(
  sql: Sql,
  { rowMs, pauseMs }: { rowMs: number; pauseMs: number },
): Promise<number> {
  let rows = 0;
  const cursor = sql`
    select pg_sleep(${rowMs / 1000}), n
    from generate_series(1, 4) as n
  `.cursor(1);
  for await (const batch of cursor) {
    rows += batch.length;
    await sleep(pauseMs);
  }
  return rows;
}

testPooled(
  "PgBouncer: ends a cursor whose batch takes long, not its reader",
  async () => {
    await using database = await createTestDatabase();
    await using pooler = await startPgBouncer(database.url);
    const sql = connect(pooler.url, { max: 2, statementTimeoutSeconds: 0.4 });
    await reachDatabase(sql);
    type Options = Parameters<typeof readSlowly>[1];

    for (
      const run of [
        (options: Options) => readSlowly(sql, options),
        (options: Options) => sql.begin((tx) => readSlowly(tx, options)),
      ]
    ) {
      assert.equal(await run({ rowMs: 1, pauseMs: 500 }), 4);
      assert.equal(await run({ rowMs: 200, pauseMs: 0 }), 4);
      await assert.rejects(run({ rowMs: 5000, pauseMs: 0 }), { code: "57014" });
      assert.equal((await sql`select 1 as one`)[0]!["one"], 1);
    }
    // A cursor that was left early has no timer that could cancel the next query.
    for await (const _ of sql`select 1 from generate_series(1, 9)`.cursor(1)) {
      break;
    }
    await sql`select pg_sleep(0.3)`;
    await sql`select pg_sleep(0.3)`;
    await sql.end();
  },
);

testPooled(
  "main.ts serve: starts behind PgBouncer with its defaults",
  async () => {
    await using test = await createPooledApp();
    await using program = startProgram(test, {
      env: { SYNC_CRON: "0 0 1 1 *", ANSWER_CACHE_MB: "32" },
    });
    await until(() => /Listening on/.test(program.text()), "the server")
      .catch(() => assert.fail(program.text()));
    const [, url] = /(http:\/\/127\.0\.0\.1:\d+)/.exec(program.text())!;
    for (let count = 0; count < 3; count++) {
      const response = await fetch(`${url}/strava/stats/ytd`);
      assert.equal(response.status, 200, await response.text());
    }
    program.kill("SIGTERM");
    assert.equal((await program.status).code, 0, program.text());
  },
);

testPooled(
  "DATABASE_DIRECT_URL: serves migrations and notifications",
  async () => {
    await using database = await createTestDatabase();
    await using pooler = await startPgBouncer(database.url);
    await using test = await createTestApp({
      database: { ...database, async [Symbol.asyncDispose]() {} },
      activities: createHistory(30),
      synced: true,
    });
    await using program = startProgram(test, {
      env: {
        DATABASE_URL: pooler.url,
        DATABASE_DIRECT_URL: database.url,
        SYNC_CRON: "0 0 1 1 *",
        ANSWER_CACHE_MB: "32",
      },
    });
    const url = await listening(program);
    const get = async (): Promise<string> =>
      await (await fetch(`${url}/strava/stats/ytd`)).text();
    let kept = "";
    await until(async () => {
      kept = await get();
      await database.sql`update activities set distance = distance + 1000`;
      return await get() === kept;
    }, "an answer to be kept");
    // While it starts on a busy machine, the first question may take too long.
    const started = program.text().length;
    await database.sql`update sync_state set data_version = data_version + 1`;
    await until(async () => await get() !== kept, "the change");
    assert.doesNotMatch(program.text().slice(started), /not kept/);
  },
);
