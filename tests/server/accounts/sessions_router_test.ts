import assert from "node:assert/strict";
import {
  type Browser,
  insertUser,
  openBrowser,
  PASSWORD,
  reasonOf,
} from "../../support/accounts.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";

const NEW = "one hundred climbs";
const MINUTE = 60_000;

async function logIn(test: TestApp, username = "ada"): Promise<Browser> {
  const browser = openBrowser(test);
  const body = { username, password: PASSWORD };
  assert.equal((await browser.logIn({ body })).status, 200);
  return browser;
}

async function isLive(browser: Browser): Promise<boolean> {
  const response = await browser.get("/api/auth/me");
  await response.body?.cancel();
  return response.status === 200;
}

async function list(browser: Browser): Promise<Record<string, unknown>[]> {
  const response = await browser.get("/api/auth/sessions");
  assert.equal(response.status, 200);
  return (await response.json()).data;
}

Deno.test("GET /api/auth/sessions: the user's live sessions, which of them is this one, and nobody else's", async () => {
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

Deno.test("POST /api/auth/revoke-session: ends that one at once, and another user's never", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  await insertUser(test, { username: "mallory" });
  const [here, there] = [await logIn(test), await logIn(test)];
  const mallory = await logIn(test, "mallory");
  const other = (await list(here)).find(({ current }) => !current)!;
  const body = { id: other["id"] };

  const theft = await mallory.post("/api/auth/revoke-session", { body });
  assert.deepEqual(await reasonOf(theft), [404, "session_not_found"]);
  assert.ok(await isLive(there));
  const done = await here.post("/api/auth/revoke-session", { body });
  assert.deepEqual([done.status, await done.json()], [200, { revoked: 1 }]);
  assert.ok(!await isLive(there));
  assert.equal((await there.post("/api/auth/refresh")).status, 401);
  const again = await here.post("/api/auth/revoke-session", { body });
  assert.deepEqual(await reasonOf(again), [404, "session_not_found"]);
  for (const id of ["1", "", null, "x".repeat(1000), `${other["id"]}'`]) {
    const odd = await here.post("/api/auth/revoke-session", { body: { id } });
    assert.deepEqual(await reasonOf(odd), [400, "invalid_input"]);
  }
});

Deno.test("POST /api/auth/revoke-other-sessions: leaves this one alone, and other users'", async () => {
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
    await Promise.all([here, there, third, grace].map(isLive)),
    [true, false, false, true],
  );
});

Deno.test("POST /api/auth/change-password: the new one counts, the old one not, all other sessions end", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const [here, there] = [await logIn(test), await logIn(test)];
  const body = { current_password: PASSWORD, new_password: NEW };

  const response = await here.post("/api/auth/change-password", { body });

  assert.deepEqual([response.status, await response.json()], [200, {
    revoked: 1,
  }]);
  assert.ok(await isLive(here));
  assert.equal((await here.post("/api/auth/refresh")).status, 200);
  assert.ok(!await isLive(there));
  const old = await openBrowser(test).logIn();
  assert.deepEqual(await reasonOf(old), [401, "invalid_login"]);
  const login = { username: "ada", password: NEW };
  assert.equal((await openBrowser(test).logIn({ body: login })).status, 200);
});

Deno.test("POST /api/auth/change-password: a wrong current password is 403, counted, and changes nothing", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const [here, there] = [await logIn(test), await logIn(test)];
  const body = { current_password: "ten thousand smiles", new_password: NEW };
  for (let count = 0; count < 5; count++) {
    const response = await here.post("/api/auth/change-password", { body });
    assert.deepEqual(await reasonOf(response), [403, "wrong_password"]);
  }
  const right = { current_password: PASSWORD, new_password: NEW };
  const late = await here.post("/api/auth/change-password", { body: right });
  assert.deepEqual(await reasonOf(late), [429, "too_many_logins"]);
  assert.ok(await isLive(there));
  // Who has the session cannot keep the owner from logging in.
  assert.equal((await openBrowser(test).logIn()).status, 200);
});

