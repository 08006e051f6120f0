import assert from "node:assert/strict";
import { generateAthlete } from "../../demo/history.ts";
import type { FaultAction } from "../../demo/strava_faults.ts";
import { pauseAfterWindow } from "../../server/rate_counter.ts";
import { StravaClient } from "../../server/strava/client.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  NOW,
  type TestApp,
} from "../support/app.ts";

const LIST = "/api/v3/athlete/activities";
const REVOKE = "/oauth/revoke";
const REFRESH = "/strava/refresh-data";
const STATUS = "/strava/admin/status";
const DISCONNECT = "/strava/admin/disconnect";
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;

// deno-lint-ignore no-explicit-any -- the body of an answer
type Body = any;

/** A POST with the key and, where given, a JSON body. */
async function post(
  test: TestApp,
  path: string,
  input?: unknown,
): Promise<{ status: number; body: Body }> {
  const response = await test.post(path, {
    key: true,
    ...(input === undefined ? {} : {
      body: JSON.stringify(input),
      headers: { "content-type": "application/json" },
    }),
  });
  return { status: response.status, body: await response.json() };
}

async function getStatus(test: TestApp): Promise<Body> {
  const response = await test.get(STATUS, { key: true });
  assert.equal(response.status, 200);
  return await response.json();
}

function countRequests({ strava }: TestApp, path: string): number {
  return strava.requests.filter((request) => request.path === path).length;
}

/** Lets the list hang, and says when a request for it has come. */
function hang({ strava }: TestApp): Promise<void> {
  const asked = Promise.withResolvers<void>();
  strava.faults.inject({ kind: "hang" }, {
    path: LIST,
    when: () => {
      asked.resolve();
      return true;
    },
  });
  return asked.promise;
}

/** Waits of so many milliseconds take no time; the lengths of all that were asked for. */
function skipWaits({ deps }: TestApp, ...lengths: number[]): number[] {
  const waits: number[] = [];
  const { sleep } = deps;
  deps.sleep = async (milliseconds, signal) => {
    waits.push(milliseconds);
    if (!lengths.includes(milliseconds)) await sleep(milliseconds, signal);
  };
  return waits;
}

for (
  const [method, path] of [
    ["POST", REFRESH],
    ["GET", STATUS],
    ["POST", DISCONNECT],
    ["POST", "/strava/admin/confirm-deletions"],
    ["POST", "/strava/admin/restore"],
    ["GET", "/strava/admin/quarantine"],
  ] as const
) {
  Deno.test(`${method} ${path}: nobody but the holder of the key`, async () => {
    await using test = await createTestApp({ synced: true });
    test.strava.clearRequests();
    for (
      const [key, reason] of [
        [undefined, "missing_api_key"],
        ["wrong", "invalid_api_key"],
        ["", "invalid_api_key"],
      ] as const
    ) {
      const headers = key === undefined ? {} : { "x-api-key": key };
      const response = await test.get(path, { method, headers });
      assert.equal(response.status, 401);
      assert.match(
        response.headers.get("content-type")!,
        /^application\/problem\+json/,
      );
      assert.equal((await response.json()).reason, reason);
    }
    assert.deepEqual(test.strava.requests, []);
    assert.equal((await getStatus(test)).athletes[0].connected, true);
  });
}

Deno.test("admin procedures: over tRPC too the key is needed", async () => {
  await using test = await createTestApp({ synced: true });
  const headers = { "content-type": "application/json" };
  const calls = [
    test.post("/trpc/admin.refresh", { headers }),
    test.get("/trpc/admin.status"),
    test.post("/trpc/admin.disconnect", { headers }),
    test.post("/trpc/admin.confirmDeletions", { headers }),
    test.post("/trpc/admin.restore", { headers }),
    test.get("/trpc/admin.quarantine"),
  ];
  for (const response of await Promise.all(calls)) {
    assert.equal(response.status, 401);
    const { data } = (await response.json()).error.json;
    assert.equal(data.reason, "missing_api_key");
  }
});

