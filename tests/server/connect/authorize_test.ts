import assert from "node:assert/strict";
import type { Variable } from "../../../server/config.ts";
import { createTestApp } from "../../support/app.ts";
import { openBrowser, readResult } from "../../support/sign_in.ts";

const HTTPS: Partial<Record<Variable, string>> = {
  STRAVA_REDIRECT_URI: "https://api.example.com/strava/callback",
};

Deno.test("GET /strava/authorize: redirects to Strava with the needed parameters", async () => {
  await using test = await createTestApp();
  const response = await test.get("/strava/authorize");
  assert.equal(response.status, 302);
  const location = new URL(response.headers.get("location")!);
  assert.equal(
    location.origin + location.pathname,
    `${test.config.strava.oauthUrl}/authorize`,
  );
  const { state, ...query } = Object.fromEntries(location.searchParams);
  assert.deepEqual(query, {
    client_id: "12345",
    redirect_uri: "http://localhost:5001/strava/callback",
    response_type: "code",
    approval_prompt: "force",
    scope: "read,activity:read,activity:read_all,profile:read_all",
  });
  assert.match(state!, /^[\w-]{22}\.\d{13}\.[\w-]{43}$/);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(await response.text(), "");
});

Deno.test("GET /strava/authorize: sets a cookie for ten minutes over http", async () => {
  await using test = await createTestApp();
  const response = await test.get("/strava/authorize");
  const [cookie, ...others] = response.headers.getSetCookie();
  assert.deepEqual(others, []);
  assert.match(
    cookie!,
    /^paceline_oauth=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
  );
});

Deno.test("GET /strava/authorize: sets a __Host- and Secure cookie over https", async () => {
  await using test = await createTestApp({ env: HTTPS });
  const response = await test.get("/strava/authorize");
  const [cookie, ...others] = response.headers.getSetCookie();
  assert.deepEqual(others, []);
  assert.match(
    cookie!,
    /^__Host-paceline_oauth=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/,
  );
});

Deno.test("GET /strava/authorize: sets a cookie per browser and a state per visit", async () => {
  await using test = await createTestApp();
  const [one, two] = [openBrowser(test), openBrowser(test)];
  const states = new Set<string | null>();
  for (const browser of [one, two, one]) {
    const response = await browser.open("/strava/authorize");
    const location = new URL(response.headers.get("location")!);
    states.add(location.searchParams.get("state"));
  }
  assert.equal(states.size, 3);
  assert.notDeepEqual([...one.cookies], [...two.cookies]);
});

Deno.test("GET /strava/authorize: replaces an invalid cookie", async () => {
  await using test = await createTestApp();
  for (const value of ["", "short", "x".repeat(44), `${"x".repeat(42)}!`]) {
    const browser = openBrowser(test);
    browser.cookies.set("paceline_oauth", value);
    await browser.open("/strava/authorize");
    assert.match(browser.cookies.get("paceline_oauth")!, /^[\w-]{43}$/);
    assert.notEqual(browser.cookies.get("paceline_oauth"), value);
  }
});

Deno.test("GET /strava/authorize: keeps the cookie for a second tab", async () => {
  for (const first of [0, 1]) {
    await using test = await createTestApp();
    const browser = openBrowser(test);
    const tabs = [await browser.signIn(), await browser.signIn()];
    assert.equal(browser.cookies.size, 1);
    assert.equal(readResult(await browser.open(tabs[first]!)), "success");
  }
});
