import assert from "node:assert/strict";
import {
  type Browser,
  insertUser,
  isLoggedIn,
  openBrowser,
  PASSWORD,
  reasonOf,
} from "../../support/accounts.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";

const MINUTE = 60_000;

async function logIn(test: TestApp, username = "ada"): Promise<Browser> {
  const browser = openBrowser(test);
  const body = { username, password: PASSWORD };
  assert.equal((await browser.logIn({ body })).status, 200);
  return browser;
}

async function list(browser: Browser): Promise<Record<string, unknown>[]> {
  const response = await browser.get("/api/auth/sessions");
  assert.equal(response.status, 200);
  return (await response.json()).data;
}

Deno.test("GET /api/auth/sessions: lists the user's live sessions and marks the current", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  await insertUser(test, { username: "grace" });
  await logIn(test, "grace");
  const gone = await logIn(test);
  await gone.post("/api/auth/logout");
  const first = openBrowser(test);
  await first.logIn({
    headers: { "user-agent": `Firefox\u009b${"x".repeat(500)}` },
    address: "2001:db8::1",
  });
  test.clock.now += MINUTE;
  const second = await logIn(test);

  const sessions = await list(second);

  assert.deepEqual(
    sessions.map(({ current, address, created_at }) => ({
      current,
      address,
      created_at,
    })),
    [
      {
        current: true,
        address: "203.0.113.7",
        created_at: "2026-11-20T12:03:00Z",
      },
      {
        current: false,
        address: "2001:db8::1",
        created_at: "2026-11-20T12:02:00Z",
      },
    ],
  );
  const agent = String(sessions[1]!["agent"]);
  assert.match(agent, /^Firefoxx+$/);
  assert.ok(agent.length <= 200);
});

Deno.test("POST /api/auth/revoke-session: ends an own session, never another user's", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  await insertUser(test, { username: "mallory" });
  const [here, there] = [await logIn(test), await logIn(test)];
  const mallory = await logIn(test, "mallory");
  const other = (await list(here)).find(({ current }) => !current)!;
  const body = { id: other["id"] };

  const theft = await mallory.post("/api/auth/revoke-session", { body });
  assert.deepEqual(await reasonOf(theft), [404, "session_not_found"]);
  assert.ok(await isLoggedIn(there));
  const done = await here.post("/api/auth/revoke-session", { body });
  assert.deepEqual([done.status, await done.json()], [200, { revoked: 1 }]);
  assert.ok(!await isLoggedIn(there));
  assert.equal((await there.post("/api/auth/refresh")).status, 401);
  const again = await here.post("/api/auth/revoke-session", { body });
  assert.deepEqual(await reasonOf(again), [404, "session_not_found"]);
  for (const id of ["1", "", null, "x".repeat(1000), `${other["id"]}'`]) {
    const odd = await here.post("/api/auth/revoke-session", { body: { id } });
    assert.deepEqual(await reasonOf(odd), [400, "invalid_input"]);
  }
});

Deno.test("POST /api/auth/revoke-other-sessions: keeps this session and other users'", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  await insertUser(test, { username: "grace" });
  const [here, there, third] = [
    await logIn(test),
    await logIn(test),
    await logIn(test),
  ];
  const grace = await logIn(test, "grace");

  const response = await here.post("/api/auth/revoke-other-sessions");

  assert.deepEqual(await response.json(), { revoked: 2 });
  assert.deepEqual(
    await Promise.all([here, there, third, grace].map(isLoggedIn)),
    [true, false, false, true],
  );
});

Deno.test("session procedures: need a live session", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const ended = await logIn(test);
  await ended.copy().post("/api/auth/logout");
  const calls = [
    ["GET", "/api/auth/me"],
    ["GET", "/api/auth/sessions"],
    ["POST", "/api/auth/revoke-session"],
    ["POST", "/api/auth/revoke-other-sessions"],
    ["POST", "/api/auth/confirm-password"],
    ["POST", "/api/auth/change-password"],
  ] as const;
  for (const [method, path] of calls) {
    const send = method === "GET" ? test.get : test.post;
    const missing = [401, "missing_session"];
    assert.deepEqual(await reasonOf(await send(path)), missing, path);
    assert.deepEqual(await reasonOf(await send(path, { key: true })), missing);
    const late = method === "GET" ? ended.get(path) : ended.post(path);
    assert.deepEqual(
      await reasonOf(await late),
      [401, "session_expired"],
      path,
    );
  }
});
