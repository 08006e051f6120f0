import assert from "node:assert/strict";
import { createOpenApiDocument } from "../../server/openapi/document.ts";
import { createTestApp, type TestApp } from "../support/app.ts";
import { sendRaw } from "../support/raw.ts";

const ORIGIN = "http://localhost:5001";

/** Every route with its methods, OPTIONS excluded. */
const ROUTES: Readonly<Record<string, readonly string[]>> = {
  ...listStatistics(),
  "/": ["GET", "HEAD"],
  "/api/athletes": ["GET", "HEAD"],
  "/api/athletes/default": ["POST"],
  "/api/athletes/delete": ["POST"],
  "/api/athletes/disconnect": ["POST"],
  "/api/athletes/renew-link": ["POST"],
  "/api/athletes/visibility": ["POST"],
  "/api/privacy": ["GET", "HEAD"],
  "/api/privacy/update": ["POST"],
  "/api/privacy/zones/create": ["POST"],
  "/api/privacy/zones/delete": ["POST"],
  "/api/privacy/zones/update": ["POST"],
  "/api/auth/change-password": ["POST"],
  "/api/auth/confirm-password": ["POST"],
  "/api/auth/login": ["POST"],
  "/api/auth/logout": ["POST"],
  "/api/auth/me": ["GET", "HEAD"],
  "/api/auth/refresh": ["POST"],
  "/api/auth/revoke-other-sessions": ["POST"],
  "/api/auth/revoke-session": ["POST"],
  "/api/auth/sessions": ["GET", "HEAD"],
  "/api/auth/sign-up": ["POST"],
  "/api/auth/set-up": ["POST"],
  "/api/auth/instance": ["GET", "HEAD"],
  "/api/health": ["GET", "HEAD"],
  "/api/auth/delete-account": ["POST"],
  "/api/auth/events": ["GET", "HEAD"],
  "/api/auth/export": ["GET", "HEAD"],
  "/api/imports": ["POST", "GET", "HEAD"],
  "/api/imports/{id}": ["GET", "HEAD"],
  "/api/keys": ["POST", "GET", "HEAD"],
  "/api/keys/rename": ["POST"],
  "/api/keys/revoke": ["POST"],
  "/strava/admin/audit": ["GET", "HEAD"],
  "/docs": ["GET", "HEAD"],
  "/docs/icon.svg": ["GET", "HEAD"],
  "/docs/start.js": ["GET", "HEAD"],
  "/docs/swagger-ui-bundle.js": ["GET", "HEAD"],
  "/docs/swagger-ui.css": ["GET", "HEAD"],
  "/health/live": ["GET", "HEAD"],
  "/health/ready": ["GET", "HEAD"],
  "/openapi.json": ["GET", "HEAD"],
  "/redoc": ["GET", "HEAD"],
  "/redoc/page.css": ["GET", "HEAD"],
  "/redoc/redoc.standalone.js": ["GET", "HEAD"],
  "/strava/activities": ["GET", "HEAD"],
  "/strava/admin/confirm-deletions": ["POST"],
  "/strava/activities/create": ["POST"],
  "/strava/activities/delete": ["POST"],
  "/strava/activities/deleted": ["GET", "HEAD"],
  "/api/athlete-values": ["GET", "HEAD"],
  "/api/athlete-values/delete": ["POST"],
  "/api/athlete-values/set": ["POST"],
  "/api/athlete-values/valid": ["GET", "HEAD"],
  "/api/gear": ["GET", "HEAD"],
  "/api/gear/create": ["POST"],
  "/api/gear/update": ["POST"],
  "/strava/activities/export": ["GET", "HEAD"],
  "/strava/activities/merge": ["POST"],
  "/strava/activities/original": ["GET", "HEAD"],
  "/strava/activities/restore": ["POST"],
  "/strava/activities/split": ["POST"],
  "/strava/activities/update": ["POST"],
  "/strava/activities/{id}": ["GET", "HEAD"],
  "/strava/activities/{id}/laps": ["GET", "HEAD"],
  "/strava/activities/{id}/streams": ["GET", "HEAD"],
  "/strava/admin/disconnect": ["POST"],
  "/strava/admin/quarantine": ["GET", "HEAD"],
  "/strava/admin/restore": ["POST"],
  "/strava/admin/status": ["GET", "HEAD"],
  "/strava/authorize": ["GET", "HEAD"],
  "/strava/connect": ["GET", "HEAD"],
  "/strava/callback": ["GET", "HEAD"],
  "/strava/health": ["GET", "HEAD"],
  "/strava/refresh-data": ["POST"],
  "/strava/stats/activities": ["GET", "HEAD"],
  "/strava/stats/longest-ride": ["GET", "HEAD"],
  "/strava/stats/longest-run": ["GET", "HEAD"],
  "/strava/stats/monthly": ["GET", "HEAD"],
  "/strava/stats/totals": ["GET", "HEAD"],
  "/strava/stats/yearly": ["GET", "HEAD"],
  "/strava/stats/ytd": ["GET", "HEAD"],
  "/strava/sync/runs": ["GET", "HEAD"],
  "/strava/sync/status": ["GET", "HEAD"],
  "/trpc/stats.ytd": ["GET", "HEAD", "POST"],
};

