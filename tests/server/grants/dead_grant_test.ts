import assert from "node:assert/strict";
import { getGrant } from "../../../db/grants.ts";
import { StravaClient } from "../../../server/strava/client.ts";
import { StravaError } from "../../../server/strava/errors.ts";
import { createSeal } from "../../../server/crypto/encryption.ts";
import { syncDueAthletes } from "../../../server/sync/run_sync.ts";
import { getAccessToken } from "../../../server/grants/token_refresh.ts";
import { resealGrants, storeGrant } from "../../../server/grants/grants.ts";
import { getStatus } from "../../support/admin.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import { openSecondProcess, sync, until } from "../../support/sync.ts";

const ATHLETE = { athleteId: ATHLETE_ID };
const HOUR_MS = 60 * 60 * 1000;
const TOKEN = "/oauth/token";

/** Creates an app with a synced athlete whose access token has expired. */
async function createExpired(): Promise<TestApp> {
  const test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  test.clock.now += 6 * HOUR_MS;
  test.strava.clearRequests();
  return test;
}

async function readDeadSince({ deps }: TestApp): Promise<Date | null> {
  const grant = await getGrant(deps.sql, ATHLETE);
  assert.ok(grant);
  return grant.deadSince;
}

function countRefreshes({ strava }: TestApp): number {
  return strava.requests.filter(({ path }) => path === TOKEN).length;
}

Deno.test("dead grant: is shown with an address, stops requests, keeps serving data", async () => {
  await using test = await createExpired();
  const { strava, deps, clock } = test;
  strava.faults.rejectRefresh = true;

  const run = await sync(test);

  assert.deepEqual([run.status, run.errorReason], ["failed", "unauthorized"]);
  assert.equal(countRefreshes(test), 1);
  const since = await readDeadSince(test);
  assert.equal(since?.getTime(), clock.now);
  const [athlete] = (await getStatus(test)).athletes;
  assert.deepEqual(athlete.reconnect_needed, {
    since: new Date(clock.now).toISOString().replace(".000", ""),
    url: "http://localhost:5001/strava/authorize",
  });
  assert.equal(athlete.next_due_at, null);

  strava.clearRequests();
  const usage = await readRequestCount(test);
  for (let hours = 0; hours < 30; hours++) {
    clock.now += HOUR_MS;
    await syncDueAthletes(deps);
    await syncDueAthletes(deps, { unfinished: true });
  }
  const response = await test.post("/strava/refresh-data", { key: true });
  assert.equal(response.status, 409);
  const { reason, detail } = await response.json();
  assert.equal(reason, "reconnect_needed");
  assert.match(detail, /open \/strava\/authorize to connect again$/);
  assert.deepEqual(strava.requests, []);
  assert.equal(await readRequestCount(test), usage);
  const { runs } = (await getStatus(test)).athletes[0];
  assert.equal(runs.length, 3); // the first sync, the one that was refused, and the manual refresh
  assert.equal((await test.get("/strava/stats/totals")).status, 200);
  const list = await (await test.get("/strava/activities")).json();
  assert.equal(list.total, 5);
});

Deno.test("dead grant: ends when the athlete connects again", async () => {
  await using test = await createExpired();
  test.strava.faults.rejectRefresh = true;
  await sync(test);
  test.strava.faults.rejectRefresh = false;

  await test.connect();
  await test.idle();

  assert.equal(await readDeadSince(test), null);
  const [athlete] = (await getStatus(test)).athletes;
  assert.equal(athlete.reconnect_needed, null);
  assert.equal(athlete.runs[0].status, "success");
  assert.notEqual(athlete.next_due_at, null);
});

Deno.test("getAccessToken: keeps the grant alive on other failures of a refresh", async () => {
  await using test = await createExpired();
  const { faults } = test.strava;
  test.deps.strava = new StravaClient({
    ...test.config.strava,
    timeoutMs: 200,
  });
  const wrongSecret = {
    message: "Bad Request",
    errors: [{
      resource: "Application",
      field: "client_secret",
      code: "invalid",
    }],
  };
  const actions = [
    { kind: "status", status: 500 },
    { kind: "status", status: 503, body: "empty" },
    { kind: "status", status: 200 },
    { kind: "status", status: 200, body: { json: {} } },
    { kind: "rate_limit" },
    { kind: "hang" },
    { kind: "reset" },
    { kind: "status", status: 403 },
    { kind: "status", status: 400, body: { json: wrongSecret } },
    { kind: "status", status: 401, body: { json: wrongSecret } },
  ] as const;
  for (const action of actions) {
    const rule = faults.inject(action, { path: TOKEN });
    await assert.rejects(getAccessToken(test.deps, ATHLETE), StravaError);
    assert.equal(rule.hits, 1);
    rule.remove();
    assert.equal(await readDeadSince(test), null, JSON.stringify(action));
  }
  assert.equal((await sync(test)).status, "success");
});

