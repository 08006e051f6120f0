import assert from "node:assert/strict";
import type { FaultAction } from "../../../strava_simulator/faults.ts";
import { computeWindowPause } from "../../../server/sync/rate_windows.ts";
import {
  countRequests,
  getStatus,
  hangList,
  post,
  REFRESH,
} from "../../support/admin.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  NOW,
  type TestApp,
} from "../../support/app.ts";
import { LIST, toStart } from "../../support/sync.ts";

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;

/** Skips waits of these lengths in milliseconds. Returns the lengths of all waits. */
function skipWaits({ deps }: TestApp, ...lengths: number[]): number[] {
  const waits: number[] = [];
  const { sleep } = deps;
  deps.sleep = async (milliseconds, signal) => {
    waits.push(milliseconds);
    if (!lengths.includes(milliseconds)) await sleep(milliseconds, signal);
  };
  return waits;
}

Deno.test("POST /strava/refresh-data: needs no body and no content type", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  test.strava.athletes.get(ATHLETE_ID)!.add({ start_date: toStart(NOW) });
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

Deno.test("POST /strava/refresh-data: counts the changes in its message", async () => {
  await using test = await createTestApp({ synced: true });
  const refresh = async (): Promise<string> =>
    (await post(test, REFRESH, {})).body.message;
  assert.equal(await refresh(), "Nothing has changed");
  const athlete = test.strava.athletes.get(ATHLETE_ID)!;
  const { id } = athlete.add({ start_date: toStart(NOW - 60_000) });
  athlete.add({ start_date: toStart(NOW) });
  assert.equal(await refresh(), "2 new activities, 0 changed");
  athlete.update(id, { name: "Renamed" });
  assert.equal(await refresh(), "0 new activities, 1 changed");
  assert.equal(await refresh(), "Nothing has changed");
});

Deno.test("POST /strava/refresh-data: syncs recent activities, or all with mode full", async () => {
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

Deno.test("POST /strava/refresh-data: accepts {} in any JSON type, and an empty body", async () => {
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

Deno.test("POST /strava/refresh-data: rejects an invalid body without a sync", async () => {
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
    const problem = await response.json();
    assert.deepEqual([response.status, problem.reason], [status, reason], type);
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

Deno.test("POST /strava/refresh-data: answers 404 before anyone has connected", async () => {
  await using test = await createTestApp();
  const { status, body } = await post(test, REFRESH);
  assert.equal(status, 404);
  assert.equal(body.reason, "not_connected");
});

const FAILURES: [string, string, FaultAction, number, string][] = [
  [
    "a used-up limit",
    LIST,
    { kind: "rate_limit" },
    503,
    "strava_rate_limited",
  ],
  [
    "a 503",
    LIST,
    { kind: "status", status: 503 },
    502,
    "strava_unavailable",
  ],
  ["a reset", LIST, { kind: "reset" }, 502, "strava_unavailable"],
  [
    "HTML",
    LIST,
    { kind: "status", status: 200 },
    502,
    "strava_unavailable",
  ],
  [
    "an inactive app",
    LIST,
    { kind: "forbidden" },
    503,
    "strava_app_inactive",
  ],
  ["a 418", LIST, { kind: "status", status: 418 }, 502, "sync_failed"],
];

for (const [name, path, action, status, reason] of FAILURES) {
  Deno.test(`POST /strava/refresh-data: answers ${name} with ${status} ${reason}`, async () => {
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

Deno.test("POST /strava/refresh-data: sends Retry-After for a used-up rate limit", async () => {
  const pause = computeWindowPause("12345");
  const seconds = String(Math.ceil(13 * 60 + pause / 1000));
  await using test = await createTestApp({ synced: true });
  test.strava.faults.inject({ kind: "rate_limit" }, { path: LIST });
  // A fraction of a second is rounded up.
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
    // From 12:02:00.5 to 12:15, plus the pause, because clocks differ.
    assert.equal(response.headers.get("retry-after"), seconds);
  }
  const status = await test.get("/strava/admin/status", { key: true });
  assert.equal(status.headers.get("retry-after"), null);
});

Deno.test("POST /strava/refresh-data: omits Retry-After for a failure of unknown length", async () => {
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

Deno.test("POST /strava/refresh-data: answers 409 reconnect_needed for a revoked grant", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.deauthorize(ATHLETE_ID);
  const { status, body } = await post(test, REFRESH);
  assert.deepEqual([status, body.reason], [409, "reconnect_needed"]);
});

Deno.test("POST /strava/refresh-data: keeps the cause of an unexpected failure in the log", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.athletes.get(ATHLETE_ID)!.add({ start_date: toStart(NOW) });
  await test.deps.sql`alter table activities rename column raw to inner_name`;
  const { status, body } = await post(test, REFRESH);
  assert.deepEqual([status, body.reason], [502, "sync_failed"]);
  assert.doesNotMatch(JSON.stringify(body), /raw|column|42703/);
  assert.match(test.log.text(), /column "raw"/);
});

Deno.test("POST /strava/refresh-data: answers running while a long sync continues", async () => {
  await using test = await createTestApp({ synced: true });
  const waits = skipWaits(test, 20_000);
  const requested = hangList(test);
  test.strava.athletes.get(ATHLETE_ID)!.add({ start_date: toStart(NOW) });
  const { status, body } = await post(test, REFRESH);
  assert.equal(status, 200);
  assert.equal(body.status, "running");
  assert.equal(body.message, "The sync continues in the background");
  assert.deepEqual(
    [body.run.status, body.run.ended_at, body.run.error],
    ["running", null, null],
  );
  assert.deepEqual(waits, [20_000]);
  await requested;
  test.strava.faults.clear();
  await test.idle();
  const [run] = (await getStatus(test)).athletes[0].runs;
  assert.deepEqual(
    [run.id, run.status, run.inserted],
    [body.run.id, "success", 1],
  );
});

Deno.test("POST /strava/refresh-data: joins a sync in progress", async () => {
  await using test = await createTestApp({ activities: createHistory(5) });
  const requested = hangList(test);
  await test.connect();
  await requested;
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

Deno.test("POST /strava/refresh-data: shares one sync between simultaneous requests", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  test.strava.clearRequests();
  const responses = await Promise.all(
    Array.from({ length: 5 }, () => post(test, REFRESH)),
  );
  const ids = new Set(responses.map(({ status, body }) => {
    assert.equal(status, 200);
    return body.run.id;
  }));
  // A request after the end of a sync starts the next. None overlaps and none returns an old run.
  assert.equal(countRequests(test, LIST), ids.size);
  const { runs: [newest] } = (await getStatus(test)).athletes[0];
  assert.ok(Math.min(...ids) > newest.id - ids.size);
});