/** Lists every statistic of the document: all of them are read with GET. */
function listStatistics(): Record<string, readonly string[]> {
  const { paths } = createOpenApiDocument();
  return Object.fromEntries(
    Object.keys(paths as object)
      .filter((path) => path.startsWith("/strava/stats/"))
      .map((path) => [path, ["GET", "HEAD"]]),
  );
}

const PATHS = Object.keys(ROUTES);
/** Returns a URL path for a path of the document. */
const toAddress = (path: string): string => path.replace("{id}", "1");

async function ask(
  test: TestApp,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const response = await test.app(
    new Request(`${ORIGIN}${path}`, { redirect: "manual", ...init }),
  );
  if (init.method === "HEAD" || init.method === "OPTIONS") {
    assert.equal(await response.clone().text(), "", path);
  }
  return response;
}

Deno.test("createApp: serves every route of the document", async () => {
  await using test = await createTestApp();
  const { paths } = await (await ask(test, "/openapi.json")).json();
  for (const [path, methods] of Object.entries<object>(paths)) {
    for (const method of Object.keys(methods)) {
      assert.ok(ROUTES[path]?.includes(method.toUpperCase()), path);
    }
  }
});

Deno.test("createApp: answers 405 with the allowed methods", async () => {
  await using test = await createTestApp({ synced: true });
  const methods = [
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "patch",
    "PROPFIND",
  ];
  for (const [path, allowed] of Object.entries(ROUTES)) {
    for (const method of [...methods, "ALL", "QUERY", "G".repeat(300)]) {
      if (allowed.includes(method)) continue;
      const response = await ask(test, toAddress(path), { method });
      const problem = await response.json();
      assert.equal(response.status, 405, `${method} ${path}`);
      assert.equal(response.headers.get("allow"), allowed.join(", "));
      assert.equal(problem.reason, "method_not_allowed");
    }
  }
});

Deno.test("createApp: answers HEAD as GET without the body", async () => {
  await using test = await createTestApp({ synced: true });
  for (const path of PATHS) {
    if (!ROUTES[path]!.includes("HEAD") || path.startsWith("/trpc")) continue;
    const get = await ask(test, toAddress(path));
    const head = await ask(test, toAddress(path), { method: "HEAD" });
    await get.body?.cancel();
    assert.equal(head.status, get.status, path);
    const names = ["content-type", "etag", "cache-control"];
    for (const name of names) {
      assert.equal(head.headers.get(name), get.headers.get(name), path);
    }
  }
});

Deno.test("createApp: answers 404 for unknown paths", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const path of [
      "//strava/stats/ytd",
      "/strava//stats/ytd",
      "/strava/stats/ytd//",
      "/STRAVA/stats/ytd",
      "/strava/stats/YTD",
      "/strava/stats/ytd%20",
      "/strava/stats/ytd%00",
      "/strava/stats%2fytd",
      "/strava/stats/%2e%2e/stats/ytd%2f",
      "/strava/stats",
      "/strava",
      "/strava/stats/ytd.json",
      "/strava/stats/ytd;a=1",
      "/strava/stats/__proto__",
      "/constructor",
      "/docs//",
      "/docs/..%2fopenapi.json",
      "/docs/..%5c..%5cserver%5capp.ts",
      "/etc/passwd",
      "/%2e%2e/%2e%2e/etc/passwd",
      "/.env",
      "/%",
      "/%E0%A4%A",
      "/%ff",
      "/*",
      "/\u00fc",
      `/${"a".repeat(20_000)}`,
    ]
  ) {
    const response = await ask(test, path);
    const problem = await response.json();
    assert.equal(response.status, 404, path.slice(0, 60));
    assert.equal(problem.reason, "not_found");
    assert.equal(
      problem.request_id,
      response.headers.get("x-request-id"),
      path.slice(0, 60),
    );
  }
  assert.equal(
    (await ask(test, "/strava/%2e%2e/strava/stats/ytd")).status,
    200,
  );
});

