import assert from "node:assert/strict";
import { insertUser, openBrowser, reasonOf } from "../../support/accounts.ts";
import { createTestApp } from "../../support/app.ts";

Deno.test("cookies: are __Host- and Secure over https, plain over http", async () => {
  const forms = [
    ["https://api.test/strava/callback", "__Host-", "; Secure"],
    ["http://localhost:5001/strava/callback", "", ""],
  ] as const;
  for (const [STRAVA_REDIRECT_URI, prefix, secure] of forms) {
    await using test = await createTestApp({ env: { STRAVA_REDIRECT_URI } });
    await insertUser(test);
    const browser = openBrowser(test);
    const login = await browser.logIn();
    const [access, refresh, device, ...others] = login.headers.getSetCookie();
    const value = "[\\w-]{43}; Path=/; HttpOnly; SameSite=";
    assert.match(
      device ?? "",
      new RegExp(
        `^${prefix}paceline_device=[\\w.-]+; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000${secure}$`,
      ),
    );
    assert.match(
      access ?? "",
      new RegExp(
        `^${prefix}paceline_access=pa_${value}Lax; Max-Age=900${secure}$`,
      ),
    );
    assert.match(
      refresh ?? "",
      new RegExp(
        `^${prefix}paceline_refresh=pr_${value}Strict; Max-Age=604800${secure}$`,
      ),
    );
    assert.deepEqual(others, []);
    const logout = await browser.post("/api/auth/logout");
    const end = "=; Path=/; HttpOnly; SameSite=";
    assert.deepEqual(logout.headers.getSetCookie(), [
      `${prefix}paceline_access${end}Lax; Max-Age=0${secure}`,
      `${prefix}paceline_refresh${end}Strict; Max-Age=0${secure}`,
    ]);
  }
});

Deno.test("cookies: ignore the plain name over https", async () => {
  await using test = await createTestApp({
    env: { STRAVA_REDIRECT_URI: "https://api.test/strava/callback" },
  });
  await insertUser(test);
  const browser = openBrowser(test);
  await browser.logIn();
  const token = browser.cookies.get("__Host-paceline_access")!;
  const planted = openBrowser(test);
  planted.cookies.set("paceline_access", token);
  const response = await planted.get("/api/auth/me");
  assert.deepEqual(await reasonOf(response), [401, "missing_session"]);
});