Deno.test("POST /api/auth/change-password: a weak one is refused with the reason", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const here = await logIn(test);
  for (
    const [new_password, detail] of [
      ["short", "The password must have at least 10 characters"],
      ["password123", "The password is one of those that attackers try first"],
      [
        "ada@example.com",
        "The password must not consist of the username or the e-mail address",
      ],
    ]
  ) {
    const body = { current_password: PASSWORD, new_password };
    const response = await here.post("/api/auth/change-password", { body });
    const problem = await response.json();
    assert.deepEqual([response.status, problem.reason, problem.detail], [
      400,
      "weak_password",
      detail,
    ]);
  }
});

Deno.test("POST /api/auth/change-password: of two at once one wins", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browsers = [await logIn(test), await logIn(test)];
  const passwords = ["one hundred climbs", "two hundred climbs"];

  const answers = await Promise.all(
    browsers.map((browser, at) =>
      browser.post("/api/auth/change-password", {
        body: { current_password: PASSWORD, new_password: passwords[at] },
      })
    ),
  );

  const winner = answers.findIndex(({ status }) => status === 200);
  assert.ok(winner >= 0);
  assert.notEqual(answers[1 - winner]!.status, 200);
  assert.ok(await isLive(browsers[winner]!));
  assert.ok(!await isLive(browsers[1 - winner]!));
  const body = { username: "ada", password: passwords[winner] };
  assert.equal((await openBrowser(test).logIn({ body })).status, 200);
});

Deno.test("POST /api/auth/change-password: one that was overtaken while it was computed sets nothing", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const here = await logIn(test);
  const { passwords, sql } = test.deps;
  const meanwhile = await passwords.hash("set by the administrator");
  test.deps.passwords = {
    ...passwords,
    async hash(password) {
      await sql`update passwords set hash = ${meanwhile}`;
      return await passwords.hash(password);
    },
  };
  const body = { current_password: PASSWORD, new_password: NEW };

  const response = await here.post("/api/auth/change-password", { body });

  assert.deepEqual(await reasonOf(response), [403, "wrong_password"]);
  const [row] = await sql<{ hash: string }[]>`select hash from passwords`;
  assert.equal(row?.hash, meanwhile);
});

Deno.test("POST /api/auth/confirm-password: makes the login recent again; a wrong one does not", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const here = await logIn(test);
  test.clock.now += 11 * MINUTE;
  const path = "/api/auth/confirm-password";

  const wrong = await here.post(path, { body: { password: NEW } });
  assert.deepEqual(await reasonOf(wrong), [403, "wrong_password"]);
  const before = await (await here.get("/api/auth/me")).json();
  assert.equal(before.session.authenticated_at, "2026-11-20T12:02:00Z");
  const right = await here.post(path, { body: { password: PASSWORD } });
  assert.deepEqual(await right.json(), {
    authenticated_at: "2026-11-20T12:13:00Z",
  });
  const after = await (await here.get("/api/auth/me")).json();
  assert.equal(after.session.authenticated_at, "2026-11-20T12:13:00Z");
});

Deno.test("session procedures: nobody in particular, the instance's key and a dead session get no further", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const dead = await logIn(test);
  await dead.copy().post("/api/auth/logout");
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
    const none = [401, "missing_session"];
    assert.deepEqual(await reasonOf(await send(path)), none, path);
    assert.deepEqual(await reasonOf(await send(path, { key: true })), none);
    const late = method === "GET" ? dead.get(path) : dead.post(path);
    assert.deepEqual(
      await reasonOf(await late),
      [401, "session_expired"],
      path,
    );
  }
});

const ADA = { username: "Ada", email: "Ada@Example.com", password: PASSWORD };

Deno.test("POST /api/auth/sign-up: is closed unless SIGNUP=open, and says so", async () => {
  await using test = await createTestApp();
  const response = await openBrowser(test).post("/api/auth/sign-up", {
    body: ADA,
  });
  assert.deepEqual(await reasonOf(response), [403, "signup_closed"]);
  assert.deepEqual([...await test.deps.sql`select id from users`], []);
});

