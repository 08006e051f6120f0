import assert from "node:assert/strict";
import { readConfig } from "../../../server/config.ts";
import { isForged } from "../../../server/auth/csrf.ts";
import { insertUser, openBrowser, reasonOf } from "../../support/accounts.ts";
import { API_KEY, createTestApp } from "../../support/app.ts";

const VARIABLES: Record<string, string> = {
  DATABASE_URL: "postgres://localhost/paceline",
  INTERNAL_API_KEY: API_KEY,
  STATE_SECRET: "state-0123456789-abcdefghijklmnopqrst",
  ENCRYPTION_KEY: "seal-0123456789-abcdefghijklmnopqrstu",
  STRAVA_CLIENT_ID: "12345",
  STRAVA_CLIENT_SECRET: "0123456789abcdef0123456789abcdef01234567",
  FRONTEND_URL: "https://app.example.org/training",
  CORS_ORIGINS: "https://other.example.org",
};
const DEVELOPMENT = readConfig((name) => VARIABLES[name]);
const IN_PRODUCTION: Record<string, string> = {
  ...VARIABLES,
  ENVIRONMENT: "production",
  ALLOWED_ATHLETES: "first",
  STRAVA_REDIRECT_URI: "https://api.example.org/strava/callback",
  // Without push events: it is the server's address all the same.
  PUBLIC_URL: "https://hooks.example.org",
};
const PRODUCTION = readConfig((name) => IN_PRODUCTION[name]);
const COOKIE = "__Host-paceline_access=pa_x";

const CASES: [string, Record<string, string>, boolean][] = [
  ["a listed origin", { origin: "https://app.example.org" }, false],
  ["an origin of CORS_ORIGINS", {
    origin: "https://other.example.org",
  }, false],
  ["the server's own by STRAVA_REDIRECT_URI", {
    origin: "https://api.example.org",
  }, false],
  ["the server's own by PUBLIC_URL", {
    origin: "https://hooks.example.org",
  }, false],
  ["another site's", { origin: "https://evil.example" }, true],
  ["a listed origin's subdomain", {
    origin: "https://x.app.example.org",
  }, true],
  ["a listed origin as a prefix", {
    origin: "https://app.example.org.evil.example",
  }, true],
  ["a listed origin over http", { origin: "http://app.example.org" }, true],
  ["a listed origin at another port", {
    origin: "https://app.example.org:8443",
  }, true],
  ["a listed origin with a path", {
    origin: "https://app.example.org/training",
  }, true],
  ["a listed origin in capitals", {
    origin: "https://APP.example.org",
  }, true],
  ["two origins", {
    origin: "https://evil.example, https://app.example.org",
  }, true],
  ["null, as of a sandboxed frame", { origin: "null" }, true],
  ["an empty one", { origin: "" }, true],
  ["the address that the request names", {
    origin: "https://rebound.example",
  }, true],
  ["another site's, although the browser says same-origin", {
    origin: "https://evil.example",
    "sec-fetch-site": "same-origin",
  }, true],
  ["null with same-origin", {
    origin: "null",
    "sec-fetch-site": "same-origin",
  }, true],
  ["no origin, same-origin", { "sec-fetch-site": "same-origin" }, false],
  ["no origin, same-site", { "sec-fetch-site": "same-site" }, true],
  ["no origin, cross-site", { "sec-fetch-site": "cross-site" }, true],
  ["no origin, started by the user", { "sec-fetch-site": "none" }, true],
  ["no origin, an odd word", { "sec-fetch-site": "Same-Origin" }, true],
  ["neither, without our cookies", {}, false],
  ["neither, with another's cookie", { cookie: "theme=dark" }, false],
  ["neither, with our access cookie", { cookie: COOKIE }, true],
  ["neither, with our refresh cookie", {
    cookie: "a=b;__Host-paceline_refresh=",
  }, true],
  ["a key in a header", {
    origin: "https://evil.example",
    "x-api-key": "k",
  }, false],
  ["a Bearer", {
    origin: "https://evil.example",
    authorization: "bearer pa_x",
  }, false],
  ["a proxy's Basic", {
    origin: "https://evil.example",
    authorization: "Basic eDp5",
  }, true],
  ["a scheme that begins like Bearer", {
    origin: "https://evil.example",
    authorization: "BearerX pa_x",
  }, true],
];

for (const [promise, headers, expected] of CASES) {
  Deno.test(`isForged: ${promise}: ${expected ? "yes" : "no"}`, () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"]) {
      const request = new Request("https://rebound.example/", {
        method,
        headers,
      });
      assert.equal(isForged(request, PRODUCTION), expected, method);
    }
    for (const method of ["GET", "HEAD", "OPTIONS"]) {
      const request = new Request("https://rebound.example/", {
        method,
        headers,
      });
      assert.equal(isForged(request, PRODUCTION), false, method);
    }
  });
}

