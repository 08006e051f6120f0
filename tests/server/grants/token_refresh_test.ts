import assert from "node:assert/strict";
import { connect as openPool } from "../../../db/driver/client.ts";
import { getAccessToken } from "../../../server/grants/token_refresh.ts";
import { revokeGrant } from "../../../server/grants/grants.ts";
import { ATHLETE_ID, createTestApp } from "../../support/app.ts";
import {
  ATHLETE,
  countRefreshes,
  HOUR_MS,
  readStored,
  setTimeLeft,
  TOKEN,
  unsealStored,
} from "../../support/grants.ts";
import { LIST, until } from "../../support/sync.ts";

Deno.test("getAccessToken: returns a token with more than an hour left unchanged", async () => {
  await using test = await createTestApp({ synced: true });
  const { access } = await unsealStored(test.deps);
  await setTimeLeft(test, HOUR_MS + 1);
  assert.equal(await getAccessToken(test.deps, ATHLETE), access);
  assert.deepEqual(test.strava.requests, []);
});

Deno.test("getAccessToken: refreshes a token with an hour left or less", async () => {
  for (const left of [HOUR_MS, 1000, 0, -HOUR_MS, -30 * 24 * HOUR_MS]) {
    await using test = await createTestApp({ synced: true });
    const before = await unsealStored(test.deps);
    await setTimeLeft(test, left);
    const token = await getAccessToken(test.deps, ATHLETE);
    assert.notEqual(token, before.access);
    assert.equal(countRefreshes(test), 1);
    const after = await unsealStored(test.deps);
    assert.deepEqual(after, {
      access: test.strava.grants.liveAccessTokens(ATHLETE_ID).at(-1),
      refresh: test.strava.grants.liveRefreshToken(ATHLETE_ID),
    });
    assert.equal(after.access, token);
    assert.notEqual(after.refresh, before.refresh);
    const { expires_at } = await readStored(test.deps.sql);
    assert.equal(expires_at.getTime(), test.clock.now + 6 * HOUR_MS);
    assert.equal(await getAccessToken(test.deps, ATHLETE), token);
    assert.equal(countRefreshes(test), 1);
  }
});

Deno.test("getAccessToken: refreshes once for ten callers", async () => {
  await using test = await createTestApp({ synced: true });
  await setTimeLeft(test, HOUR_MS);
  const tokens = await Promise.all(
    Array.from({ length: 10 }, () => getAccessToken(test.deps, ATHLETE)),
  );
  assert.equal(countRefreshes(test), 1);
  assert.deepEqual(
    [...new Set(tokens)],
    test.strava.grants.liveAccessTokens(ATHLETE_ID).slice(-1),
  );
});

Deno.test("getAccessToken: refreshes once for two processes", async () => {
  await using test = await createTestApp({ synced: true });
  await setTimeLeft(test, HOUR_MS);
  const other = { ...test.deps, sql: openPool(test.config.databaseUrl) };
  try {
    const tokens = await Promise.all(
      Array.from(
        { length: 10 },
        (_, index) => getAccessToken(index % 2 ? other : test.deps, ATHLETE),
      ),
    );
    assert.equal(countRefreshes(test), 1);
    assert.equal(new Set(tokens).size, 1);
  } finally {
    await other.sql.end();
  }
});

Deno.test("getAccessToken: keeps the stored tokens if a refresh fails", async () => {
  await using test = await createTestApp({ synced: true });
  await setTimeLeft(test, 0);
  const before = await readStored(test.deps.sql);
  const { faults } = test.strava;
  const failures = [
    [{ kind: "status", status: 500 }, "unavailable"],
    [{ kind: "status", status: 200, body: "html" }, "unavailable"],
    [{ kind: "status", status: 200, body: { json: {} } }, "unavailable"],
    [{ kind: "reset" }, "unreachable"],
    [{ kind: "rate_limit" }, "rate_limited"],
  ] as const;
  for (const [action, kind] of failures) {
    faults.inject(action, { path: TOKEN, times: 1 });
    await assert.rejects(getAccessToken(test.deps, ATHLETE), { kind });
    assert.deepEqual(await readStored(test.deps.sql), before);
  }
  const token = await getAccessToken(test.deps, ATHLETE);
  assert.deepEqual(
    test.strava.grants.liveAccessTokens(ATHLETE_ID).slice(-1),
    [token],
  );
});

