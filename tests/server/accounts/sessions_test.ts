import assert from "node:assert/strict";
import { connect } from "../../../db/driver/client.ts";
import { deleteExpiredSessions } from "../../../server/accounts/sessions.ts";
import { changeUserActive } from "../../../server/accounts/users.ts";
import {
  type Browser,
  insertUser,
  openBrowser,
  reasonOf,
} from "../../support/accounts.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { until } from "../../support/sync.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const EXPIRED = [401, "session_expired"];

async function openSession(
  test: TestApp,
): Promise<{ userId: string; browser: Browser }> {
  const { id: userId } = await insertUser(test);
  const browser = openBrowser(test);
  assert.equal((await browser.logIn()).status, 200);
  return { userId, browser };
}

async function refresh(browser: Browser): Promise<number> {
  const response = await browser.post("/api/auth/refresh");
  await response.body?.cancel();
  return response.status;
}

async function getMe(browser: Browser): Promise<number> {
  const response = await browser.get("/api/auth/me");
  await response.body?.cancel();
  return response.status;
}

async function readSession(
  { deps: { sql } }: TestApp,
): Promise<{ reason: string | null; unused: number; tokens: number }> {
  const [row] = await sql<
    { reason: string | null; unused: number; tokens: number }[]
  >`
    select
      revoke_reason as reason,
      (select count(*) from refresh_tokens where used_at is null) as unused,
      (select count(*) from refresh_tokens) as tokens
    from sessions
  `;
  assert.ok(row);
  return row;
}

async function listEvents({ deps: { sql } }: TestApp): Promise<string[]> {
  const rows = await sql<{ kind: string }[]>`
    select kind from audit_events order by id
  `;
  return rows.map(({ kind }) => kind);
}

Deno.test("POST /api/auth/refresh: replaces both tokens and ends the old access token", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  const before = browser.copy();

  assert.equal(await refresh(browser), 200);

  for (const name of ["paceline_access", "paceline_refresh"]) {
    assert.notEqual(browser.cookies.get(name), before.cookies.get(name));
  }
  assert.equal(await getMe(browser), 200);
  assert.equal(await getMe(before), 401);
});

Deno.test("POST /api/auth/refresh: ends and records the session of a reused token", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  const thief = browser.copy();
  assert.equal(await refresh(browser), 200);
  test.clock.now += 10_001;

  const response = await thief.post("/api/auth/refresh");

  assert.deepEqual(await reasonOf(response), EXPIRED);
  assert.deepEqual([...thief.cookies.keys()], ["paceline_device"]);
  assert.equal(await getMe(browser), 401);
  assert.equal(await refresh(browser), 401);
  assert.equal((await readSession(test)).reason, "reuse");
  assert.deepEqual((await listEvents(test)).slice(-1), ["refresh_reused"]);
});

Deno.test("POST /api/auth/refresh: ends the session if the thief refreshes first", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  const thief = browser.copy();
  assert.equal(await refresh(thief), 200);
  test.clock.now += MINUTE;

  assert.equal(await refresh(browser), 401);

  assert.equal(await getMe(thief), 401);
  assert.equal(await refresh(thief), 401);
});

Deno.test("POST /api/auth/refresh: returns the same tokens to a retry within 10 seconds", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  const retry = browser.copy();
  assert.equal(await refresh(browser), 200);
  test.clock.now += 10_000;

  assert.equal(await refresh(retry), 200);

  assert.deepEqual(retry.cookies, browser.cookies);
  assert.equal(await getMe(retry), 200);
  assert.equal((await readSession(test)).tokens, 2);
});

Deno.test("POST /api/auth/refresh: returns the current tokens after further refreshes", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  const retry = browser.copy();
  for (let count = 0; count < 5; count++) {
    assert.equal(await refresh(browser), 200);
    test.clock.now += 1000;
  }

  assert.equal(await refresh(retry), 200);

  assert.deepEqual(retry.cookies, browser.cookies);
  assert.equal(await getMe(retry), 200);
});

Deno.test("POST /api/auth/refresh: detects a thief who used the retry at the next one", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  const thief = browser.copy();
  assert.equal(await refresh(browser), 200);
  assert.equal(await refresh(thief), 200);
  test.clock.now += MINUTE;
  assert.equal(await refresh(browser), 200);
  test.clock.now += MINUTE;

  assert.equal(await refresh(thief), 401);
  assert.equal(await getMe(browser), 401);
});

Deno.test("POST /api/auth/refresh: issues one pair for concurrent requests", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  const tabs = Array.from({ length: 12 }, () => browser.copy());

  const statuses = await Promise.all(tabs.map(refresh));

  assert.deepEqual(new Set(statuses), new Set([200]));
  const pairs = new Set(
    tabs.map(({ cookies }) => JSON.stringify([...cookies])),
  );
  assert.equal(pairs.size, 1);
  assert.equal(await getMe(tabs[0]!), 200);
  assert.deepEqual(await readSession(test), {
    reason: null,
    unused: 1,
    tokens: 2,
  });
});

Deno.test("POST /api/auth/refresh: issues one pair for two requests at the same lock", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  const tabs = [browser.copy(), browser.copy()];
  const other = connect(test.config.databaseUrl, { max: 2 });
  const countWaiting = async (): Promise<number> => {
    const rows = await other`
      select pid
      from pg_stat_activity
      where datname = current_database()
        and wait_event_type = 'Lock'
    `;
    return rows.length;
  };
  let answers: Promise<number[]> | undefined;
  await other.begin(async (sql) => {
    await sql`select id from sessions for update`;
    answers = Promise.all(tabs.map(refresh));
    await until(async () => await countWaiting() === 2);
  });

  assert.deepEqual(await answers, [200, 200]);

  await other.end();
  assert.deepEqual(tabs[0]!.cookies, tabs[1]!.cookies);
  assert.equal(await getMe(tabs[0]!), 200);
});

