import assert from "node:assert/strict";
import type { Variable } from "../../../server/config.ts";
import { STATE_LIFETIME_MS } from "../../../server/connect/oauth_state.ts";
import { countRequests } from "../../support/admin.ts";
import { createTestApp } from "../../support/app.ts";
import { TOKEN } from "../../support/grants.ts";
import {
  connect,
  consent,
  countRows,
  NOTHING,
  openBrowser,
  readResult,
} from "../../support/sign_in.ts";

const HTTPS: Partial<Record<Variable, string>> = {
  STRAVA_REDIRECT_URI: "https://api.example.com/strava/callback",
};

Deno.test("GET /strava/callback: reads and deletes the __Host- cookie over https", async () => {
  await using test = await createTestApp({
    env: HTTPS,
    strava: { callbackDomain: "example.com" },
  });
  const browser = openBrowser(test);
  const back = await browser.signIn();
  const response = await browser.open(back);
  assert.equal(readResult(response), "success");
  assert.deepEqual(response.headers.getSetCookie(), [
    "__Host-paceline_oauth=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure",
  ]);
});

Deno.test("GET /strava/callback: ignores a cookie without __Host- over https", async () => {
  await using test = await createTestApp({
    env: HTTPS,
    strava: { callbackDomain: "example.com" },
  });
  const browser = openBrowser(test);
  const back = await browser.signIn();
  const value = browser.cookies.get("__Host-paceline_oauth")!;
  browser.cookies.clear();
  browser.cookies.set("paceline_oauth", value);
  assert.equal(readResult(await browser.open(back)), "invalid_state");
});

Deno.test("GET /strava/callback: finds the cookie among others", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  const [own] = [...browser.cookies];
  const others = `a=b; xpaceline_oauth=${"x".repeat(43)}; ${
    own!.join("=")
  }; last="1"`;
  const response = await test.app(
    new Request(back, { headers: { cookie: others } }),
  );
  assert.equal(readResult(response), "success");
});

Deno.test("GET /strava/callback: accepts a state once", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  const cookies = new Map(browser.cookies);
  assert.equal(readResult(await browser.open(back)), "success");
  const again = openBrowser(test);
  for (const [name, value] of cookies) again.cookies.set(name, value);
  const exchanges = countRequests(test, TOKEN);
  assert.equal(readResult(await again.open(back)), "invalid_state");
  assert.equal(countRequests(test, TOKEN), exchanges);
});

Deno.test("GET /strava/callback: accepts one of four simultaneous returns", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  const results = (await Promise.all(
    [1, 2, 3, 4].map(() => browser.open(back)),
  )).map(readResult);
  assert.deepEqual(results.toSorted(), [
    "invalid_state",
    "invalid_state",
    "invalid_state",
    "success",
  ]);
  assert.equal(countRequests(test, TOKEN), 1);
});

Deno.test("GET /strava/callback: accepts a state until its last millisecond", async () => {
  for (
    const [late, result] of [[-1, "success"], [0, "invalid_state"]] as const
  ) {
    await using test = await createTestApp();
    const browser = openBrowser(test);
    const start = test.clock.now;
    const { searchParams } = new URL(
      (await browser.open("/strava/authorize")).headers.get("location")!,
    );
    test.clock.now = start + STATE_LIFETIME_MS + late;
    const page = new URL(`${test.config.strava.oauthUrl}/authorize`);
    page.search = searchParams.toString();
    const back = await consent(page, {});
    assert.equal(readResult(await browser.open(back)), result);
  }
});

Deno.test("GET /strava/callback: deletes used states after they expire", async () => {
  await using test = await createTestApp();
  assert.equal(await connect(test, { deny: true }), "access_denied");
  test.clock.now += STATE_LIFETIME_MS + 1;
  assert.equal(await connect(test, { deny: true }), "access_denied");
  const rows = await test.deps.sql`select nonce from used_oauth_states`;
  assert.equal(rows.length, 1);
});

Deno.test("GET /strava/callback: refuses a return without the cookie", async () => {
  await using test = await createTestApp();
  const back = await openBrowser(test).signIn();
  const response = await openBrowser(test).open(back);
  assert.equal(readResult(response), "invalid_state");
  assert.equal(countRequests(test, TOKEN), 0);
  assert.deepEqual(await countRows(test), NOTHING);
});