Deno.test("POST /strava/refresh-data: no body and no content type are needed", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  test.strava.athletes.get(ATHLETE_ID)!.add({ start_date: iso(NOW) });
  const request = new Request(`http://localhost:5001${REFRESH}`, {
    method: "POST",
    headers: { "x-api-key": test.config.internalApiKey },
  });
  assert.equal(request.headers.get("content-type"), null);
  const response = await test.app(request);
  assert.equal(response.status, 200);
  const { status, message, run } = await response.json();
  assert.equal(status, "success");
  assert.equal(message, "1 new activity, 0 changed");
  const { id, started_at, ended_at, fetched, ...rest } = run;
  assert.ok(Number.isInteger(id) && fetched >= 1);
  assert.match(started_at, ISO);
  assert.match(ended_at, ISO);
  assert.deepEqual(rest, {
    trigger: "refresh",
    status: "success",
    pages: 1,
    inserted: 1,
    updated: 0,
    skipped: 0,
    deleted: 0,
    error: null,
  });
});

Deno.test("POST /strava/refresh-data: the message counts what changed", async () => {
  await using test = await createTestApp({ synced: true });
  const refresh = async (): Promise<string> =>
    (await post(test, REFRESH, {})).body.message;
  assert.equal(await refresh(), "Nothing has changed");
  const athlete = test.strava.athletes.get(ATHLETE_ID)!;
  const { id } = athlete.add({ start_date: iso(NOW - 60_000) });
  athlete.add({ start_date: iso(NOW) });
  assert.equal(await refresh(), "2 new activities, 0 changed");
  athlete.update(id, { name: "Renamed" });
  assert.equal(await refresh(), "0 new activities, 1 changed");
  assert.equal(await refresh(), "Nothing has changed");
});

Deno.test("POST /strava/refresh-data: by default the recent ones, with mode full the whole list", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(300),
  });
  const athlete = test.strava.athletes.get(ATHLETE_ID)!;
  const ids = [...athlete.activities.values()].toSorted((a, b) =>
    Date.parse(a.start_date) - Date.parse(b.start_date)
  ).map(({ id }) => id);
  athlete.update(ids[0]!, { distance: 1234 });
  athlete.remove(ids[1]!);
  test.clock.now += 60_000;
  const refresh = async (body?: object): Promise<string> =>
    (await post(test, REFRESH, body)).body.message;

  assert.equal(await refresh(), "Nothing has changed");
  assert.equal(await refresh({ mode: "recent" }), "Nothing has changed");
  assert.equal(
    await refresh({ mode: "full" }),
    "0 new activities, 1 changed, 1 deleted",
  );
  const { status, body } = await post(test, REFRESH, { mode: "all" });
  assert.deepEqual([status, body.issues[0].path], [400, "mode"]);
});

Deno.test("POST /strava/refresh-data: {} is taken, in any content type's case, and an empty body", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const [body, type] of [
      ["{}", "application/json"],
      [" {\n} ", "Application/JSON; charset=utf-8"],
      ["", "application/json"],
      ["", "text/plain"],
    ]
  ) {
    const response = await test.post(REFRESH, {
      key: true,
      body: body!,
      headers: { "content-type": type! },
    });
    assert.equal(response.status, 200, `${body} ${type}`);
    await response.body?.cancel();
  }
});

Deno.test("POST /strava/refresh-data: a body that does not fit is refused, and no sync begins", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.clearRequests();
  const cases: [string, string, number, string][] = [
    ['{"force":true}', "application/json", 400, "invalid_input"],
    ["[]", "application/json", 400, "invalid_input"],
    ["null", "application/json", 400, "invalid_input"],
    ["{", "application/json", 400, "invalid_json"],
    [
      "force=true",
      "application/x-www-form-urlencoded",
      415,
      "unsupported_media_type",
    ],
    [" ".repeat(200_000), "application/json", 413, "body_too_large"],
  ];
  for (const [body, type, status, reason] of cases) {
    const response = await test.post(REFRESH, {
      key: true,
      body,
      headers: { "content-type": type },
    });
    const answer = await response.json();
    assert.deepEqual([response.status, answer.reason], [status, reason], type);
  }
  const unknown = await post(test, REFRESH, { force: true, constructor: 1 });
  assert.deepEqual(
    unknown.body.issues.map(({ path }: { path: string }) => path),
    ["force", "constructor"],
  );
  const query = await test.post(`${REFRESH}?force=true`, { key: true });
  assert.equal(query.status, 400);
  assert.equal((await query.json()).issues[0].path, "force");
  assert.deepEqual(test.strava.requests, []);
});