Deno.test("createApp: sets request id, no-store and security headers on every response", async () => {
  await using test = await createTestApp({ synced: true });
  const ids = new Set<string>();
  const cases: [string, RequestInit][] = [
    ...PATHS.map((path): [string, RequestInit] => [path, {}]),
    ["/nothing", {}],
    ["/strava/activities?limit=0", {}],
    ["/strava/stats/ytd", { method: "DELETE" }],
    ["/strava/stats/ytd", { method: "OPTIONS" }],
    ["/strava/stats/ytd", { method: "HEAD" }],
    ["/strava/refresh-data", { method: "POST" }],
    ["/trpc/nothing", {}],
    ["/trpc/stats.ytd", { method: "POST", body: new Uint8Array(200_000) }],
  ];
  for (const [path, init] of cases) {
    const response = await ask(test, path, init);
    await response.body?.cancel();
    const { headers } = response;
    ids.add(headers.get("x-request-id") ?? "");
    const isFile = /^\/(docs|redoc|openapi)/.test(path);
    assert.equal(
      headers.get("cache-control"),
      isFile ? "no-cache" : "no-store",
      path,
    );
    assert.match(
      headers.get("content-security-policy") ?? "",
      /^default-src 'none'/,
      path,
    );
    assert.match(
      headers.get("content-security-policy") ?? "",
      /frame-ancestors 'none'/,
    );
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("server"), null);
    assert.equal(headers.get("x-powered-by"), null);
    assert.equal(headers.get("strict-transport-security"), null);
  }
  assert.equal(ids.size, cases.length);
  for (const id of ids) assert.match(id, /^[0-9a-f-]{36}$/);
});

Deno.test("createApp: ignores a request id that the client sends", async () => {
  await using test = await createTestApp();
  const response = await ask(test, "/health/live", {
    headers: { "x-request-id": "forged" },
  });
  assert.notEqual(response.headers.get("x-request-id"), "forged");
});

Deno.test("CORS: allows listed origins only, and never null", async () => {
  await using test = await createTestApp({
    synced: true,
    env: { CORS_ORIGINS: "https://other.test,https://third.test:8443" },
  });
  const allowed = [
    "http://frontend.test",
    "https://other.test",
    "https://third.test:8443",
  ];
  const refused = [
    "null",
    "https://evil.test",
    "https://frontend.test",
    "http://frontend.test.evil.test",
    "http://frontend.test:80800",
    "HTTP://FRONTEND.TEST",
    "https://third.test",
    "*",
  ];
  for (const origin of [...allowed, ...refused]) {
    const isAllowed = allowed.includes(origin);
    for (
      const [path, method] of [
        ["/strava/stats/ytd", "OPTIONS"],
        ["/strava/refresh-data", "OPTIONS"],
        ["/strava/stats/ytd", "GET"],
        ["/strava/activities?limit=0", "GET"],
        ["/nothing", "GET"],
        ["/strava/refresh-data", "POST"],
        ["/trpc/stats.ytd", "GET"],
      ] as const
    ) {
      const response = await ask(test, path, {
        method,
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "x-api-key,content-type",
        },
      });
      await response.body?.cancel();
      const { headers } = response;
      const what = `${method} ${path} from ${origin}`;
      assert.equal(
        headers.get("access-control-allow-origin"),
        isAllowed ? origin : null,
        what,
      );
      assert.match(headers.get("vary") ?? "", /origin/i, what);
      assert.equal(
        headers.get("access-control-allow-credentials"),
        isAllowed ? "true" : null,
        what,
      );
      if (method !== "OPTIONS") continue;
      assert.equal(response.status, 204, what);
      assert.match(
        headers.get("access-control-allow-headers") ?? "",
        /x-api-key/,
      );
      assert.match(headers.get("access-control-allow-methods") ?? "", /POST/);
    }
  }
});

