import assert from "node:assert/strict";
import type { FaultAction } from "../../../strava_simulator/faults.ts";
import { computeWindowPause } from "../../../server/sync/rate_windows.ts";
import { syncDueAthletes } from "../../../server/sync/run_sync.ts";
import { ATHLETE_ID, NOW, type TestApp } from "../../support/app.ts";
import {
  createConnected,
  createSpacedRuns,
  LIST,
  listPages,
  openSecondProcess,
  readState,
  sync,
} from "../../support/sync.ts";

const MINUTE_MS = 60 * 1000;
/** Additional wait after the end of a window. */
const PAUSE_MS = computeWindowPause("12345");
/** End of the quarter hour of `NOW`, including the pause. */
const WINDOW_END = Date.UTC(2026, 10, 20, 12, 15) + PAUSE_MS;

/** Records the requested pauses in milliseconds and skips them. */
function recordPauses({ deps }: TestApp): number[] {
  const pauses: number[] = [];
  deps.sleep = (milliseconds) => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };
  return pauses;
}

const TRANSIENT: Record<string, FaultAction> = {
  "500": { kind: "status", status: 500, body: { json: {} } },
  "503 in HTML": { kind: "status", status: 503 },
  "200 in HTML": { kind: "status", status: 200 },
  "an empty 200": { kind: "status", status: 200, body: "empty" },
  "a redirect to the login": { kind: "redirect", location: "/login" },
  "a reset": { kind: "reset" },
  "a lost response": { kind: "lost" },
  "a truncated body": { kind: "truncated" },
  "a cut body": { kind: "cut" },
  "an object instead of a list": { kind: "object" },
};

for (const [name, action] of Object.entries(TRANSIENT)) {
  Deno.test(`sync: retries ${name} after one and four seconds`, async () => {
    await using test = await createConnected(createSpacedRuns(5));
    const { strava } = test;
    const pauses = recordPauses(test);
    strava.faults.inject(action, { path: LIST, times: 2 });

    const run = await sync(test);

    assert.deepEqual([run.status, run.inserted], ["success", 5]);
    assert.deepEqual(pauses, [1000, 4000]);
  });
}

Deno.test("sync: fails after three requests and doubles the pause up to an hour", async () => {
  await using test = await createConnected(createSpacedRuns(5));
  const { strava, deps, clock } = test;
  strava.faults.inject({ kind: "status", status: 502 }, { path: LIST });

  const pauses: number[] = [];
  for (let failures = 1; failures <= 8; failures++) {
    strava.clearRequests();
    const run = await sync(test);
    const state = await readState(deps.sql);
    assert.deepEqual([run.status, run.errorReason], ["failed", "unavailable"]);
    assert.equal(run.errorDetail, `Strava answered ${LIST} with 502`);
    assert.equal(listPages(strava).length, 3);
    assert.deepEqual([state.failures, state.leased_until], [failures, null]);
    pauses.push((state.next_due_at.getTime() - clock.now) / MINUTE_MS);
    clock.now = state.next_due_at.getTime();
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);

  strava.faults.clear();
  test.strava.grants.expireAccess(ATHLETE_ID);
  await sync(test);
  const state = await readState(deps.sql);
  assert.deepEqual([state.failures, state.next_due_at.getTime()], [
    0,
    clock.now,
  ]);
});

const LASTING: [name: string, action: FaultAction, reason: string][] = [
  ["400", { kind: "status", status: 400, body: { json: {} } }, "refused"],
  [
    "404 with no body",
    { kind: "status", status: 404, body: "empty" },
    "not_found",
  ],
  ["403 inactive", { kind: "forbidden" }, "app_inactive"],
  ["403 in HTML", { kind: "status", status: 403 }, "refused"],
  ["a missing scope", {
    kind: "status",
    status: 401,
    body: {
      json: {
        message: "Authorization Error",
        errors: [{
          resource: "AccessToken",
          field: "activity:read_permission",
          code: "missing",
        }],
      },
    },
  }, "scope_missing"],
  ["429", { kind: "rate_limit" }, "rate_limited"],
  ["429 of 2018", { kind: "rate_limit", old_body: true }, "rate_limited"],
];

for (const [name, action, reason] of LASTING) {
  Deno.test(`sync: does not retry ${name}`, async () => {
    await using test = await createConnected(createSpacedRuns(5));
    const pauses = recordPauses(test);
    test.strava.faults.inject(action, { path: LIST });

    const run = await sync(test);

    assert.deepEqual([run.status, run.errorReason], ["failed", reason]);
    assert.equal(test.strava.requests.length, 1);
    assert.deepEqual(pauses, []);
  });
}