Deno.test("POST /api/auth/sign-up: makes a member who is logged in, whatever role is asked for", async () => {
  await using test = await createTestApp({ env: { SIGNUP: "open" } });
  const path = "/api/auth/sign-up";
  const forged = await openBrowser(test).post(path, {
    body: { ...ADA, role: "admin" },
  });
  assert.deepEqual(await reasonOf(forged), [400, "invalid_input"]);
  const browser = openBrowser(test);

  const response = await browser.post(path, { body: ADA });

  const { user } = await response.json();
  assert.deepEqual([user.username, user.email, user.display_name, user.role], [
    "Ada",
    "ada@example.com",
    "Ada",
    "member",
  ]);
  assert.ok(await isLive(browser));
  assert.equal((await openBrowser(test).logIn()).status, 200);
});

Deno.test("POST /api/auth/sign-up: the session that the browser had is over, by its access or its refresh cookie", async () => {
  await using test = await createTestApp({ env: { SIGNUP: "open" } });
  await insertUser(test, { username: "mallory" });
  for (const [index, dropped] of ["refresh", "access"].entries()) {
    const body = { username: "mallory", password: PASSWORD };
    const attacker = openBrowser(test);
    await attacker.logIn({ body });
    const victim = attacker.copy();
    victim.cookies.delete(`paceline_${dropped}`);
    const username = `ada${index}`;

    const response = await victim.post("/api/auth/sign-up", {
      body: { ...ADA, username, email: `${username}@example.com` },
    });

    assert.equal(response.status, 200);
    assert.ok(await isLive(victim));
    assert.equal(await isLive(attacker), false, dropped);
    const refreshed = await attacker.post("/api/auth/refresh");
    assert.equal(refreshed.status, 401, dropped);
  }
});

Deno.test("POST /api/auth/sign-up: a name that is taken, in whatever case, a bad one and a weak password are refused", async () => {
  await using test = await createTestApp({ env: { SIGNUP: "open" } });
  await insertUser(test);
  const cases: [Record<string, unknown>, number, string][] = [
    [{ username: "ADA", email: "b@example.com" }, 409, "user_exists"],
    [{ username: "b", email: "b@example.com" }, 400, "invalid_input"],
    [{ username: "bob", email: "ADA@example.com" }, 409, "user_exists"],
    [{ username: "bob@x", email: "b@example.com" }, 400, "invalid_input"],
    [{ username: "bоb", email: "b@example.com" }, 400, "invalid_input"],
    [{ username: "bob\u0000", email: "b@example.com" }, 400, "invalid_input"],
    [{ username: "bob", email: "b@example" }, 400, "invalid_input"],
    [{ username: "bob", email: "bob" }, 400, "invalid_input"],
    [
      { username: "bob", email: "b@example.com", display_name: " " },
      400,
      "invalid_input",
    ],
    [
      { username: "bob", email: "b@example.com", display_name: "a\u0000" },
      400,
      "invalid_input",
    ],
    [
      { username: "bob", email: "b@example.com", password: "password123" },
      400,
      "weak_password",
    ],
  ];
  for (const [input, status, reason] of cases) {
    const response = await openBrowser(test).post("/api/auth/sign-up", {
      body: { ...ADA, ...input },
    });
    assert.deepEqual(
      await reasonOf(response),
      [status, reason],
      Deno.inspect(input),
    );
  }
  assert.equal((await test.deps.sql`select id from users`).length, 1);
});

Deno.test("POST /api/auth/sign-up: an address has 30 in a quarter hour, and of two at once with one name one is made", async () => {
  await using test = await createTestApp({ env: { SIGNUP: "open" } });
  const path = "/api/auth/sign-up";
  const twins = await Promise.all(
    [1, 2].map(() => openBrowser(test).post(path, { body: ADA })),
  );
  assert.deepEqual(twins.map(({ status }) => status).sort(), [200, 409]);
  for (let count = 0; count < 28; count++) {
    const body = {
      ...ADA,
      username: `user${count}`,
      email: `user${count}@example.com`,
    };
    const response = await openBrowser(test).post(path, { body });
    assert.equal(response.status, 200, String(count));
  }
  const body = { ...ADA, username: "late", email: "late@example.com" };
  const response = await openBrowser(test).post(path, { body });
  assert.deepEqual(await reasonOf(response), [429, "too_many_logins"]);
});