const CORS_IN_PRODUCTION = {
  ENVIRONMENT: "production",
  ALLOWED_ATHLETES: "first",
  STRAVA_REDIRECT_URI: "https://api.test/strava/callback",
  INTERNAL_API_KEY: "Wq3kZ0aLr8TnXy5vBc7eFg1hJm2pQs4u",
  STATE_SECRET: "Mn6bVx9cZl1kJh3gFd5sAq7wEr2tYu8i",
  ENCRYPTION_KEY: "Po0iUy6tRe4wQa2sDf8gHj1kLz3xCv5b",
};

for (const environment of ["development", "production"] as const) {
  const allows = environment === "development";
  Deno.test(`CORS: ${allows ? "allows" : "refuses"} every page of localhost in ${environment}`, async () => {
    await using test = await createTestApp(
      allows ? {} : { env: CORS_IN_PRODUCTION },
    );
    for (
      const origin of [
        "http://localhost:5173",
        "http://localhost:5174",
        "http://127.0.0.1:5173",
        "http://[::1]:8080",
      ]
    ) {
      const preflight = await ask(test, "/strava/stats/ytd", {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "GET" },
      });
      const login = await ask(test, "/api/auth/login", {
        method: "POST",
        headers: { origin, "content-type": "application/json" },
        body: JSON.stringify({ username: "nobody", password: "ten thousand" }),
      });
      await login.body?.cancel();

      const header = "access-control-allow-origin";
      assert.equal(preflight.headers.get(header), allows ? origin : null);
      assert.equal(login.headers.get(header), allows ? origin : null);
      assert.equal(login.status, allows ? 401 : 403);
    }
  });
}

Deno.test("CORS: logs a refused origin once, with the setting to change", async () => {
  await using test = await createTestApp();
  const send = async (origin: string): Promise<void> => {
    const response = await ask(test, "/health/live", { headers: { origin } });
    await response.body?.cancel();
  };
  const listWarnings = (): [string, unknown][] =>
    test.log.lines.filter(({ level }) => level === "warning")
      .map(({ message, properties }) => [message, properties["origin"]]);

  for (
    const origin of [
      "https://page.test",
      "https://page.test",
      "null",
      "http://frontend.test",
      "http://localhost:5174",
      "http://localhost:5001",
    ]
  ) await send(origin);

  assert.deepEqual(listWarnings(), [
    [
      "Refused a page of {origin}: add this origin to CORS_ORIGINS if its pages may call this server",
      "https://page.test",
    ],
    [
      "Refused a page without an origin, such as one opened from a file: serve it over http",
      undefined,
    ],
  ]);
  for (let port = 1; port < 100; port++) {
    await send(`https://page.test:${port}`);
  }
  assert.equal(listWarnings().length, 20);
});

Deno.test("CORS: allows clients' headers for a day and exposes what they read", async () => {
  await using test = await createTestApp({ synced: true });
  const preflight = async (origin: string): Promise<Headers> => {
    const headers = {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,x-api-key",
    };
    const init = { method: "OPTIONS", headers };
    return (await ask(test, "/trpc/admin.refresh", init)).headers;
  };
  const toNames = (list: string | null): string[] =>
    (list ?? "").toLowerCase().split(/,\s*/).sort();

  const allowed = await preflight("http://frontend.test");
  const response = await ask(test, "/strava/nothing", {
    headers: { origin: "http://frontend.test" },
  });
  await response.body?.cancel();

  assert.deepEqual(toNames(allowed.get("access-control-allow-headers")), [
    "authorization",
    "content-type",
    "last-event-id",
    "trpc-accept",
    "x-api-key",
  ]);
  assert.deepEqual(toNames(allowed.get("access-control-allow-methods")), [
    "get",
    "head",
    "post",
  ]);
  assert.equal(allowed.get("access-control-max-age"), "86400");
  assert.deepEqual(
    toNames(response.headers.get("access-control-expose-headers")),
    [
      "ratelimit-limit",
      "ratelimit-policy",
      "ratelimit-remaining",
      "ratelimit-reset",
      "retry-after",
      "x-request-id",
    ],
  );
  const refused = await preflight("https://evil.test");
  assert.equal(refused.get("access-control-allow-origin"), null);
});

const HEAD = "HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n";

