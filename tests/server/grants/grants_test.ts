import assert from "node:assert/strict";
import { connect as openPool, type Pool } from "../../../db/driver/client.ts";
import { connectAthlete } from "../../../demo/connect.ts";
import { createSeal } from "../../../server/crypto/seal.ts";
import { StravaClient } from "../../../server/strava/client.ts";
import {
  getAccessToken,
  resealGrants,
  revokeGrant,
} from "../../../server/grants/grants.ts";
import {
  API_KEY,
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import { LIST, until } from "../../support/sync.ts";

const ATHLETE = { athleteId: ATHLETE_ID };
const HOUR_MS = 60 * 60 * 1000;
const TOKEN = "/oauth/token";

interface StoredGrant {
  access_token: string;
  refresh_token: string;
  expires_at: Date;
}

async function readStored(sql: Pool): Promise<StoredGrant> {
  const [row] = await sql<StoredGrant[]>`
    select access_token, refresh_token, expires_at
    from grants
    where athlete_id = ${ATHLETE_ID}
  `;
  return { ...row! };
}

/** The stored tokens, opened. */
async function openStored(
  { sql, seal }: Pick<TestApp["deps"], "sql" | "seal">,
): Promise<{ access: string; refresh: string }> {
  const { access_token, refresh_token } = await readStored(sql);
  return {
    access: await seal.open(access_token, {
      ...ATHLETE,
      column: "access_token",
    }),
    refresh: await seal.open(refresh_token, {
      ...ATHLETE,
      column: "refresh_token",
    }),
  };
}

/** Moves the clock to where the access token has so long to live. */
async function leave(test: TestApp, milliseconds: number): Promise<void> {
  const { expires_at } = await readStored(test.deps.sql);
  test.clock.now = expires_at.getTime() - milliseconds;
  test.strava.clearRequests();
}

function countRefreshes({ strava }: TestApp): number {
  return strava.requests.filter(({ path }) => path === TOKEN).length;
}

/** Every row of every table as text. */
async function dumpDatabase({ deps: { sql } }: TestApp): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select relname as name
    from pg_class
    where relkind = 'r'
      and relnamespace = 'public'::regnamespace
  `;
  assert.ok(tables.length >= 8);
  const dumps = [];
  for (const { name } of tables) {
    const rows = await sql<{ text: string }[]>`
      select row_to_json(t)::text as text
      from ${sql(name)} t
    `;
    dumps.push(...rows.map(({ text }) => `${name} ${text}`));
  }
  return dumps.join("\n");
}

Deno.test("getAccessToken: a token with more than an hour left is used as it is", async () => {
  await using test = await createTestApp({ synced: true });
  const { access } = await openStored(test.deps);
  await leave(test, HOUR_MS + 1);
  assert.equal(await getAccessToken(test.deps, ATHLETE), access);
  assert.deepEqual(test.strava.requests, []);
});

Deno.test("getAccessToken: with an hour left, or nothing, it is refreshed and the rotation stored", async () => {
  for (const left of [HOUR_MS, 1000, 0, -HOUR_MS, -30 * 24 * HOUR_MS]) {
    await using test = await createTestApp({ synced: true });
    const before = await openStored(test.deps);
    await leave(test, left);
    const token = await getAccessToken(test.deps, ATHLETE);
    assert.notEqual(token, before.access);
    assert.equal(countRefreshes(test), 1);
    const after = await openStored(test.deps);
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

Deno.test("getAccessToken: of ten callers at once one refreshes and all have the token", async () => {
  await using test = await createTestApp({ synced: true });
  await leave(test, HOUR_MS);
  const tokens = await Promise.all(
    Array.from({ length: 10 }, () => getAccessToken(test.deps, ATHLETE)),
  );
  assert.equal(countRefreshes(test), 1);
  assert.deepEqual(
    [...new Set(tokens)],
    test.strava.grants.liveAccessTokens(ATHLETE_ID).slice(-1),
  );
});

Deno.test("getAccessToken: of two processes one refreshes", async () => {
  await using test = await createTestApp({ synced: true });
  await leave(test, HOUR_MS);
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

Deno.test("getAccessToken: a refresh that fails leaves the stored tokens, and the next one succeeds", async () => {
  await using test = await createTestApp({ synced: true });
  await leave(test, 0);
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

Deno.test("getAccessToken: after a failed refresh the lock is free and the next caller refreshes", async () => {
  await using test = await createTestApp({ synced: true });
  await leave(test, 0);
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

Deno.test("getAccessToken: a database that is lost amid a refresh loses no rotation, nor asks for another", async () => {
  await using test = await createTestApp({ synced: true });
  const { sql } = test.deps;
  await leave(test, 0);
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
  assert.deepEqual(await openStored(test.deps), {
    access: token,
    refresh: test.strava.grants.liveRefreshToken(ATHLETE_ID),
  });
});

Deno.test("getAccessToken: a refused grant is unauthorized, and a missing one too", async () => {
  await using test = await createTestApp({ synced: true });
  await leave(test, 0);
  test.strava.faults.rejectRefresh = true;
  const unauthorized = { name: "StravaError", kind: "unauthorized" };
  await assert.rejects(getAccessToken(test.deps, ATHLETE), unauthorized);
  await revokeGrant(test.deps, ATHLETE);
  await assert.rejects(getAccessToken(test.deps, ATHLETE), unauthorized);
});

Deno.test("getAccessToken: a token that another has already replaced is no reason to refresh again", async () => {
  await using test = await createTestApp({ synced: true });
  const { access } = await openStored(test.deps);
  await leave(test, HOUR_MS);
  const token = await getAccessToken(test.deps, ATHLETE);
  const again = await getAccessToken(test.deps, {
    ...ATHLETE,
    rejected: access,
  });
  assert.equal(again, token);
  assert.equal(countRefreshes(test), 1);
});

Deno.test("a sync: a token that Strava rejects once is refreshed once and tried again", async () => {
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

Deno.test("a sync: a token that Strava rejects again and again ends in reconnect_needed, not in a loop", async () => {
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

Deno.test("a sync: a missing scope is told without a refresh", async () => {
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

Deno.test("revokeGrant: the grant ends at Strava and here", async () => {
  await using test = await createTestApp({ synced: true });
  const { access } = await openStored(test.deps);
  assert.deepEqual(await revokeGrant(test.deps, ATHLETE), {
    revokedAtStrava: true,
  });
  assert.equal(test.strava.grants.get(ATHLETE_ID), undefined);
  assert.equal(test.strava.grants.findAccess(access)?.live, false);
  const rows = await test.deps.sql`select athlete_id from grants`;
  assert.equal(rows.length, 0);
  assert.deepEqual(await revokeGrant(test.deps, ATHLETE), {
    revokedAtStrava: false,
  });
});

Deno.test("revokeGrant: tokens that a refresh brings meanwhile end at Strava too", async () => {
  await using test = await createTestApp({ synced: true });
  await leave(test, 0);
  const rotated = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  // Strava has rotated the tokens, but its answer is still on the way.
  test.deps.strava = new StravaClient({
    ...test.config.strava,
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      if (String(input).endsWith(TOKEN)) {
        rotated.resolve();
        await gate.promise;
      }
      return response;
    },
  });
  const refreshed = getAccessToken(test.deps, ATHLETE);
  await rotated.promise;
  const revoked = revokeGrant(test.deps, ATHLETE);
  // Until the revocation waits for the refresh, or has overtaken it.
  for (let done = false; !done;) {
    const [row] = await test.deps.sql`
      select exists (select from pg_locks where not granted) as waits
    `;
    done = row!["waits"] ||
      test.strava.requests.some(({ path }) => path === "/oauth/revoke");
  }
  gate.resolve();
  await refreshed;
  assert.deepEqual(await revoked, { revokedAtStrava: true });
  assert.equal(test.strava.grants.get(ATHLETE_ID), undefined);
});

const NEW_KEY = "new-0123456789-abcdefghijklmnopqrstuv";

Deno.test("resealGrants: what an old key sealed is sealed anew, once, and stays what it was", async () => {
  await using test = await createTestApp({ synced: true });
  const { sql, config } = test.deps;
  const tokens = await openStored(test.deps);
  const before = await readStored(sql);
  const seal = await createSeal(NEW_KEY, [config.encryptionKey]);
  const deps = { ...test.deps, seal };
  assert.equal(await resealGrants(deps), 1);
  assert.equal(await resealGrants(deps), 0);
  const alone = { sql, seal: await createSeal(NEW_KEY) };
  assert.deepEqual(await openStored(alone), tokens);
  const after = await readStored(sql);
  assert.deepEqual(after.expires_at, before.expires_at);
  test.deps.seal = alone.seal;
  assert.equal(await getAccessToken(test.deps, ATHLETE), tokens.access);
});

Deno.test("resealGrants: with the same key, or nobody connected, nothing is written", async () => {
  await using test = await createTestApp();
  const { sql } = test.deps;
  assert.equal(await resealGrants(test.deps), 0);
  await test.connect();
  await test.idle();
  const before = await readStored(sql);
  assert.equal(await resealGrants(test.deps), 0);
  assert.deepEqual(await readStored(sql), before);
});

Deno.test("resealGrants: a key that is lost is named in the log, nothing is written, and the server starts", async () => {
  await using test = await createTestApp({ synced: true });
  const { sql } = test.deps;
  const before = await readStored(sql);
  const seal = await createSeal(NEW_KEY);
  assert.equal(await resealGrants({ ...test.deps, seal }), 0);
  assert.match(test.log.text(), /neither ENCRYPTION_KEY nor one of/);
  assert.deepEqual(await readStored(sql), before);
});

Deno.test("secrets: no token, code, state, cookie or key is in the log, an answer or a table", async () => {
  await using test = await createTestApp({ activities: createHistory(3) });
  const secrets = new Set<string>([
    API_KEY,
    test.config.stateSecret,
    test.config.encryptionKey,
    test.config.strava.clientSecret,
    btoa(`${test.config.strava.clientId}:${test.config.strava.clientSecret}`),
  ]);
  const answers: string[] = [];
  const { app } = test;
  async function watch(request: Request): Promise<Response> {
    const response = await app(request);
    const { pathname, searchParams } = new URL(request.url);
    for (const name of ["code", "state"]) {
      if (searchParams.has(name)) secrets.add(searchParams.get(name)!);
    }
    // The sign-in hands the browser its own state and cookie.
    if (pathname === "/strava/authorize") {
      secrets.add(/=([^;]+)/.exec(response.headers.get("set-cookie")!)![1]!);
      return response;
    }
    const text = await response.clone().text();
    answers.push(text, Deno.inspect([...response.headers]));
    return response;
  }
  async function noteTokens(): Promise<void> {
    for (const token of test.strava.grants.liveAccessTokens(ATHLETE_ID)) {
      secrets.add(token);
    }
    const refreshToken = test.strava.grants.liveRefreshToken(ATHLETE_ID);
    if (refreshToken) secrets.add(refreshToken);
    const { sql, seal } = test.deps;
    const [grant] = await sql`select from grants`;
    if (!grant) return;
    for (const token of Object.values(await openStored({ sql, seal }))) {
      secrets.add(token);
    }
  }
  const post = (path: string, key = API_KEY): Promise<Response> =>
    watch(
      new Request(`http://localhost:5001${path}`, {
        method: "POST",
        headers: { "x-api-key": key },
      }),
    );
  async function look(): Promise<void> {
    await noteTokens();
    const places = {
      log: test.log.text(),
      answers: answers.join("\n"),
      tables: await dumpDatabase(test),
    };
    for (const [place, text] of Object.entries(places)) {
      for (const secret of secrets) {
        assert.ok(secret.length >= 20, secret);
        assert.ok(!text.includes(secret), `${place}: ${secret}`);
      }
    }
  }
  const connect = (): Promise<URL> =>
    connectAthlete({
      server: watch,
      serverUrl: "http://localhost:5001",
      athleteId: ATHLETE_ID,
    });

  await connect();
  await test.idle();
  await look();
  // Every way in which Strava's answers, which hold the tokens, can be odd.
  const { faults } = test.strava;
  const odd = { access_token: "leaked-access-token-01234", refresh_token: 5 };
  secrets.add(odd.access_token);
  const actions = [
    { kind: "status", status: 200, body: { json: odd } },
    { kind: "status", status: 400, body: { json: { ...odd, errors: [odd] } } },
    { kind: "status", status: 500 },
    { kind: "reset" },
    { kind: "truncated" },
    { kind: "cut" },
    { kind: "rate_limit" },
    { kind: "invalid_token" },
  ] as const;
  for (const action of actions) {
    await leave(test, 0);
    faults.inject(action, { path: /^\/oauth\// });
    await post("/strava/refresh-data");
    await connect().catch(() => {});
    faults.clear();
    await connect();
    await test.idle();
    await look();
  }
  await leave(test, 0);
  assert.equal((await post("/strava/refresh-data")).status, 200);
  await look();
  await post("/strava/refresh-data", API_KEY.slice(1));
  secrets.add(API_KEY.slice(1));
  await look();
  faults.inject({ kind: "status", status: 503 }, { path: "/oauth/revoke" });
  await post("/strava/admin/disconnect");
  await look();
  assert.ok(secrets.size > 40);
  assert.ok(test.log.lines.length > 40);
});
