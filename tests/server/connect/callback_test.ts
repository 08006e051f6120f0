import assert from "node:assert/strict";
import { lockConnecting } from "../../../db/athletes.ts";
import { countRequests } from "../../support/admin.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import { TOKEN } from "../../support/grants.ts";
import {
  addOther,
  connect,
  countRows,
  NOTHING,
  openBrowser,
  OTHER_ID,
  readResult,
  refresh,
  SCOPES,
  setTimeoutMs,
} from "../../support/sign_in.ts";
import { LIST, until } from "../../support/sync.ts";

Deno.test("GET /strava/callback: redirects to the frontend and deletes the cookie", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const response = await browser.open(await browser.signIn());
  assert.equal(response.status, 303);
  assert.equal(
    response.headers.get("location"),
    "http://frontend.test/?strava=success",
  );
  assert.deepEqual(response.headers.getSetCookie(), [
    "paceline_oauth=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0",
  ]);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(response.headers.get("referrer-policy"), "no-referrer");
  assert.equal(await response.text(), "");
  const { runs: _, ...rows } = await countRows(test);
  assert.deepEqual(rows, { athletes: 1, grants: 1, states: 1, activities: 0 });
});

Deno.test("GET /strava/callback: responds before the first sync ends", async () => {
  await using test = await createTestApp({ activities: createHistory(5) });
  test.strava.faults.inject({ kind: "hang" }, { path: LIST });
  assert.equal(await connect(test), "success");
  assert.equal((await countRows(test))["activities"], 0);
  test.strava.faults.clear();
  await test.idle();
  assert.equal((await countRows(test))["activities"], 5);
  assert.equal((await test.get("/strava/stats/totals")).status, 200);
});

Deno.test("GET /strava/callback: keeps the connection if the first sync fails", async () => {
  await using test = await createTestApp({ activities: createHistory(5) });
  test.strava.faults.inject({ kind: "status", status: 500 }, { path: LIST });
  assert.equal(await connect(test), "success");
  await test.idle();
  const [run] = await test.deps.sql`select status, trigger from sync_runs`;
  assert.deepEqual({ ...run }, { status: "failed", trigger: "connect" });
  test.strava.faults.clear();
  assert.equal(await refresh(test), 200);
  assert.equal((await countRows(test))["activities"], 5);
});

Deno.test("GET /strava/callback: revokes a grant without an activity scope", async () => {
  await using test = await createTestApp();
  const scopes = ["profile:read_all"];
  assert.equal(await connect(test, { scopes }), "scope_missing");
  assert.deepEqual(await countRows(test), NOTHING);
  assert.equal(test.strava.grants.get(ATHLETE_ID), undefined);
  // After the revocation Strava asks for consent again.
  assert.equal(await connect(test), "success");
});

Deno.test("GET /strava/callback: keeps the stored grant if the new one lacks scopes", async () => {
  await using test = await createTestApp({ synced: true });
  const before = await test.deps.sql`select * from grants`;
  assert.equal(await connect(test, { scopes: [] }), "scope_missing");
  assert.deepEqual(await test.deps.sql`select * from grants`, before);
  assert.equal(countRequests(test, "/oauth/revoke"), 0);
  assert.equal(await refresh(test), 200);
});

Deno.test("GET /strava/callback: accepts activity:read alone", async () => {
  await using test = await createTestApp({ activities: createHistory(5) });
  assert.equal(await connect(test, { scopes: ["activity:read"] }), "success");
  await test.idle();
  const [grant] = await test.deps.sql`select scopes from grants`;
  assert.deepEqual(grant?.["scopes"], ["read", "activity:read"]);
  assert.ok((await countRows(test))["activities"]! > 0);
});

Deno.test("GET /strava/callback: uses the scopes of the exchange without `scope`", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  back.searchParams.delete("scope");
  assert.equal(readResult(await browser.open(back)), "success");
  const [grant] = await test.deps.sql`select scopes from grants`;
  assert.deepEqual(grant?.["scopes"].toSorted(), SCOPES.toSorted());
});

Deno.test("GET /strava/callback: connects only athletes in ALLOWED_ATHLETES", async () => {
  await using test = await createTestApp({
    env: { ALLOWED_ATHLETES: `1,${OTHER_ID}` },
  });
  addOther(test);
  assert.equal(await connect(test), "athlete_not_allowed");
  assert.deepEqual(await countRows(test), NOTHING);
  assert.equal(test.strava.grants.get(ATHLETE_ID), undefined);
  assert.equal(await connect(test, { athleteId: OTHER_ID }), "success");
  assert.ok(test.strava.grants.get(OTHER_ID));
});

Deno.test('GET /strava/callback: refuses a second athlete with "first"', async () => {
  await using test = await createTestApp({ synced: true });
  addOther(test);
  const before = await countRows(test);
  const result = await connect(test, { athleteId: OTHER_ID });
  assert.equal(result, "athlete_not_allowed");
  assert.deepEqual(await countRows(test), before);
  assert.equal(test.strava.grants.get(OTHER_ID), undefined);
  assert.ok(test.strava.grants.get(ATHLETE_ID));
  assert.equal(await connect(test), "success");
});