for (
  const { name, request, expected } of [
    {
      name: "a GET",
      request: `GET /health/live ${HEAD}\r\n`,
      expected: /^HTTP\/1\.1 200 [\s\S]*"ok"/,
    },
    {
      name: "a header of 8 kB",
      request: `GET /health/live ${HEAD}x-long: ${"a".repeat(8192)}\r\n\r\n`,
      expected: /^HTTP\/1\.1 200 /,
    },
    {
      name: "a key of 8 kB",
      request: `GET /strava/admin/status ${HEAD}x-api-key: ${
        "a".repeat(8192)
      }\r\n\r\n`,
      expected: /^HTTP\/1\.1 401 [\s\S]*invalid_api_key/,
    },
    {
      name: "TRACE",
      request: `TRACE /strava/stats/ytd ${HEAD}x-api-key: hunter2\r\n\r\n`,
      expected: /^HTTP\/1\.1 405 (?![\s\S]*hunter2)/,
    },
    {
      name: "a method in lower case",
      request: `get /strava/stats/ytd ${HEAD}\r\n`,
      expected: /^HTTP\/1\.1 405 /,
    },
    {
      name: "an absolute URL of another host",
      request: `GET http://evil.test/health/live ${HEAD}\r\n`,
      expected: /^HTTP\/1\.1 200 /,
    },
    {
      name: "a URL with an invalid host",
      request: `GET http://[::bad/health/live ${HEAD}\r\n`,
      expected: /^HTTP\/1\.1 400 [\s\S]*invalid_input/,
    },
    {
      name: "a URL with an invalid port",
      request: `GET http://localhost:99999/strava/stats/ytd ${HEAD}\r\n`,
      expected: /^HTTP\/1\.1 400 [\s\S]*invalid_input/,
    },
    {
      name: "a body with an invalid host in the URL",
      request:
        `POST http://[::bad/strava/refresh-data ${HEAD}${"content-length: 2\r\n\r\n{}"}`,
      expected: /^HTTP\/1\.1 400 [\s\S]*invalid_input/,
    },
    {
      name: "a path that is not UTF-8",
      request: `GET /%ff%fe%00 ${HEAD}\r\n`,
      expected: /^HTTP\/1\.1 404 [\s\S]*not_found/,
    },
  ]
) {
  Deno.test(`createApp over HTTP: ${name}`, async () => {
    await using test = await createTestApp();
    const start = performance.now();

    assert.match(await sendRaw(test.app, request), expected);

    const milliseconds = performance.now() - start;
    assert.ok(milliseconds < 5000, `Open for ${milliseconds} ms`);
  });
}

Deno.test("createApp: sends HSTS in production", async () => {
  await using test = await createTestApp({
    env: {
      ENVIRONMENT: "production",
      ALLOWED_ATHLETES: "first",
      STRAVA_REDIRECT_URI: "https://api.paceline.test/strava/callback",
      FRONTEND_URL: "https://frontend.test",
      INTERNAL_API_KEY: "q7Zk1Vd9Xw3Lm5Rt8Yb2Nc4Jf6Hg0PsA",
      STATE_SECRET: "W2e4R6t8Y0u1I3o5P7a9S1d3F5g7H9jK",
      ENCRYPTION_KEY: "m1N3b5V7c9X2z4L6k8J0h1G3f5D7s9Qw",
    },
  });
  const response = await ask(test, "/health/live");
  assert.match(
    response.headers.get("strict-transport-security") ?? "",
    /^max-age=\d{7,}/,
  );
});

Deno.test("createApp: answers 400 for an invalid Host header on every route", async () => {
  await using test = await createTestApp();
  for (const host of ["[", "a b", "%", "@", "a:99999", "a/b", "a?b"]) {
    const before = test.log.lines.length;
    const response = await test.get("/strava/stats/ytd", {
      headers: { host, origin: "http://frontend.test" },
    });
    const { reason, request_id } = await response.json();
    const { headers } = response;
    assert.equal(response.status, 400, host);
    assert.equal(reason, "invalid_input");
    assert.equal(headers.get("x-request-id"), request_id);
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.match(headers.get("content-security-policy") ?? "", /'none'/);
    assert.ok(headers.has("access-control-allow-origin"));
    const [line, ...others] = test.log.lines.slice(before);
    assert.equal(others.length, 0);
    assert.equal(line?.properties["status"], 400);
    assert.equal(line.properties["requestId"], request_id);
  }
});