Deno.test("POST /strava/refresh-data: 404 before anybody has connected", async () => {
  await using test = await createTestApp();
  const { status, body } = await post(test, REFRESH);
  assert.equal(status, 404);
  assert.equal(body.reason, "not_connected");
});

const FAILURES: [string, string, FaultAction, number, string][] = [
  [
    "a spent rate limit",
    LIST,
    { kind: "rate_limit" },
    503,
    "strava_rate_limited",
  ],
  [
    "Strava down",
    LIST,
    { kind: "status", status: 503 },
    502,
    "strava_unavailable",
  ],
  ["Strava unreachable", LIST, { kind: "reset" }, 502, "strava_unavailable"],
  [
    "HTML for JSON",
    LIST,
    { kind: "status", status: 200 },
    502,
    "strava_unavailable",
  ],
  [
    "an application that is inactive",
    LIST,
    { kind: "forbidden" },
    503,
    "strava_app_inactive",
  ],
  ["an odd refusal", LIST, { kind: "status", status: 418 }, 502, "sync_failed"],
];

for (const [what, path, action, status, reason] of FAILURES) {
  Deno.test(`POST /strava/refresh-data: ${what} is ${status} ${reason}`, async () => {
    await using test = await createTestApp({ synced: true });
    test.strava.faults.inject(action, { path });
    const { status: actual, body } = await post(test, REFRESH);
    assert.deepEqual([actual, body.reason, body.status], [
      status,
      reason,
      status,
    ]);
    assert.ok(body.detail.length > 10);
    const [run] = (await getStatus(test)).athletes[0].runs;
    assert.equal(run.status, "failed");
    assert.ok(run.error.reason.length > 0);
  });
}

Deno.test("POST /strava/refresh-data: a spent rate limit says in Retry-After when it begins anew, over REST and tRPC", async () => {
  const pause = pauseAfterWindow("12345");
  const seconds = String(Math.ceil(13 * 60 + pause / 1000));
  await using test = await createTestApp({ synced: true });
  test.strava.faults.inject({ kind: "rate_limit" }, { path: LIST });
  // A part of a second counts as a whole one.
  test.clock.now = NOW + 500;

  const rest = await test.post(REFRESH, { key: true });
  const trpc = await test.post("/trpc/admin.refresh", {
    key: true,
    headers: { "content-type": "application/json" },
    body: '{"json":{}}',
  });
  const batch = await test.post("/trpc/admin.refresh,admin.refresh?batch=1", {
    key: true,
    headers: { "content-type": "application/json" },
    body: '{"0":{"json":{}},"1":{"json":{}}}',
  });

  for (const response of [rest, trpc, batch]) {
    assert.match(await response.text(), /strava_rate_limited/);
    assert.equal(response.status, 503);
    // From 12:02:00.5 to 12:15, and five seconds since clocks differ.
    assert.equal(response.headers.get("retry-after"), seconds);
  }
  const status = await test.get("/strava/admin/status", { key: true });
  assert.equal(status.headers.get("retry-after"), null);
});

Deno.test("POST /strava/refresh-data: a failure whose end nobody knows has no Retry-After", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const action of [
      { kind: "status", status: 503 },
      { kind: "forbidden" },
    ] as const
  ) {
    test.clock.now += 3_600_000;
    test.strava.faults.inject(action, { path: LIST });
    const response = await test.post(REFRESH, { key: true });
    await response.body?.cancel();
    assert.ok(response.status >= 502);
    assert.equal(response.headers.get("retry-after"), null);
    test.strava.faults.clear();
  }
});

Deno.test("POST /strava/refresh-data: a grant that Strava ended is 409 reconnect_needed", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.deauthorize(ATHLETE_ID);
  const { status, body } = await post(test, REFRESH);
  assert.deepEqual([status, body.reason], [409, "reconnect_needed"]);
});

