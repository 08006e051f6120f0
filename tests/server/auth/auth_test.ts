import assert from "node:assert/strict";
import { insertUser, openBrowser } from "../../support/accounts.ts";
import { createTestApp } from "../../support/app.ts";

Deno.test("POST /api/auth/login: opens a session that /logout ends", async () => {
  await using test = await createTestApp();
  const { id } = await insertUser(test);
  const browser = openBrowser(test);

  const login = await browser.logIn();
  const body = await login.json();
  assert.equal(login.status, 200, JSON.stringify(body));
  assert.deepEqual(body, {
    user: {
      id,
      username: "ada",
      email: "ada@example.com",
      display_name: "Ada Example",
      role: "member",
    },
    access_expires_at: "2026-11-20T12:17:00Z",
    expires_at: "2026-11-27T12:02:00Z",
  });
  const me = await browser.get("/api/auth/me");
  assert.equal(me.status, 200);
  assert.equal((await me.json()).user.id, id);
  const before = browser.copy();
  const logout = await browser.post("/api/auth/logout");
  assert.deepEqual([logout.status, await logout.json()], [200, {
    status: "logged_out",
  }]);
  assert.deepEqual([...browser.cookies.keys()], ["paceline_device"]);
  assert.equal((await before.get("/api/auth/me")).status, 401);
});
