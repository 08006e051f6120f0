import assert from "node:assert/strict";
import {
  createSetUpCode,
  isSetUpCode,
} from "../../../server/accounts/set_up.ts";
import {
  insertUser,
  isLoggedIn,
  openBrowser,
  PASSWORD,
  reasonOf,
} from "../../support/accounts.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { runCommand } from "../../support/command.ts";

const PATH = "/api/auth/set-up";

function toBody(
  { config }: TestApp,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    username: "ada",
    email: "ada@example.com",
    password: PASSWORD,
    code: createSetUpCode(config),
    ...changes,
  };
}

async function needsSetUp(test: TestApp): Promise<boolean> {
  const response = await test.get("/api/auth/instance");
  assert.equal(response.status, 200);
  const { user, needs_set_up: needsSetUp } = await response.json();
  assert.equal(user, null);
  return needsSetUp;
}

Deno.test("POST /api/auth/set-up: creates the administrator, who owns the athlete", async () => {
  await using test = await createTestApp({ synced: true });
  const browser = openBrowser(test);
  assert.ok(await needsSetUp(test));

  const response = await browser.post(PATH, { body: toBody(test) });

  assert.equal(response.status, 200);
  assert.equal((await response.json()).user.role, "admin");
  assert.ok(await isLoggedIn(browser));
  const athletes = await (await browser.get("/api/athletes")).json();
  assert.equal(athletes.data.length, 1);
  assert.equal(await needsSetUp(test), false);
  const instance = await (await browser.get("/api/auth/instance")).json();
  assert.equal(instance.user.username, "ada");
});

Deno.test("POST /api/auth/set-up: refuses a wrong code, and counts the attempts", async () => {
  await using test = await createTestApp();
  const attempt = async (code: string): ReturnType<typeof reasonOf> => {
    const body = toBody(test, { code });
    return await reasonOf(await openBrowser(test).post(PATH, { body }));
  };
  for (const code of ["0", "AAAA-AAAA-AAAA-AAAA", "x".repeat(100)]) {
    assert.deepEqual(await attempt(code), [403, "wrong_set_up_code"]);
  }
  for (let count = 3; count < 30; count++) await attempt("1");

  assert.deepEqual(await attempt("1"), [429, "too_many_logins"]);
  assert.deepEqual(
    await attempt(createSetUpCode(test.config)),
    [429, "too_many_logins"],
  );
  assert.deepEqual([...await test.deps.sql`select id from users`], []);
});

Deno.test("POST /api/auth/set-up: refuses the code once there is an administrator", async () => {
  await using test = await createTestApp();
  await insertUser(test, { username: "root", role: "admin" });
  const body = toBody(test);
  const response = await openBrowser(test).post(PATH, { body });
  assert.deepEqual(await reasonOf(response), [409, "already_set_up"]);
});

Deno.test("POST /api/auth/set-up: lets one of two at once succeed", async () => {
  await using test = await createTestApp();
  const answers = await Promise.all(
    ["ada", "eve", "bob"].map((username) =>
      openBrowser(test).post(PATH, {
        body: toBody(test, { username, email: `${username}@example.com` }),
      })
    ),
  );
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, 409, 409]);
  const users = await test.deps.sql`select role from users`;
  assert.deepEqual(users.map(({ role }) => role), ["admin"]);
});

Deno.test("POST /api/auth/set-up: explains a weak password without using the code up", async () => {
  await using test = await createTestApp();
  const weak = await openBrowser(test).post(PATH, {
    body: toBody(test, { password: "password123" }),
  });
  assert.deepEqual(await reasonOf(weak), [400, "weak_password"]);
  const body = toBody(test);
  assert.equal((await openBrowser(test).post(PATH, { body })).status, 200);
});

Deno.test("isSetUpCode: ignores case, spaces, dashes and letters that look alike", () => {
  const config = { stateSecret: "s".repeat(32) };
  const code = createSetUpCode(config);
  assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  const typed = [
    code.toLowerCase(),
    code.replaceAll("-", ""),
    ` ${code.replaceAll("-", " ")} `,
    code.replaceAll("0", "o").replaceAll("1", "l"),
  ];
  for (const each of typed) assert.ok(isSetUpCode(each, config), each);
  assert.ok(!isSetUpCode(code.slice(0, -1), config));
  assert.ok(!isSetUpCode(code, { stateSecret: "t".repeat(32) }));
});

Deno.test("user set-up-code: prints the code until there is an administrator", async () => {
  await using test = await createTestApp({ env: { LOG_LEVEL: "error" } });
  test.clock.now = Date.now();
  const before = await runCommand(test, ["user", "set-up-code"]);
  await insertUser(test, { username: "root", role: "admin" });
  const after = await runCommand(test, ["user", "set-up-code"]);

  assert.deepEqual([before.code, before.printed], [
    0,
    `${createSetUpCode(test.config)}\n`,
  ]);
  assert.deepEqual([after.code, after.printed], [1, ""]);
  assert.match(after.said, /There is an administrator already/);
});