Deno.test("sync: refreshes a token that expired early and requests the page again", async () => {
  await using test = await createConnected(createSpacedRuns(5));
  test.strava.grants.expireAccess(ATHLETE_ID);

  const run = await sync(test);

  assert.equal(run.status, "success");
  assert.deepEqual(
    test.strava.requests.map(({ path, status }) => [path, status]),
    [[LIST, 401], ["/oauth/token", 200], [LIST, 200], [LIST, 200]],
  );
});

Deno.test("sync: fails without a loop if Strava rejects a new token", async () => {
  await using test = await createConnected(createSpacedRuns(5));
  test.strava.faults.inject({ kind: "invalid_token" }, { path: LIST });

  const run = await sync(test);

  assert.equal(run.errorReason, "unauthorized");
  assert.deepEqual(
    test.strava.requests.map(({ path }) => path),
    [LIST, "/oauth/token", LIST],
  );
});

Deno.test("sync: tries an inactive application again after an hour", async () => {
  await using test = await createConnected(createSpacedRuns(5));
  test.strava.faults.inactive = true;

  const run = await sync(test);

  assert.equal(run.errorReason, "app_inactive");
  const { next_due_at } = await readState(test.deps.sql);
  assert.equal(next_due_at.getTime(), NOW + 60 * MINUTE_MS);
});

/** Asserts that no kind of sync sends a request before `end`, and that syncs continue at `end`. */
async function assertSilentUntil(test: TestApp, end: number): Promise<void> {
  const { strava, deps, clock } = test;
  strava.clearRequests();
  await using other = openSecondProcess(test);
  for (const at of [clock.now, end - 1]) {
    clock.now = at;
    await syncDueAthletes(deps);
    await syncDueAthletes(other.deps, { unfinished: true });
    assert.equal((await sync(other)).errorReason, "rate_limited");
    const response = await test.post("/strava/refresh-data", { key: true });
    assert.equal(response.status, 503);
    assert.equal((await response.json()).reason, "strava_rate_limited");
    const { next_due_at } = await readState(deps.sql);
    assert.equal(next_due_at.toISOString(), new Date(end).toISOString());
  }
  assert.equal(strava.requests.length, 0);

  clock.now = end;
  await syncDueAthletes(deps);
  assert.equal(strava.requests[0]?.status, 200);
}

Deno.test("sync: uses the last request of a window and waits for its end", async () => {
  await using test = await createConnected(createSpacedRuns(40), {
    strava: { limits: { readShort: 3 } },
  });
  test.strava.faults.shortPages = 10;

  const run = await sync(test);

  assert.equal(run.errorReason, "rate_limited");
  assert.equal(run.errorDetail, "Strava's quarter-hour limit is used up");
  assert.deepEqual(
    test.strava.requests.map(({ status }) => status),
    [200, 200, 200],
  );
  await assertSilentUntil(test, WINDOW_END);
});

for (const errorHeaders of [true, false]) {
  Deno.test(`sync: waits for the window's end after a 429 ${errorHeaders ? "with" : "without"} headers`, async () => {
    await using test = await createConnected(createSpacedRuns(5));
    test.strava.rateLimit.spend(100);
    test.strava.faults.errorHeaders = errorHeaders;

    const run = await sync(test);

    assert.equal(run.errorReason, "rate_limited");
    assert.equal(test.strava.requests.length, 1);
    await assertSilentUntil(test, WINDOW_END);
  });
}

Deno.test("sync: believes a 429 although its headers show unused requests", async () => {
  await using test = await createConnected(createSpacedRuns(5));
  test.strava.faults.inject({ kind: "rate_limit" }, { times: 1 });

  await sync(test);

  await assertSilentUntil(test, WINDOW_END);
});

Deno.test("sync: waits until midnight in UTC once the daily limit is used up", async () => {
  await using test = await createConnected(createSpacedRuns(5));
  test.strava.rateLimit.limits.readDaily = 1000;
  test.strava.rateLimit.spend(99);
  test.clock.now += 20 * MINUTE_MS;
  for (let quarter = 0; quarter < 9; quarter++) {
    test.strava.rateLimit.spend(100);
    test.clock.now += 15 * MINUTE_MS;
  }

  const run = await sync(test);

  assert.equal(run.errorDetail, "Strava's daily limit is used up");
  await assertSilentUntil(test, Date.UTC(2026, 10, 21) + PAUSE_MS);
});