Deno.test("POST /api/auth/refresh: keeps the session when STATE_SECRET changes", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  const retry = browser.copy();
  assert.equal(await refresh(browser), 200);
  test.config.stateSecret = "another-0123456789-abcdefghijklmnopqrs";

  assert.equal(await refresh(retry), 401);
  assert.equal(await getMe(browser), 200);
  assert.equal(await refresh(browser), 200);
});

Deno.test("sessions: end after 7 days without a refresh and after 90 days in any case", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  const idle = openBrowser(test);
  assert.equal((await idle.logIn()).status, 200);
  test.clock.now += 15 * MINUTE;
  assert.equal(await getMe(browser), 401);
  for (let day = 6; day < 90; day += 6) {
    test.clock.now += 6 * DAY;
    assert.equal(await refresh(browser), 200, `day ${day}`);
    if (day === 6) continue;
    assert.equal(await refresh(idle), 401, `day ${day}`);
  }
  test.clock.now += 6 * DAY - 15 * MINUTE;

  assert.equal(await getMe(browser), 401);
  assert.equal(await refresh(browser), 401);
});

Deno.test("sessions: no token outlives the 90 days", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  for (let day = 0; day < 84; day += 6) {
    test.clock.now += 6 * DAY;
    assert.equal(await refresh(browser), 200);
  }
  test.clock.now += 6 * DAY - 5 * MINUTE;

  const response = await browser.post("/api/auth/refresh");

  const { access_expires_at, expires_at } = await response.json();
  assert.deepEqual([access_expires_at, expires_at], [
    "2027-02-18T12:02:00Z",
    "2027-02-18T12:02:00Z",
  ]);
  assert.match(response.headers.getSetCookie().join(), /Max-Age=300/);
});

Deno.test("sessions: detect a reused token when the clock is set back", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  const thief = browser.copy();
  test.clock.now += DAY;
  assert.equal(await refresh(browser), 200);
  test.clock.now -= DAY;

  assert.equal(await refresh(thief), 401);
  assert.equal((await readSession(test)).reason, "reuse");
});

Deno.test("sessions: stay ended when the clock is set back", async () => {
  await using test = await createTestApp();
  const { userId, browser } = await openSession(test);
  const context = { ...test.deps, address: undefined, agent: undefined };
  test.clock.now += 8 * DAY;
  await changeUserActive(context, { userId, isActive: false });
  await changeUserActive(context, { userId, isActive: true });
  test.clock.now -= 8 * DAY;

  assert.equal(await getMe(browser), 401);
  assert.equal(await refresh(browser), 401);
});

Deno.test("sessions: end when the user is disabled and stay ended", async () => {
  await using test = await createTestApp();
  const { userId, browser } = await openSession(test);
  const context = { ...test.deps, address: undefined, agent: undefined };
  await changeUserActive(context, { userId, isActive: false });

  assert.equal(await getMe(browser), 401);
  assert.equal(await refresh(browser.copy()), 401);
  const login = await openBrowser(test).logIn();
  assert.deepEqual(await reasonOf(login), [401, "invalid_login"]);
  await changeUserActive(context, { userId, isActive: true });
  assert.equal(await refresh(browser), 401);
  assert.equal((await openBrowser(test).logIn()).status, 200);
});

Deno.test("sessions: do not work for a disabled user", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  await test.deps.sql`update users set is_active = false`;

  assert.equal(await getMe(browser), 401);
  assert.equal(await refresh(browser), 401);
});

Deno.test("POST /api/auth/logout: ends the session of a refresh token, once", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  const other = browser.copy();
  browser.cookies.delete("paceline_access");

  for (let count = 0; count < 2; count++) {
    const response = await browser.post("/api/auth/logout");
    assert.deepEqual([response.status, await response.json()], [200, {
      status: "logged_out",
    }]);
  }

  assert.equal(await getMe(other), 401);
  assert.equal(await refresh(other), 401);
  const events = await listEvents(test);
  assert.equal(events.filter((kind) => kind === "logout").length, 1);
});

Deno.test("deleteExpiredSessions: deletes only sessions that ended a month ago", async () => {
  await using test = await createTestApp();
  const { browser } = await openSession(test);
  const ended = openBrowser(test);
  await ended.logIn();
  await ended.post("/api/auth/logout");
  const wrong = { username: "ada", password: "ten thousand smiles" };
  await (await openBrowser(test).logIn({ body: wrong })).body?.cancel();
  const count = async (): Promise<number[]> => {
    const [row] = await test.deps.sql<{ counts: number[] }[]>`
      select array[
        (select count(*) from sessions),
        (select count(*) from refresh_tokens),
        (select count(*) from login_attempts)
      ]::int[] as counts
    `;
    return row!.counts;
  };
  assert.equal(await refresh(browser), 200);
  for (let day = 0; day < 30; day += 6) {
    await deleteExpiredSessions(test.deps);
    const attempts = day === 0 ? 3 : 0;
    const tokens = 3 + day / 6;
    assert.deepEqual(await count(), [2, tokens, attempts], `day ${day}`);
    test.clock.now += 6 * DAY;
    assert.equal(await refresh(browser), 200);
  }
  test.clock.now += 1;

  await deleteExpiredSessions(test.deps);

  assert.deepEqual(await count(), [1, 7, 0]);
  assert.equal(await getMe(browser), 200);
});
