import assert from "node:assert/strict";
import {
  insertUser,
  isLoggedIn,
  openBrowser,
  PASSWORD,
  reasonOf,
} from "../../support/accounts.ts";
import { createTestApp } from "../../support/app.ts";

const ADA = { username: "Ada", email: "Ada@Example.com", password: PASSWORD };

Deno.test("POST /api/auth/sign-up: answers 403 unless SIGNUP=open", async () => {
  await using test = await createTestApp();
  const response = await openBrowser(test).post("/api/auth/sign-up", {
    body: ADA,
  });
  assert.deepEqual(await reasonOf(response), [403, "signup_closed"]);
  assert.deepEqual([...await test.deps.sql`select id from users`], []);
});

Deno.test("POST /api/auth/sign-up: creates a logged-in member, never an administrator", async () => {
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
  assert.ok(await isLoggedIn(browser));
  assert.equal((await openBrowser(test).logIn()).status, 200);
});

Deno.test("POST /api/auth/sign-up: ends the browser's previous session", async () => {
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
    assert.ok(await isLoggedIn(victim));
    assert.equal(await isLoggedIn(attacker), false, dropped);
    const refreshed = await attacker.post("/api/auth/refresh");
    assert.equal(refreshed.status, 401, dropped);
  }
});

Deno.test("POST /api/auth/sign-up: refuses taken or invalid names and weak passwords", async () => {
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

Deno.test("POST /api/auth/sign-up: limits an address to 30, creates a name once", async () => {
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
