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

const NEW = "one hundred climbs";
const MINUTE = 60_000;

async function logIn(test: TestApp, username = "ada"): Promise<Browser> {
  const browser = openBrowser(test);
  const body = { username, password: PASSWORD };
  assert.equal((await browser.logIn({ body })).status, 200);
  return browser;
}

Deno.test("POST /api/auth/change-password: replaces the password, ends other sessions", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const [here, there] = [await logIn(test), await logIn(test)];
  const body = { current_password: PASSWORD, new_password: NEW };

  const response = await here.post("/api/auth/change-password", { body });

  assert.deepEqual([response.status, await response.json()], [200, {
    revoked: 1,
  }]);
  assert.ok(await isLoggedIn(here));
  assert.equal((await here.post("/api/auth/refresh")).status, 200);
  assert.ok(!await isLoggedIn(there));
  const old = await openBrowser(test).logIn();
  assert.deepEqual(await reasonOf(old), [401, "invalid_login"]);
  const login = { username: "ada", password: NEW };
  assert.equal((await openBrowser(test).logIn({ body: login })).status, 200);
});

Deno.test("POST /api/auth/change-password: answers 403 and counts a wrong password", async () => {
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
  assert.ok(await isLoggedIn(there));
  // The holder of a session cannot keep the owner from logging in.
  assert.equal((await openBrowser(test).logIn()).status, 200);
});

Deno.test("POST /api/auth/change-password: refuses a weak password with the reason", async () => {
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

Deno.test("POST /api/auth/change-password: lets one of two concurrent changes win", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browsers = [await logIn(test), await logIn(test)];
  const passwords = ["one hundred climbs", "two hundred climbs"];

  const answers = await Promise.all(
    browsers.map((browser, index) =>
      browser.post("/api/auth/change-password", {
        body: { current_password: PASSWORD, new_password: passwords[index] },
      })
    ),
  );

  const winner = answers.findIndex(({ status }) => status === 200);
  assert.ok(winner >= 0);
  assert.notEqual(answers[1 - winner]!.status, 200);
  assert.ok(await isLoggedIn(browsers[winner]!));
  assert.ok(!await isLoggedIn(browsers[1 - winner]!));
  const body = { username: "ada", password: passwords[winner] };
  assert.equal((await openBrowser(test).logIn({ body })).status, 200);
});

Deno.test("POST /api/auth/change-password: fails if the password changes first", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const here = await logIn(test);
  const { passwords, sql } = test.deps;
  const newer = await passwords.hash("set by the administrator");
  test.deps.passwords = {
    ...passwords,
    async hash(password) {
      await sql`update passwords set hash = ${newer}`;
      return await passwords.hash(password);
    },
  };
  const body = { current_password: PASSWORD, new_password: NEW };

  const response = await here.post("/api/auth/change-password", { body });

  assert.deepEqual(await reasonOf(response), [403, "wrong_password"]);
  const [row] = await sql<{ hash: string }[]>`select hash from passwords`;
  assert.equal(row?.hash, newer);
});

Deno.test("POST /api/auth/confirm-password: makes the session recent if it is right", async () => {
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