Deno.test("POST /strava/refresh-data: an unexpected failure is sync_failed, and its cause stays in the log", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.athletes.get(ATHLETE_ID)!.add({ start_date: iso(NOW) });
  await test.deps.sql`alter table activities rename column raw to inner_name`;
  const { status, body } = await post(test, REFRESH);
  assert.deepEqual([status, body.reason], [502, "sync_failed"]);
  assert.doesNotMatch(JSON.stringify(body), /raw|column|42703/);
  assert.match(test.log.text(), /column "raw"/);
});

Deno.test("POST /strava/refresh-data: a sync that takes longer goes on, and the answer is running", async () => {
  await using test = await createTestApp({ synced: true });
  const waits = skipWaits(test, 20_000);
  const asked = hang(test);
  test.strava.athletes.get(ATHLETE_ID)!.add({ start_date: iso(NOW) });
  const { status, body } = await post(test, REFRESH);
  assert.equal(status, 200);
  assert.equal(body.status, "running");
  assert.equal(body.message, "The sync goes on in the background");
  assert.deepEqual(
    [body.run.status, body.run.ended_at, body.run.error],
    ["running", null, null],
  );
  assert.deepEqual(waits, [20_000]);
  await asked;
  test.strava.faults.clear();
  await test.idle();
  const [run] = (await getStatus(test)).athletes[0].runs;
  assert.deepEqual(
    [run.id, run.status, run.inserted],
    [body.run.id, "success", 1],
  );
});

Deno.test("POST /strava/refresh-data: while a sync is under way it is joined, not doubled", async () => {
  await using test = await createTestApp({ activities: createHistory(5) });
  const asked = hang(test);
  await test.connect();
  await asked;
  skipWaits(test, 250);
  const running = await post(test, REFRESH);
  assert.deepEqual([running.status, running.body.status], [200, "running"]);
  assert.equal(running.body.run.trigger, "connect");
  // Lets the sync end while the joined request waits.
  const { sleep } = test.deps;
  test.deps.sleep = async (milliseconds, signal) => {
    test.strava.faults.clear();
    await test.idle();
    await sleep(milliseconds, signal);
  };
  const joined = await post(test, REFRESH);
  assert.deepEqual([joined.status, joined.body.status], [200, "success"]);
  assert.equal(joined.body.run.id, running.body.run.id);
  assert.equal((await getStatus(test)).athletes[0].runs.length, 1);
});

Deno.test("POST /strava/refresh-data: of many at once one syncs and all get its run", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  test.strava.clearRequests();
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => post(test, REFRESH)),
  );
  const ids = new Set(answers.map(({ status, body }) => {
    assert.equal(status, 200);
    return body.run.id;
  }));
  // A request that came after the end begins the next; none overlaps, none is told of an old run.
  assert.equal(countRequests(test, LIST), ids.size);
  const { runs: [newest] } = (await getStatus(test)).athletes[0];
  assert.ok(Math.min(...ids) > newest.id - ids.size);
});

Deno.test("GET /strava/admin/status: nobody before the first connection", async () => {
  await using test = await createTestApp();
  const off = {
    enabled: false,
    subscription_id: null,
    checked_at: null,
    last_event_at: null,
    waiting: 0,
    dropped: [],
  };
  assert.deepEqual(await getStatus(test), {
    athletes: [],
    webhooks: off,
    rate_budget: null,
    app_inactive_since: null,
  });
});

