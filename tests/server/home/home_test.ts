import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import { createConnected, sync } from "../../support/sync.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

async function read(test: TestApp, query = ""): Promise<string> {
  const response = await test.get(`/${query}`);
  assert.equal(response.status, 200, query);
  return await response.text();
}

Deno.test("GET /: shows an accessible page that explains Paceline", async () => {
  await using test = await createTestApp();

  const response = await test.get("/");

  assert.equal(response.status, 200);
  assert.equal(
    response.headers.get("content-type"),
    "text/html; charset=utf-8",
  );
  const html = await response.text();
  for (
    const part of [
      /^<!doctype html>\n<html lang="en">/,
      /<meta name="viewport" content="width=device-width, initial-scale=1">/,
      /<title>Paceline<\/title>/,
      /<main>[\s\S]*<h1>[\s\S]*<\/main>/,
      /prefers-color-scheme: dark/,
    ]
  ) {
    assert.match(html, part);
  }
  assert.doesNotMatch(html, /role="status"/, "nothing has happened yet");
});

Deno.test("GET /: allows its own style and icon by policy, and no script", async () => {
  await using test = await createTestApp();

  const response = await test.get("/");

  const html = await response.text();
  const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? "";
  const hash = createHash("sha256").update(style).digest("base64");
  assert.equal(
    response.headers.get("content-security-policy"),
    "default-src 'none'; base-uri 'none'; form-action 'none'; " +
      `frame-ancestors 'none'; img-src 'self'; style-src 'sha256-${hash}'`,
  );
  assert.doesNotMatch(html, /<script|\sstyle=|\son\w+=|\/\/\w/i);
});

Deno.test("GET /: links only to existing paths", async () => {
  await using test = await createTestApp({ synced: true });
  const html = await read(test);

  const paths = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) =>
    path!
  );

  for (
    const path of [
      "/docs",
      "/redoc",
      "/strava/stats/ytd",
      "/strava/authorize",
    ]
  ) {
    assert.ok(paths.includes(path), path);
  }
  for (const path of new Set(paths)) {
    const { status, body } = await test.get(path);
    await body?.cancel();
    assert.equal(status, path === "/strava/authorize" ? 302 : 200, path);
  }
});

Deno.test("GET /: confirms a successful connection", async () => {
  await using test = await createTestApp({
    env: { FRONTEND_URL: "http://localhost:5001" },
  });

  const landed = await test.connect();

  assert.equal(landed.origin, "http://localhost:5001");
  const html = await read(test, landed.search);
  assert.match(html, /<title>Connected: Paceline<\/title>/);
  assert.match(html, /class="notice good" role="status"><b>Connected<\/b>/);
});

const HISTORY = createHistory(420).map((activity) => ({
  ...activity,
  visibility: "everyone" as const,
}));

Deno.test("GET /: shows how far the sync is, and when it last ran", async () => {
  await using test = await createConnected(HISTORY, {
    env: { FRONTEND_URL: "http://localhost:5001" },
  });
  const { sql } = test.deps;

  const before = await read(test);
  await sync(test);
  const after = await read(test);
  test.clock.now += 5 * 60_000;
  const later = await read(test);
  await sql`update sync_state set first_synced_at = null, full_sync_cursor = ${new Date(
    test.clock.now - 400 * DAY_MS,
  )}`;
  await sql`update athletes set profile = profile || ${
    sql.json({ created_at: new Date(test.clock.now - 800 * DAY_MS) })
  }`;
  const inBetween = await read(test);
  await sql`update sync_state set failures = 1, next_due_at = ${new Date(
    test.clock.now + 10 * 60_000,
  )}`;
  const waiting = await read(test);
  await sql`update athletes set revoked_at = now()`;
  const disconnected = await read(test);

  assert.match(
    before,
    /<b>The first sync is running<\/b>0 public activities so far\./,
  );
  assert.match(before, />Connect again</);
  assert.match(
    after,
    /<b>420 public activities stored<\/b>Last synced just now\./,
  );
  assert.match(later, /Last synced 5 minutes ago\./);
  assert.match(inBetween, /420 public activities so far, about 420 to go\./);
  assert.match(
    inBetween,
    /<progress max="840" value="420" aria-label="[^"]+">/,
  );
  assert.match(waiting, /<b>The first sync is waiting<\/b>/);
  assert.match(waiting, /continues by itself in 10 minutes\./);
  assert.match(
    disconnected,
    /<b>Strava is disconnected<\/b>420 public activities/,
  );
});

