import assert from "node:assert/strict";
import {
  insertUser,
  openBrowser,
  PASSWORD,
  readWhole,
  reasonOf,
  recordHashing,
} from "../../support/accounts.ts";
import { createTestApp } from "../../support/app.ts";

const WRONG = { username: "ada", password: "ten thousand smiles" };
const UNKNOWN = { username: "nobody", password: "ten thousand smiles" };
const REFUSED = [401, "invalid_login"];
const MINUTE = 60_000;

Deno.test("POST /api/auth/login: refuses the sixth attempt from a network unchecked", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browser = openBrowser(test);
  for (let count = 0; count < 5; count++) {
    // From other addresses of the same network, in other spellings, and by e-mail address.
    const username = ["ada", "ADA ", "ada@example.com"][count % 3];
    const address = `203.0.113.${count}`;
    const body = { ...WRONG, username };
    const response = await browser.logIn({ body, address });
    assert.deepEqual(await reasonOf(response), REFUSED);
  }
  const calls = recordHashing(test);

  const response = await browser.logIn();

  assert.equal(response.headers.get("retry-after"), "900");
  assert.deepEqual(await reasonOf(response), [429, "too_many_logins"]);
  assert.deepEqual(calls, []);
  const elsewhere = await browser.logIn({ address: "198.51.100.1" });
  assert.equal(elsewhere.status, 200);
  test.clock.now += 15 * MINUTE;
  assert.equal((await browser.logIn()).status, 200);
});

Deno.test("POST /api/auth/login: throttles an unknown account in the same way", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const answers = [];
  for (const body of [WRONG, UNKNOWN]) {
    const browser = openBrowser(test);
    for (let count = 0; count < 7; count++) {
      answers.push(await readWhole(await browser.logIn({ body })));
    }
  }
  assert.deepEqual(answers.slice(0, 7), answers.slice(7));
});

Deno.test("POST /api/auth/login: counts a disabled user's right password as wrong", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  await test.deps.sql`update users set is_active = false`;
  const statuses: number[] = [];
  for (let count = 0; count < 6; count++) {
    const response = await openBrowser(test).logIn();
    statuses.push(response.status);
    await response.body?.cancel();
  }
  assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
});

Deno.test("POST /api/auth/login: limits an account to 50 attempts from all addresses", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browser = openBrowser(test);
  const statuses: number[] = [];
  for (let count = 0; count < 53; count++) {
    const address = `10.${count}.0.1`;
    const response = await browser.logIn({ body: WRONG, address });
    statuses.push(response.status);
    await response.body?.cancel();
  }
  assert.deepEqual(statuses, [
    ...Array<number>(50).fill(401),
    ...Array<number>(3).fill(429),
  ]);
  const right = await browser.logIn({ address: "192.0.2.1" });
  assert.deepEqual(await reasonOf(right), [429, "too_many_logins"]);
});

Deno.test("POST /api/auth/login: limits an address, or an IPv6 /64, to 30 attempts", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const statuses: number[] = [];
  for (let count = 0; count < 32; count++) {
    const response = await browser.logIn({
      body: { username: `user${count}`, password: PASSWORD },
      address: `2001:db8:0:1:${count.toString(16)}::1`,
    });
    statuses.push(response.status);
    await response.body?.cancel();
  }
  assert.deepEqual(statuses, [
    ...Array<number>(30).fill(401),
    429,
    429,
  ]);
});

Deno.test("POST /api/auth/login: one address cannot lock an account for everyone", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const attacker = openBrowser(test);
  for (let count = 0; count < 80; count++) {
    await (await attacker.logIn({ body: WRONG })).body?.cancel();
  }
  const response = await openBrowser(test).logIn({ address: "198.51.100.1" });
  assert.equal(response.status, 200);
});

Deno.test("POST /api/auth/login: counts concurrent attempts", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browser = openBrowser(test);
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => browser.logIn({ body: WRONG })),
  );
  const statuses = answers.map(({ status }) => status).sort();
  for (const { body } of answers) await body?.cancel();
  assert.deepEqual(statuses, [
    ...Array<number>(5).fill(401),
    ...Array<number>(7).fill(429),
  ]);
});

Deno.test("POST /api/auth/login: does not count right passwords", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  for (let count = 0; count < 8; count++) {
    assert.equal((await openBrowser(test).logIn()).status, 200);
  }
  const [row] = await test.deps.sql<{ sum: number }[]>`
    select sum(count)::int8 as sum from login_attempts
  `;
  assert.equal(row?.sum, 0);
});

Deno.test("POST /api/auth/login: records each attempt, and throttling once", async () => {
  await using test = await createTestApp();
  const { id } = await insertUser(test);
  const browser = openBrowser(test);
  await browser.logIn();
  for (let count = 0; count < 9; count++) {
    await (await browser.logIn({ body: WRONG })).body?.cancel();
  }
  const events = await test.deps.sql<
    { kind: string; userId: string | null; address: string | null }[]
  >`
    select kind, user_id as "userId", address
    from audit_events
    where kind <> 'user_created'
    order by id
  `;
  const at = { userId: id, address: "203.0.113.7" };
  assert.deepEqual([...events], [
    { kind: "login", ...at },
    ...Array.from({ length: 5 }, () => ({ kind: "login_failed", ...at })),
    { kind: "login_throttled", userId: null, address: at.address },
  ]);
});