Deno.test("getAccessToken: lets the next caller refresh after a failure", async () => {
  await using test = await createTestApp({ synced: true });
  await setTimeLeft(test, 0);
  test.strava.faults.inject({ kind: "status", status: 503 }, {
    path: TOKEN,
    times: 1,
  });
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () => getAccessToken(test.deps, ATHLETE)),
  );
  const good = results.filter(({ status }) => status === "fulfilled");
  assert.equal(good.length, 4);
  assert.equal(countRefreshes(test), 2);
});

Deno.test("getAccessToken: stores new tokens after the database was lost", async () => {
  await using test = await createTestApp({ synced: true });
  const { sql } = test.deps;
  await setTimeLeft(test, 0);
  const hang = test.strava.faults.inject({ kind: "hang" }, { path: TOKEN });
  const refreshing = getAccessToken(test.deps, ATHLETE);
  await until(() => hang.hits === 1, "the refresh");

  await sql`
    select pg_terminate_backend(pid)
    from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'
  `;
  await until(
    () => /database is unavailable/.test(test.log.text()),
    "the loss",
  );
  hang.remove();
  test.strava.faults.release();
  const token = await refreshing;

  assert.equal(countRefreshes(test), 1);
  assert.deepEqual(await unsealStored(test.deps), {
    access: token,
    refresh: test.strava.grants.liveRefreshToken(ATHLETE_ID),
  });
});

Deno.test("getAccessToken: throws 'unauthorized' for a refused or missing grant", async () => {
  await using test = await createTestApp({ synced: true });
  await setTimeLeft(test, 0);
  test.strava.faults.rejectRefresh = true;
  const unauthorized = { name: "StravaError", kind: "unauthorized" };
  await assert.rejects(getAccessToken(test.deps, ATHLETE), unauthorized);
  await revokeGrant(test.deps, ATHLETE);
  await assert.rejects(getAccessToken(test.deps, ATHLETE), unauthorized);
});

Deno.test("getAccessToken: does not refresh a token that was already replaced", async () => {
  await using test = await createTestApp({ synced: true });
  const { access } = await unsealStored(test.deps);
  await setTimeLeft(test, HOUR_MS);
  const token = await getAccessToken(test.deps, ATHLETE);
  const again = await getAccessToken(test.deps, {
    ...ATHLETE,
    rejectedToken: access,
  });
  assert.equal(again, token);
  assert.equal(countRefreshes(test), 1);
});

Deno.test("POST /strava/refresh-data: refreshes a token that Strava rejects once", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.clearRequests();
  test.strava.faults.inject({ kind: "invalid_token" }, {
    path: LIST,
    times: 1,
  });
  const response = await test.post("/strava/refresh-data", { key: true });
  assert.equal(response.status, 200);
  await response.body?.cancel();
  assert.deepEqual(
    test.strava.requests.map(({ path }) => path).slice(0, 3),
    [LIST, TOKEN, LIST],
  );
  assert.equal(countRefreshes(test), 1);
});

Deno.test("POST /strava/refresh-data: answers 409 if Strava rejects the new token too", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.clearRequests();
  test.strava.faults.inject({ kind: "invalid_token" }, { path: LIST });
  const response = await test.post("/strava/refresh-data", { key: true });
  assert.equal(response.status, 409);
  assert.equal((await response.json()).reason, "reconnect_needed");
  assert.deepEqual(
    test.strava.requests.map(({ path }) => path),
    [LIST, TOKEN, LIST],
  );
});

Deno.test("POST /strava/refresh-data: answers 409 without a refresh for a missing scope", async () => {
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
  test.strava.faults.inject({ kind: "status", status: 401, body: { json } }, {
    path: LIST,
  });
  const response = await test.post("/strava/refresh-data", { key: true });
  assert.equal(response.status, 409);
  assert.equal((await response.json()).reason, "reconnect_needed");
  assert.equal(countRefreshes(test), 0);
});