Deno.test("GET /: says when nobody is connected", async () => {
  await using test = await createTestApp();

  const html = await read(test);

  assert.match(html, /<b>No athlete is connected yet<\/b>/);
  assert.match(html, />Connect your Strava account</);
});

Deno.test("GET /: offers an import where no Strava application is set", async () => {
  await using test = await createTestApp({
    env: { STRAVA_CLIENT_ID: "", STRAVA_CLIENT_SECRET: "" },
  });

  const html = await read(test);

  assert.match(html, /<b>There are no activities yet<\/b>/);
  assert.doesNotMatch(html, /strava\/authorize/);
});

Deno.test("GET /: tells a stranger nothing about a private athlete", async () => {
  const env = { PUBLIC_STATS: "false" };
  await using empty = await createTestApp({ env });
  await using full = await createTestApp({
    env,
    synced: true,
    activities: createHistory(7),
  });

  assert.equal(await read(full), await read(empty));
  const response = await full.get("/", { key: true });
  assert.match(await response.text(), /<b>7 activities stored<\/b>/);
});

Deno.test("GET /: works without a database", async () => {
  await using test = await createTestApp();
  await test.deps.sql.end();

  const html = await read(test);

  assert.match(html, /<b>The database does not answer<\/b>/);
});

Deno.test("GET /: explains a declined connection", async () => {
  await using test = await createTestApp({
    env: { FRONTEND_URL: "http://localhost:5001" },
  });

  const landed = await test.connect({ deny: true });

  const html = await read(test, landed.search);
  assert.match(html, /class="notice bad" role="status"><b>Not connected<\/b>/);
  assert.match(html, /You declined on Strava/);
});

Deno.test("GET /: has a sentence for every documented reason", async () => {
  await using test = await createTestApp();
  const text = await Deno.readTextFile(
    new URL("../../../docs/guide.md", import.meta.url),
  );
  const [section = ""] = /^## Connecting an athlete$[\s\S]*?^## /m.exec(text) ??
    [];
  const reasons = [...section.matchAll(/^\| `(?!reason`)(\w+)`/gm)].map((
    [, name],
  ) => name!);
  const unknown = await read(test, "?strava=error&reason=new");

  const pages = await Promise.all(
    reasons.map((reason) => read(test, `?strava=error&reason=${reason}`)),
  );

  assert.equal(reasons.length, 10);
  assert.equal(new Set([...pages, unknown]).size, reasons.length + 1);
});

Deno.test("GET /: repeats nothing from its URL", async () => {
  await using test = await createTestApp();
  const unknown = await read(test, "?strava=error");
  const plain = await read(test);

  for (
    const text of [
      "<script>alert(1)</script>",
      '"><img src=x onerror=alert(1)>',
      "constructor",
      "__proto__",
      "a reason of tomorrow",
    ]
  ) {
    const value = encodeURIComponent(text);
    assert.equal(
      await read(test, `?strava=error&reason=${value}`),
      unknown,
      text,
    );
    assert.equal(await read(test, `?strava=${value}`), plain, text);
    assert.equal(await read(test, `?${value}=${value}`), plain, text);
  }
});

Deno.test("GET /: says when statistics require an API key", async () => {
  await using open = await createTestApp();
  await using closed = await createTestApp({ env: { PUBLIC_STATS: "false" } });

  assert.doesNotMatch(await read(open), /requires an API key/);
  assert.match(await read(closed), /requires an API key/);
});
