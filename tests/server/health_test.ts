import assert from "node:assert/strict";
import { connect, type Pool } from "../../db/driver/client.ts";
import { createApp } from "../../server/app.ts";
import { createTestApp, type TestApp } from "../support/app.ts";

const OK = { status: "ok", service: "strava", database: "connected" };
const DEGRADED = {
  status: "degraded",
  service: "strava",
  database: "disconnected",
};

/** Returns the three responses over another database and the time they took together. */
async function askAll(test: TestApp, sql: Pool) {
  const app = createApp({ ...test.deps, sql });
  const start = performance.now();
  const [health, ready, live] = await Promise.all(
    ["/strava/health", "/health/ready", "/health/live"].map(async (path) => {
      const response = await app(new Request(`http://localhost:5001${path}`));
      return { status: response.status, body: await response.json() };
    }),
  );
  return {
    health: health!,
    ready: ready!,
    live: live!,
    milliseconds: performance.now() - start,
  };
}

function assertDown(
  { health, ready, live }: Awaited<ReturnType<typeof askAll>>,
): void {
  assert.deepEqual(health, { status: 503, body: DEGRADED });
  assert.deepEqual(ready, {
    status: 503,
    body: { status: "not_ready", database: "disconnected", migrated: false },
  });
  assert.deepEqual(live, { status: 200, body: { status: "ok" } });
}

Deno.test("GET /strava/health: reports ok and ready while the database answers", async () => {
  await using test = await createTestApp();

  const { health, ready, live } = await askAll(test, test.deps.sql);

  assert.deepEqual(health, { status: 200, body: OK });
  assert.deepEqual(ready, {
    status: 200,
    body: { status: "ready", database: "connected", migrated: true },
  });
  assert.deepEqual(live, { status: 200, body: { status: "ok" } });
  assert.deepEqual(Object.keys(health.body), Object.keys(OK));
});

Deno.test("GET /strava/health: needs no key and ignores a wrong one", async () => {
  await using test = await createTestApp({ env: { PUBLIC_STATS: "false" } });
  for (const headers of [{}, { "x-api-key": "wrong" }]) {
    for (
      const path of [
        "/strava/health",
        "/api/health",
        "/health/ready",
        "/health/live",
      ]
    ) {
      assert.equal((await test.get(path, { headers })).status, 200);
    }
  }
});

Deno.test("GET /health/ready: answers 503 until every migration is applied", async () => {
  await using test = await createTestApp();
  await test.deps.sql`delete from migrations`;

  const { health, ready } = await askAll(test, test.deps.sql);

  assert.equal(health.status, 200);
  assert.deepEqual(ready, {
    status: 503,
    body: { status: "not_ready", database: "connected", migrated: false },
  });
});

Deno.test("GET /strava/health: reports degraded at once when nothing listens", async () => {
  await using test = await createTestApp();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const sql = connect(`postgres://app:hunter2@127.0.0.1:${port}/gone`);

  const answers = await askAll(test, sql);
  await sql.end({ timeout: 0 });

  assertDown(answers);
  assert.ok(answers.milliseconds < 2500, `Took ${answers.milliseconds} ms`);
  assert.ok(!test.log.text().includes("hunter2"));
});

Deno.test("GET /strava/health: reports degraded within 2 s when the database hangs", async () => {
  await using test = await createTestApp();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of listener) accepted.push(connection);
  })();
  const sql = connect(`postgres://app@127.0.0.1:${listener.addr.port}/hung`);

  const answers = await askAll(test, sql);
  const start = performance.now();
  const app = createApp({ ...test.deps, sql });
  const live = await app(new Request("http://localhost:5001/health/live"));
  const liveMilliseconds = performance.now() - start;
  const ended = sql.end({ timeout: 0 });
  for (const connection of accepted) connection.close();
  listener.close();
  await Promise.all([ended, accepting]);

  assertDown(answers);
  assert.ok(answers.milliseconds < 3000, `Took ${answers.milliseconds} ms`);
  assert.equal(live.status, 200);
  assert.ok(liveMilliseconds < 500, `Took ${liveMilliseconds} ms`);
  const warnings = test.log.lines.filter(({ level }) => level === "warning");
  assert.deepEqual(
    warnings.map(({ properties }) => properties["path"]).sort(),
    ["/health/ready", "/strava/health"],
  );
});

Deno.test("GET /strava/health: recovers with the database", async () => {
  await using test = await createTestApp();
  const { sql } = test.deps;
  await Promise.all([1, 2, 3].map(() => sql`select pg_sleep(0.05)`));
  // Ends every connection but this one, as a restart does.
  const killed = await sql`
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where datname = current_database()
      and pid <> pg_backend_pid()
  `;
  assert.equal(killed.length, 2);

  // Each dead connection may fail one question; the next ones find new connections.
  const statuses: number[] = [];
  while (statuses.length < 3 || statuses.at(-1) !== 200) {
    assert.ok(statuses.length < 20, statuses.join());
    statuses.push((await test.get("/strava/health")).status);
  }
});

Deno.test("GET /api/health: reports the API's health", async () => {
  await using test = await createTestApp();

  const up = await test.get("/api/health");
  assert.deepEqual([up.status, await up.json()], [200, {
    status: "ok",
    service: "api",
    database: "connected",
  }]);
  await test.deps.sql.end();
  test.clock.now += 1000; // a probe is shared for a second
  const down = await test.get("/api/health");
  assert.deepEqual([down.status, await down.json()], [503, {
    status: "degraded",
    service: "api",
    database: "disconnected",
  }]);
});

Deno.test("GET /strava/health: probes the database once a second for all requests", async () => {
  await using test = await createTestApp();
  const first = await test.get("/strava/health");
  await test.deps.sql`drop table migrations`;
  const shared = await test.get("/health/ready");
  test.clock.now += 1000;
  const later = await test.get("/health/ready");

  assert.deepEqual([first.status, shared.status, later.status], [
    200,
    200,
    503,
  ]);
  for (const { body } of [first, shared, later]) await body?.cancel();
});
