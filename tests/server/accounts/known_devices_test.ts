import assert from "node:assert/strict";
import { MAX_OF_DEVICE } from "../../../server/accounts/login_throttle.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import {
  type Browser,
  insertUser,
  openBrowser,
  PASSWORD,
} from "../../support/accounts.ts";

const WRONG = { username: "ada", password: "ten thousand smiles" };
const DEVICE = "paceline_device";

async function logIn(
  browser: Browser,
  init: Parameters<Browser["logIn"]>[0] = {},
): Promise<number> {
  const response = await browser.logIn(init);
  await response.body?.cancel();
  return response.status;
}

/** Guesses passwords until every stranger is refused. */
async function shutOut(test: TestApp): Promise<void> {
  for (let network = 0; network < 12; network++) {
    const address = `198.51.${network}.1`;
    for (let count = 0; count < 5; count++) {
      await logIn(openBrowser(test), { body: WRONG, address });
    }
  }
  assert.equal(await logIn(openBrowser(test)), 429);
}

Deno.test("POST /api/auth/login: a known browser is not shut out by strangers", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browser = openBrowser(test);
  assert.equal(await logIn(browser), 200);
  await (await browser.post("/api/auth/logout")).body?.cancel();
  await shutOut(test);
  assert.equal(await logIn(browser), 200);
});

Deno.test("POST /api/auth/login: limits the attempts of a known browser", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browser = openBrowser(test);
  await logIn(browser);
  const statuses = [];
  for (let count = 0; count <= MAX_OF_DEVICE; count++) {
    statuses.push(await logIn(browser, { body: WRONG }));
  }
  assert.deepEqual(statuses, [...Array(MAX_OF_DEVICE).fill(401), 429]);
  assert.equal(await logIn(browser), 429);
  assert.equal(await logIn(openBrowser(test)), 200);
});

Deno.test("POST /api/auth/login: accepts no other user's and no forged device", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  await insertUser(test, { username: "bob" });
  const known = openBrowser(test);
  await logIn(known);
  const bob = openBrowser(test);
  const body = { username: "bob", password: PASSWORD };
  assert.equal(await logIn(bob, { body }), 200);
  await shutOut(test);
  const cookie = known.cookies.get(DEVICE)!;
  const [userId, nonce, signature] = cookie.split(".");
  for (
    const value of [
      bob.cookies.get(DEVICE)!,
      `${userId}.${nonce}x.${signature}`,
      `${userId}.${nonce}.${"A".repeat(43)}`,
      `${userId}.${nonce}`,
      "..",
      "",
    ]
  ) {
    const browser = openBrowser(test);
    browser.cookies.set(DEVICE, value);
    assert.equal(await logIn(browser), 429, value);
  }
  const copied = openBrowser(test);
  copied.cookies.set(DEVICE, cookie);
  assert.equal(await logIn(copied), 200);
});

Deno.test("POST /api/auth/login: leaves no device for programs and wrong passwords", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const browser = openBrowser(test);
  await logIn(browser, { body: WRONG });
  assert.equal(browser.cookies.has(DEVICE), false);
});