Deno.test('GET /strava/callback: with "first", stores one of two simultaneous athletes', async () => {
  await using test = await createTestApp();
  addOther(test);
  const browsers = [openBrowser(test), openBrowser(test)];
  const backs = await Promise.all([
    browsers[0]!.signIn(),
    browsers[1]!.signIn({ athleteId: OTHER_ID }),
  ]);
  const held = Promise.withResolvers<void>();
  // Both requests wait for the lock before the first one continues.
  const holding = test.deps.sql.begin(async (sql) => {
    await lockConnecting(sql);
    held.resolve();
    await until(async () => {
      const [row] = await sql`
        select count(*) as waiting
        from pg_locks
        where locktype = 'advisory'
          and database = (select oid from pg_database where datname = current_database())
          and not granted
      `;
      return row!["waiting"] > 0;
    }, "a request that waits for the lock");
  });
  await held.promise;
  const returns = backs.map((back, index) => browsers[index]!.open(back));
  await holding;
  const results = (await Promise.all(returns)).map(readResult);
  assert.deepEqual(results.toSorted(), ["athlete_not_allowed", "success"]);
  await test.idle();
  const { athletes, grants } = await countRows(test);
  assert.deepEqual([athletes, grants], [1, 1]);
  const [owner] = await test.deps.sql`select id from athletes`;
  const refused = owner!["id"] === ATHLETE_ID ? OTHER_ID : ATHLETE_ID;
  assert.equal(test.strava.grants.get(refused), undefined);
});

Deno.test("GET /strava/callback: answers code_rejected for an unknown code", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  back.searchParams.set("code", "0123456789");
  assert.equal(readResult(await browser.open(back)), "code_rejected");
  assert.deepEqual(await countRows(test), NOTHING);
});

Deno.test("GET /strava/callback: answers code_rejected without a code", async () => {
  await using test = await createTestApp();
  for (const code of [undefined, ""]) {
    const browser = openBrowser(test);
    const back = await browser.signIn();
    back.searchParams.delete("code");
    if (code !== undefined) back.searchParams.set("code", code);
    assert.equal(readResult(await browser.open(back)), "code_rejected");
  }
  assert.equal(countRequests(test, TOKEN), 0);
});

Deno.test("GET /strava/callback: answers athlete_limit_reached at Strava's limit", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  test.strava.faults.athleteLimit = true;
  const response = await browser.open(back);
  assert.equal(readResult(response), "athlete_limit_reached");
  assert.deepEqual(await countRows(test), NOTHING);
});

const FAULTS: Record<
  string,
  Parameters<TestApp["strava"]["faults"]["inject"]>[0]
> = {
  "cuts the connection": { kind: "reset" },
  "cuts the response": { kind: "cut" },
  "hangs": { kind: "hang" },
  "answers 500": { kind: "status", status: 500, body: { json: {} } },
  "answers 503 in HTML": { kind: "status", status: 503, body: "html" },
  "answers 200 in HTML": { kind: "status", status: 200, body: "html" },
  "answers 200 with an empty body": {
    kind: "status",
    status: 200,
    body: "empty",
  },
  "answers with another shape": { kind: "object" },
  "truncates its JSON": { kind: "truncated" },
  "redirects to a login": { kind: "redirect", location: "http://127.0.0.1/" },
  "answers 429": { kind: "rate_limit" },
};

for (const [name, action] of Object.entries(FAULTS)) {
  Deno.test(`GET /strava/callback: stores nothing if Strava ${name}`, async () => {
    await using test = await createTestApp();
    setTimeoutMs(test, name === "hangs" ? 100 : 5000);
    test.strava.faults.inject(action, { path: TOKEN });
    assert.equal(await connect(test), "strava_unavailable");
    assert.deepEqual(await countRows(test), NOTHING);
    const [line, ...others] = test.log.lines
      .filter(({ level }) => level !== "info");
    assert.equal(others.length, 0);
    assert.equal(line?.level, "warning");
    assert.ok(line.properties["cause"], "the log lacks the cause");
    test.strava.faults.clear();
    assert.equal(await connect(test), "success");
  });
}

Deno.test("GET /strava/callback: reports a refusal even if the revocation fails", async () => {
  await using test = await createTestApp({ env: { ALLOWED_ATHLETES: "1" } });
  test.strava.faults.inject({ kind: "status", status: 503 }, {
    path: "/oauth/revoke",
  });
  assert.equal(await connect(test), "athlete_not_allowed");
  assert.deepEqual(await countRows(test), NOTHING);
});

Deno.test("GET /strava/callback: reconnects after a disconnect", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  await test.post("/strava/admin/disconnect", { key: true });
  assert.equal(await refresh(test), 404);
  assert.equal(test.strava.grants.get(ATHLETE_ID), undefined);
  test.strava.athletes.get(ATHLETE_ID)!.add({ name: "While away" });
  test.clock.now += 1000;
  assert.equal(await connect(test), "success");
  await test.idle();
  assert.equal((await countRows(test))["activities"], 6);
  assert.equal(await refresh(test), 200);
});

Deno.test("GET /strava/callback: reconnects an athlete with a dead grant", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.deauthorize(ATHLETE_ID);
  assert.equal(await refresh(test), 409);
  assert.equal(await connect(test), "success");
  await test.idle();
  assert.equal(await refresh(test), 200);
  assert.deepEqual((await countRows(test))["athletes"], 1);
});

Deno.test("GET /strava/callback: keeps the code if the database is unavailable", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  const { sql } = test.deps;
  test.deps.sql = (() =>
    Promise.reject(
      Object.assign(new Error("no"), { code: "ECONNREFUSED" }),
    )) as never;
  assert.equal(readResult(await browser.open(back)), "server_error");
  test.deps.sql = sql;
  assert.equal(countRequests(test, TOKEN), 0);
  const errors = test.log.lines.filter(({ level }) => level === "error");
  assert.deepEqual(errors.map(({ message }) => message), [
    "The database does not answer",
  ]);
});