Deno.test("isForged: accepts the request's own origin in development", () => {
  const ask = (url: string, origin: string): boolean => {
    const request = new Request(url, { method: "POST", headers: { origin } });
    return isForged(request, DEVELOPMENT);
  };
  assert.equal(ask("http://192.0.2.7:5001/x", "http://192.0.2.7:5001"), false);
  assert.equal(ask("http://192.0.2.7:5001/x", "http://192.0.2.7:5002"), true);
});

const LOOPBACK = [
  "http://localhost",
  "http://localhost:5174",
  "http://127.0.0.1:5173",
  "http://[::1]:3000",
];
const ALMOST_LOOPBACK = [
  "https://localhost:5173",
  "http://localhost.evil.example",
  "http://localhost.evil.example:5173",
  "http://localhost:5173.evil.example",
  "http://localhost@evil.example",
  "http://evil.example:5173",
  "http://evil.localhost:5173",
  "http://notlocalhost:5173",
  "http://127.0.0.1.evil.example",
  "http://127.0.0.2:5173",
  "http://2130706433:5173",
  "http://0.0.0.0:5173",
  "http://[::1].evil.example",
  "http://[::2]:3000",
  "http://localhost:5173/",
  "http://localhost:",
  "http://LOCALHOST:5173",
  "http://evil.example, http://localhost:5173",
  "file://",
  "null",
  "",
];

Deno.test("isForged: accepts this computer's pages in development only", () => {
  const ask = (origin: string, config: typeof DEVELOPMENT): boolean => {
    const init = { method: "POST", headers: { origin } };
    return isForged(new Request("http://192.0.2.7/x", init), config);
  };
  for (const origin of LOOPBACK) {
    assert.equal(ask(origin, DEVELOPMENT), false, origin);
    assert.equal(ask(origin, PRODUCTION), true, origin);
  }
  for (const origin of ALMOST_LOOPBACK) {
    assert.equal(ask(origin, DEVELOPMENT), true, origin);
    assert.equal(ask(origin, PRODUCTION), true, origin);
  }
});

const LOGIN = { username: "ada", password: "ten thousand miles" };
const SHAPES: [string, Record<string, string>][] = [
  ["another origin", { origin: "https://evil.test" }],
  ["a sandboxed frame", { origin: "null" }],
  ["a form of another site without an origin", {
    "sec-fetch-site": "cross-site",
  }],
  ["a neighbour's form", { "sec-fetch-site": "same-site" }],
];

for (const [shape, headers] of SHAPES) {
  Deno.test(`CSRF: ${shape} changes nothing and cannot log in`, async () => {
    await using test = await createTestApp();
    await insertUser(test);
    const browser = openBrowser(test);
    await browser.logIn();
    const victim = openBrowser(test, { origin: null });
    victim.cookies = browser.cookies;
    const paths = ["/api/auth/logout", "/api/auth/revoke-other-sessions"];
    for (const path of [...paths, "/trpc/auth.logout"]) {
      const response = await victim.post(path, { headers, body: {} });
      assert.deepEqual(
        await reasonOf(response),
        [403, "forbidden_origin"],
        path,
      );
    }
    const batch = await victim.post("/trpc/auth.logout?batch=1", {
      headers,
      body: { 0: { json: {} } },
    });
    assert.deepEqual(await reasonOf(batch), [403, "forbidden_origin"]);
    const stranger = openBrowser(test, { origin: null });
    const login = await stranger.logIn({ headers, body: LOGIN });
    assert.deepEqual(await reasonOf(login), [403, "forbidden_origin"]);
    assert.deepEqual(login.headers.getSetCookie(), []);
    assert.equal((await browser.get("/api/auth/me")).status, 200);
  });
}

Deno.test("CSRF: rejects a POST with session cookies but no Origin", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const program = openBrowser(test, { origin: null });

  assert.equal((await program.logIn()).status, 200);
  assert.equal(program.cookies.size, 3);
  const refused = await program.post("/api/auth/logout");
  const { reason, detail } = await refused.json();
  assert.deepEqual([refused.status, reason], [403, "forbidden_origin"]);
  assert.match(detail, /needs the header Origin/);
  const own = { headers: { "sec-fetch-site": "same-origin" } };
  assert.equal((await program.post("/api/auth/logout", own)).status, 200);
});

Deno.test("CSRF: refuses a text body, as a form can send it", async () => {
  await using test = await createTestApp();
  await insertUser(test);
  const headers = { origin: "http://frontend.test" };
  for (const type of ["text/plain", "application/x-www-form-urlencoded"]) {
    for (const path of ["/api/auth/login", "/trpc/auth.login"]) {
      const response = await test.post(path, {
        headers: { ...headers, "content-type": type },
        body: JSON.stringify(LOGIN),
      });
      assert.deepEqual(
        await reasonOf(response),
        [415, "unsupported_media_type"],
      );
    }
  }
});