Deno.test("GET /strava/admin/status: the athlete, the runs and the budget, whole", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  const { athletes, rate_budget, app_inactive_since } = await getStatus(test);
  const [{ runs, ...athlete }, ...others] = athletes;
  const { firstname, lastname } = generateAthlete({
    seed: 1,
    athleteId: ATHLETE_ID,
  });
  assert.deepEqual(others, []);
  assert.deepEqual(athlete, {
    id: ATHLETE_ID,
    name: `${firstname} ${lastname}`,
    connected: true,
    reconnect_needed: null,
    connected_at: "2026-11-20T12:02:00Z",
    scopes: ["read", "profile:read_all", "activity:read", "activity:read_all"],
    activities: 5,
    deleted: 0,
    pending_deletions: null,
    quarantined: 0,
    first_sync_done: true,
    last_success_at: "2026-11-20T12:02:00Z",
    full_walk_at: "2026-11-20T12:02:00Z",
    next_due_at: "2026-11-20T13:00:00Z",
    failures: 0,
  });
  const { pages, fetched, ...run } = runs[0];
  assert.equal(runs.length, 1);
  assert.deepEqual(run, {
    id: run.id,
    trigger: "connect",
    status: "success",
    started_at: "2026-11-20T12:02:00Z",
    ended_at: "2026-11-20T12:02:00Z",
    inserted: 5,
    updated: 0,
    skipped: 0,
    deleted: 0,
    error: null,
  });
  assert.deepEqual([pages, fetched], [1, 5]);
  const { short, daily, readShort, readDaily } = test.strava.usage();
  const pause = pauseAfterWindow(test.config.strava.clientId);
  const toIso = (ms: number): string => new Date(ms).toISOString();
  assert.deepEqual(rate_budget, {
    observed_at: "2026-11-20T12:02:00Z",
    overall: {
      limit: { short: 200, daily: 2000 },
      usage: { short, daily },
      reserve: { short: 40, daily: 400 },
    },
    read: {
      limit: { short: 100, daily: 1000 },
      usage: { short: readShort, daily: readDaily },
      reserve: { short: 20, daily: 200 },
    },
    resets_at: {
      short: toIso(Date.UTC(2026, 10, 20, 12, 15) + pause),
      daily: toIso(Date.UTC(2026, 10, 21) + pause),
    },
  });
  assert.equal(app_inactive_since, null);
});

Deno.test("GET /strava/admin/status: failures in a row and the last ten runs, newest first", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.faults.inject({ kind: "status", status: 418 }, { path: LIST });
  for (let count = 0; count < 11; count++) await post(test, REFRESH);
  const [athlete] = (await getStatus(test)).athletes;
  assert.equal(athlete.failures, 11);
  assert.equal(athlete.runs.length, 10);
  const ids = athlete.runs.map(({ id }: { id: number }) => id);
  assert.deepEqual(ids, ids.toSorted((a: number, b: number) => b - a));
  assert.equal(athlete.runs[0].error.reason, "refused");
  assert.equal(athlete.next_due_at, "2026-11-20T13:02:00Z");
  test.strava.faults.clear();
  await post(test, REFRESH);
  assert.equal((await getStatus(test)).athletes[0].failures, 0);
});

Deno.test("GET /strava/admin/status: a first sync that is under way is seen as such", async () => {
  await using test = await createTestApp();
  const asked = hang(test);
  await test.connect();
  await asked;
  const [athlete] = (await getStatus(test)).athletes;
  assert.deepEqual(
    [athlete.connected, athlete.first_sync_done, athlete.last_success_at],
    [true, false, null],
  );
  assert.deepEqual(
    [athlete.runs[0].status, athlete.runs[0].ended_at],
    ["running", null],
  );
});

Deno.test("POST /strava/admin/disconnect: revokes the grant, deletes the tokens, keeps and serves the history", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  const { status, body } = await post(test, DISCONNECT);
  assert.equal(status, 200);
  assert.deepEqual(body, {
    status: "disconnected",
    athlete_id: ATHLETE_ID,
    revoked_at_strava: true,
    data: "kept",
  });
  assert.equal(test.strava.grants.get(ATHLETE_ID), undefined);
  assert.equal((await test.deps.sql`select from grants`).length, 0);
  assert.equal((await test.get("/strava/stats/totals")).status, 200);
  const [athlete] = (await getStatus(test)).athletes;
  assert.deepEqual(
    [
      athlete.connected,
      athlete.scopes,
      athlete.activities,
      athlete.next_due_at,
    ],
    [false, [], 5, null],
  );
  const refresh = await post(test, REFRESH);
  assert.deepEqual(
    [refresh.status, refresh.body.reason],
    [404, "not_connected"],
  );
});

