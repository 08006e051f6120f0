import assert from "node:assert/strict";
import { countRequests, REFRESH } from "../../support/admin.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { insertAthlete, insertCaller, json } from "../../support/callers.ts";
import { LIST, until } from "../../support/sync.ts";

const ATHLETE_ID = 700_003;
const MINUTE_MS = 60_000;

interface Answer {
  status: number;
  // deno-lint-ignore no-explicit-any -- the body of any response
  body: any;
  retryAfter: string | null;
}

/** Creates a server with a user who owns a synced athlete. Returns functions that sync it. */
async function createOwned(): Promise<{
  test: TestApp;
  refresh: (input?: unknown) => Promise<Answer>;
  refreshAsAdmin: () => Promise<Answer>;
}> {
  const test = await createTestApp();
  const user = await insertCaller(test, "ada");
  await insertAthlete(test, { id: ATHLETE_ID, userId: user.id });
  const send = async (
    input: unknown,
    options: { key?: boolean; headers?: Record<string, string> },
  ): Promise<Answer> => {
    const { key = false, headers } = options;
    const response = await test.post(REFRESH, { key, ...json(input, headers) });
    return {
      status: response.status,
      body: await response.json(),
      retryAfter: response.headers.get("retry-after"),
    };
  };
  return {
    test,
    refresh: (input = {}) => send(input, { headers: user.headers }),
    refreshAsAdmin: () => send({ athlete: ATHLETE_ID }, { key: true }),
  };
}

/** Sets the usage of the quarter hour. */
async function setUsage(
  { deps: { sql } }: TestApp,
  usage: number,
): Promise<void> {
  await sql`
    update rate_limit set short_usage = ${usage}, read_short_usage = ${usage}
  `;
}

Deno.test("POST /strava/refresh-data: syncs once in a minute for a user", async () => {
  const { test, refresh } = await createOwned();
  await using _ = test;
  const first = await refresh();
  assert.equal(first.status, 200);
  test.strava.clearRequests();

  test.clock.now += MINUTE_MS - 1;
  for (let count = 0; count < 20; count++) {
    const { status, body } = await refresh();
    assert.deepEqual([status, body.run.id], [200, first.body.run.id]);
  }
  assert.equal(countRequests(test, LIST), 0);

  test.clock.now += 1;
  const next = await refresh();
  assert.equal(next.body.run.id, first.body.run.id + 1);
});

Deno.test("POST /strava/refresh-data: lets an administrator sync at any time", async () => {
  const { test, refresh, refreshAsAdmin } = await createOwned();
  await using _ = test;
  const { body: { run: { id } } } = await refresh();
  assert.equal((await refreshAsAdmin()).body.run.id, id + 1);
  assert.equal((await refreshAsAdmin()).body.run.id, id + 2);
});

Deno.test("POST /strava/refresh-data: returns a user's failed sync for a minute", async () => {
  const { test, refresh } = await createOwned();
  await using _ = test;
  test.strava.faults.inject({ kind: "status", status: 500 }, { path: LIST });
  const failed = await refresh();
  test.strava.faults.clear();
  const again = await refresh();
  assert.deepEqual(
    [failed.status, failed.body.reason, again.status, again.body.reason],
    [502, "strava_unavailable", 502, "strava_unavailable"],
  );
  test.clock.now += MINUTE_MS;
  assert.equal((await refresh()).status, 200);
});

Deno.test("POST /strava/refresh-data: stores a user's full sync within the minute", async () => {
  const { test, refresh } = await createOwned();
  await using _ = test;
  const { body: { run: { id } } } = await refresh();
  const { status, body } = await refresh({ mode: "full" });
  assert.deepEqual(
    [status, body.status, body.message, body.run.id],
    [200, "running", "A full sync follows in the background", id],
  );
  const [state] = await test.deps.sql`
    select full_sync_requested_at from sync_state
  `;
  assert.ok(state?.["full_sync_requested_at"]);
});

Deno.test("POST /strava/refresh-data: leaves the reserve to administrators", async () => {
  const { test, refresh, refreshAsAdmin } = await createOwned();
  await using _ = test;
  await setUsage(test, 80);
  const runs = await test.deps.sql`select id from sync_runs`;
  const refused = await refresh();
  assert.deepEqual(
    [refused.status, refused.body.reason],
    [503, "strava_rate_limited"],
  );
  assert.ok(Number(refused.retryAfter) > 0);
  assert.deepEqual(await test.deps.sql`select id from sync_runs`, runs);
  assert.equal((await refreshAsAdmin()).status, 200);
});

Deno.test("POST /strava/refresh-data: stops a user's sync at the reserve", async () => {
  const { test, refresh } = await createOwned();
  await using _ = test;
  await setUsage(test, 79);
  // The list needs two requests: a page, and the empty one that ends it.
  await test.deps.sql`update sync_state set last_success_at = '2010-01-01'`;
  test.strava.clearRequests();
  const { status, body } = await refresh();
  assert.deepEqual([status, body.reason], [503, "strava_rate_limited"]);
  assert.equal(countRequests(test, LIST), 1);
});

Deno.test("POST /strava/refresh-data: ignores a sync later than a reset clock", async () => {
  const { test, refresh } = await createOwned();
  await using _ = test;
  const { body: { run: { id } } } = await refresh();
  test.clock.now -= 10 * MINUTE_MS;
  await until(async () => (await refresh()).body.run.id === id + 1);
});