Deno.test("GET /strava/callback: refuses another browser and keeps the state valid", async () => {
  await using test = await createTestApp();
  const [victim, attacker] = [openBrowser(test), openBrowser(test)];
  const back = await attacker.signIn();
  await victim.signIn();
  assert.equal(readResult(await victim.open(back)), "invalid_state");
  assert.equal(countRequests(test, TOKEN), 0);
  assert.equal(readResult(await attacker.open(back)), "success");
});

Deno.test("GET /strava/callback: stores nothing if the athlete declines", async () => {
  await using test = await createTestApp();
  assert.equal(await connect(test, { deny: true }), "access_denied");
  assert.equal(countRequests(test, TOKEN), 0);
  assert.deepEqual(await countRows(test), NOTHING);
});

Deno.test("GET /strava/callback: redirects any hostile query to the frontend", async () => {
  await using test = await createTestApp();
  const hostile: string[] = [
    "",
    "?",
    "?state",
    "?state=&code=&scope=",
    "?state=%00&code=%00",
    "?state=%F0%9F%8F%83&code=%ED%A0%80",
    "?state=x&state=y&code=x&code=y",
    "?error=access_denied",
    "?error=%3Cscript%3Ealert(1)%3C/script%3E",
    "?__proto__=x&constructor=y&toString=z",
    `?state=${"A".repeat(1_000_000)}`,
    `?${"a=b&".repeat(50_000)}`,
    `?state=${"A".repeat(22)}.${"9".repeat(15)}.${"A".repeat(43)}&code=x`,
    "?%zz=%",
    "?redirect_uri=https://evil.test&next=//evil.test&return_to=https://evil.test",
    "?strava=success",
  ];
  for (const query of hostile) {
    const browser = openBrowser(test);
    await browser.open("/strava/authorize");
    const response = await browser.open(`/strava/callback${query}`);
    assert.equal(readResult(response), "invalid_state", query.slice(0, 80));
  }
  assert.equal(countRequests(test, TOKEN), 0);
  assert.deepEqual(await countRows(test), NOTHING);
});

Deno.test("GET /strava/callback: redirects hostile parameters with a valid state", async () => {
  await using test = await createTestApp();
  const hostile: [string, string, string][] = [
    ["code", "\0", "code_rejected"],
    ["code", "x".repeat(200_000), "code_rejected"],
    ["code", "x&client_id=1&grant_type=refresh_token", "code_rejected"],
    ["scope", "\0,\ud800", "scope_missing"],
    ["scope", "", "scope_missing"],
    ["scope", "ACTIVITY:READ activity:readx", "scope_missing"],
    ["error", "access_denied", "access_denied"],
  ];
  for (const [name, value, result] of hostile) {
    const browser = openBrowser(test);
    const back = await browser.signIn();
    back.searchParams.set(name, value);
    assert.equal(readResult(await browser.open(back)), result, name);
    assert.deepEqual(await countRows(test), NOTHING, name);
  }
});

Deno.test("GET /strava/callback: redirects only to FRONTEND_URL", async () => {
  await using test = await createTestApp({
    env: { ALLOWED_HOSTS: "evil.test" },
  });
  const browser = openBrowser(test);
  const back = await browser.signIn();
  for (
    const name of [
      "redirect_uri",
      "redirect",
      "return_to",
      "next",
      "url",
      "frontend_url",
      "strava",
      "reason",
    ]
  ) back.searchParams.set(name, "https://evil.test/");
  back.host = "evil.test";
  const [cookie] = [...browser.cookies];
  const response = await test.app(
    new Request(back, {
      headers: {
        cookie: cookie!.join("="),
        "x-forwarded-host": "evil.test",
        forwarded: "host=evil.test",
        origin: "https://evil.test",
        referer: "https://evil.test/",
      },
    }),
  );
  assert.equal(
    response.headers.get("location"),
    "http://frontend.test/?strava=success",
  );
});

Deno.test("GET /strava/callback: redirects to a FRONTEND_URL with a path", async () => {
  await using test = await createTestApp({
    env: { FRONTEND_URL: "https://пример.рф/бег/" },
  });
  const response = await test.get("/strava/callback");
  assert.equal(
    response.headers.get("location"),
    "https://xn--e1afmkfd.xn--p1ai/%D0%B1%D0%B5%D0%B3/?strava=error&reason=invalid_state",
  );
});