Deno.test("POST /strava/admin/disconnect: data delete leaves no row of the athlete", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  const { status, body } = await post(test, DISCONNECT, { data: "delete" });
  assert.equal(status, 200);
  assert.deepEqual([body.data, body.revoked_at_strava], ["deleted", true]);
  const { sql } = test.deps;
  for (
    const table of [
      "athletes",
      "grants",
      "activities",
      "sync_state",
      "sync_runs",
    ]
  ) {
    assert.equal((await sql`select from ${sql(table)}`).length, 0, table);
  }
  const stats = await test.get("/strava/stats/ytd");
  assert.equal(stats.status, 404);
  assert.equal((await stats.json()).reason, "not_connected");
});

for (
  const [what, action] of [
    ["is down", { kind: "status", status: 503 }],
    ["hangs", { kind: "hang" }],
  ] as const
) {
  Deno.test(`POST /strava/admin/disconnect: the tokens go even if Strava ${what}`, async () => {
    await using test = await createTestApp({ synced: true });
    test.deps.strava = new StravaClient({
      ...test.config.strava,
      timeoutMs: 100,
    });
    test.strava.faults.inject(action, { path: REVOKE });
    const { status, body } = await post(test, DISCONNECT);
    assert.equal(status, 200);
    assert.equal(body.revoked_at_strava, false);
    assert.equal((await test.deps.sql`select from grants`).length, 0);
    assert.ok(test.log.lines.some(({ level }) => level === "warning"));
  });
}

Deno.test("POST /strava/admin/disconnect: a second time changes nothing, and what was kept can be deleted", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  await post(test, DISCONNECT);
  const [before] = await test.deps.sql`select * from athletes`;
  test.clock.now += 60_000;
  const again = await post(test, DISCONNECT, { data: "keep" });
  assert.deepEqual([again.status, again.body.data], [200, "kept"]);
  assert.equal(countRequests(test, REVOKE), 1);
  const [after] = await test.deps.sql`select * from athletes`;
  assert.deepEqual({ ...after }, { ...before });
  const deleted = await post(test, DISCONNECT, { data: "delete" });
  assert.deepEqual([deleted.status, deleted.body.data], [200, "deleted"]);
  const last = await post(test, DISCONNECT, { data: "delete" });
  assert.deepEqual([last.status, last.body.reason], [404, "not_connected"]);
});

Deno.test("POST /strava/admin/disconnect: 404 before anybody has connected", async () => {
  await using test = await createTestApp();
  const { status, body } = await post(test, DISCONNECT);
  assert.deepEqual([status, body.reason], [404, "not_connected"]);
});

Deno.test("POST /strava/admin/disconnect: what does not fit is refused, and nobody is disconnected", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const input of [{ data: "Delete" }, { data: null }, { date: "delete" }, {
      data: "delete",
      sure: true,
    }]
  ) {
    const { status, body } = await post(test, DISCONNECT, input);
    assert.deepEqual([status, body.reason], [400, "invalid_input"]);
  }
  assert.equal((await getStatus(test)).athletes[0].connected, true);
  assert.equal(countRequests(test, REVOKE), 0);
});

for (const data of ["keep", "delete"] as const) {
  Deno.test(`POST /strava/admin/disconnect: with ${data} a sync that is under way ends and brings nothing back`, async () => {
    await using test = await createTestApp({
      synced: true,
      activities: createHistory(5),
    });
    test.strava.athletes.get(ATHLETE_ID)!.add({ start_date: iso(NOW) });
    const asked = hang(test);
    const refreshing = post(test, REFRESH);
    await asked;
    assert.equal((await post(test, DISCONNECT, { data })).status, 200);
    test.strava.faults.clear();
    const { status, body } = await refreshing;
    const answer = data === "delete"
      ? [404, "not_connected"]
      : [409, "reconnect_needed"];
    assert.deepEqual([status, body.reason], answer);
    await test.idle();
    const { sql } = test.deps;
    assert.equal((await sql`select from grants`).length, 0);
    const athletes = await sql`select revoked_at from athletes`;
    if (data === "delete") assert.equal(athletes.length, 0);
    else assert.ok(athletes[0]!["revoked_at"]);
    const lost = await sql`select from sync_state where run_id is not null`;
    assert.equal(lost.length, 0);
  });
}

function iso(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