Deno.test("getAccessToken: uses newer tokens of another process after a refusal", async () => {
  await using test = await createExpired();
  await using other = openSecondProcess(test);
  const { strava, deps } = test;
  // The other lost its connection after Strava rotated the token, so it no longer holds the lock.
  const rotated = await deps.strava.refreshTokens(
    strava.grants.liveRefreshToken(ATHLETE_ID)!,
  );
  const hang = strava.faults.inject({ kind: "hang" }, {
    path: TOKEN,
    times: 1,
  });
  const refreshing = getAccessToken(deps, ATHLETE);
  await until(() => hang.hits === 1, "the refresh");
  const storing = storeGrant(other.deps.sql, {
    grant: {
      ...ATHLETE,
      accessToken: rotated.access_token,
      refreshToken: rotated.refresh_token,
      expiresAt: new Date(rotated.expires_at * 1000),
      scopes: ["read"],
    },
    seal: deps.seal,
    now: new Date(test.clock.now),
  });
  deps.sleep = () => storing;
  await until(async () => {
    const [row] = await deps.sql`
      select exists (select from pg_locks where not granted) as waits
    `;
    return row!["waits"];
  }, "the other process to wait for the lock");
  strava.faults.release();

  assert.equal(await refreshing, rotated.access_token);
  await storing;
  assert.equal(await readDeadSince(test), null);
  assert.deepEqual(
    strava.requests.map(({ status }) => status),
    [200, 400],
  );
});

Deno.test("getAccessToken: marks the grant dead if Strava refuses the newer token too", async () => {
  await using test = await createExpired();
  const { strava, deps } = test;
  strava.faults.rejectRefresh = true;
  const { seal, sql } = deps;
  const grant = {
    ...ATHLETE,
    accessToken: "a-token-that-has-expired",
    refreshToken: "another-refresh-token",
    expiresAt: new Date(test.clock.now),
    scopes: ["read"],
  };
  const now = new Date(test.clock.now);
  let isSwapped = false;
  const original = deps.strava;
  deps.strava = new StravaClient({
    ...test.config.strava,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      if (!isSwapped) {
        isSwapped = true;
        const storing = storeGrant(sql, { grant, seal, now });
        deps.sleep = () => storing;
        await until(async () => {
          const [row] = await sql`
            select exists (select from pg_locks where not granted) as waits
          `;
          return row!["waits"];
        });
      }
      return response;
    },
  });

  await assert.rejects(getAccessToken(deps, ATHLETE), { kind: "unauthorized" });

  assert.equal(countRefreshes(test), 2);
  assert.equal((await readDeadSince(test))?.getTime(), now.getTime());
  deps.strava = original;
  await assert.rejects(getAccessToken(deps, ATHLETE), { kind: "unauthorized" });
  assert.equal(countRefreshes(test), 2);
});

Deno.test("dead grant: costs one request for many callers in two processes", async () => {
  await using test = await createExpired();
  await using other = openSecondProcess(test);
  test.strava.faults.rejectRefresh = true;

  const results = await Promise.allSettled(
    Array.from(
      { length: 6 },
      (_, index) => getAccessToken(index % 2 ? other.deps : test.deps, ATHLETE),
    ),
  );

  assert.ok(results.every(({ status }) => status === "rejected"));
  assert.equal(countRefreshes(test), 1);
  assert.notEqual(await readDeadSince(test), null);
  const warnings = test.log.lines.filter(({ message }) =>
    /refuses the grant/.test(message)
  );
  assert.equal(warnings.length, 1);
  test.strava.clearRequests();
  await assert.rejects(getAccessToken(test.deps, ATHLETE));
  assert.equal(countRefreshes(test), 0);
});

Deno.test("resealGrants: keeps a dead grant dead", async () => {
  await using test = await createExpired();
  test.strava.faults.rejectRefresh = true;
  await sync(test);
  const since = await readDeadSince(test);
  const seal = await createSeal("new-0123456789-abcdefghijklmnopqrstuv", [
    test.config.encryptionKey,
  ]);

  assert.equal(await resealGrants({ ...test.deps, seal }), 1);

  assert.deepEqual(await readDeadSince(test), since);
});

Deno.test("missing scope: keeps the grant alive and refreshes nothing", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.clearRequests();
  const json = {
    message: "Authorization Error",
    errors: [{
      resource: "AccessToken",
      field: "activity:read_permission",
      code: "missing",
    }],
  };
  test.strava.faults.inject(
    { kind: "status", status: 401, body: { json } },
    { path: "/api/v3/*" },
  );

  const run = await sync(test);

  assert.equal(run.errorReason, "scope_missing");
  assert.equal(test.strava.requests.length, 1);
  assert.equal(countRefreshes(test), 0);
  assert.equal(await readDeadSince(test), null);
});

/** Returns the number of requests counted for the rate limit. */
async function readRequestCount({ deps }: TestApp): Promise<number> {
  const [row] = await deps.sql<{ request_count: number }[]>`
    select request_count from rate_limit
  `;
  return row!.request_count;
}
