import assert from "node:assert/strict";
import { getRateLimit } from "../../../db/rate_limit.ts";
import { refetchActivity } from "../../../server/sync/refetch_activity.ts";
import { requestStrava } from "../../../server/sync/request_strava.ts";
import {
  getRateLimitStatus,
  getSpentWindow,
  reserveRequest,
} from "../../../server/sync/rate_limit.ts";
import type { Deps } from "../../../server/context.ts";
import { computeWindowPause } from "../../../server/sync/rate_windows.ts";
import { StravaError } from "../../../server/strava/errors.ts";
import { syncDueAthletes } from "../../../server/sync/run_sync.ts";
import { getStatus } from "../../support/admin.ts";
import {
  ATHLETE_ID,
  createTestApp,
  NOW,
  type TestApp,
  type TestAppOptions,
} from "../../support/app.ts";
import {
  connectWithoutSync,
  createSpacedRuns,
  LIST,
  listPages,
  openSecondProcess,
  readState,
  readStoredIds,
  readStravaIds,
  sync,
  until,
} from "../../support/sync.ts";

const ID = 1_000_001;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CLIENT = { clientId: "12345" };
const PAUSE_MS = computeWindowPause(CLIENT.clientId);

async function createConnected(
  options: TestAppOptions = {},
): Promise<TestApp> {
  const test = await createTestApp({
    activities: createSpacedRuns(5),
    ...options,
  });
  await connectWithoutSync(test);
  return test;
}

/** Requests an activity's detail, whose response shows the usage. */
function requestDetail(deps: Deps): Promise<unknown> {
  return requestStrava(deps, {
    athleteId: ATHLETE_ID,
    priority: "fresh",
    send: (options) => deps.strava.getActivity({ ...options, id: ID }),
  });
}

/** Requests an activity's streams, whose response lacks the rate limit headers. */
function requestStreams(deps: Deps): Promise<unknown> {
  return requestStrava(deps, {
    athleteId: ATHLETE_ID,
    priority: "fresh",
    send: async ({ accessToken, signal }) => {
      const url = `${deps.config.strava.apiUrl}/activities/${ID}/streams`;
      const headers = { authorization: `Bearer ${accessToken}` };
      const response = await fetch(`${url}?key_by_type=true`, {
        headers,
        signal,
      });
      assert.equal(response.headers.get("x-ratelimit-usage"), null);
      assert.equal(response.status, 200);
      await response.body?.cancel();
    },
  });
}

/** Sends requests until the rate limit refuses one. Returns the number of those sent. */
async function sendUntilRefused(
  deps: Deps,
  request: (deps: Deps, count: number) => Promise<unknown>,
): Promise<number> {
  for (let count = 0;; count++) {
    const error = await request(deps, count).then(
      () => undefined,
      (cause) => cause,
    );
    if (error === undefined) continue;
    assert.ok(error instanceof StravaError, `${error}`);
    assert.equal(error.kind, "rate_limited");
    return count;
  }
}

for (const others of [0, 37]) {
  Deno.test(`reserveRequest: three processes share the limit after ${others} other requests`, async () => {
    await using test = await createConnected({
      strava: { latencyMs: () => 2 + Math.random() * 5 },
    });
    await using second = openSecondProcess(test);
    await using third = openSecondProcess(test);
    const { strava, deps } = test;
    strava.rateLimit.spend(others);
    await requestDetail(deps);
    const processes = [deps, second.deps, third.deps];

    // Four at once in each process, every other response without headers.
    const counts = await Promise.all(
      [...processes, ...processes, ...processes, ...processes].map((process) =>
        sendUntilRefused(
          process,
          (each, count) =>
            count % 2 ? requestStreams(each) : requestDetail(each),
        )
      ),
    );

    const sent = counts.reduce((sum, count) => sum + count, 1);
    assert.equal(strava.requests.length, sent);
    assert.ok(strava.requests.every(({ status }) => status === 200));
    assert.ok(sent + others <= 100, `${sent}`);
    assert.ok(sent + others >= 85, `only ${sent} of what was left`);
    assert.equal((await getSpentWindow(deps))?.window, "short");
  });
}

Deno.test("reserveRequest: assumes Strava's limit for new applications on a new database", async () => {
  await using test = await createConnected({
    strava: { limits: { readShort: 5000, readDaily: 5000, short: 5000 } },
  });
  assert.equal(await sendUntilRefused(test.deps, requestStreams), 100);
});

Deno.test("reserveRequest: keeps counting the request of a killed process", async () => {
  await using test = await createConnected({
    strava: { limits: { readShort: 10 } },
  });
  const { strava, deps } = test;
  await using dying = openSecondProcess(test);
  await requestDetail(deps);
  const hang = strava.faults.inject({ kind: "hang" }, { times: 1 });
  const pending = requestDetail(dying.deps);
  pending.catch(() => {});
  await until(() => hang.hits === 1, "the request");
  await dying.deps.background.close();

  assert.equal(await sendUntilRefused(deps, requestStreams), 8);
  assert.equal((await getRateLimit(deps.sql, CLIENT))?.readShortUsage, 10);
});

Deno.test("first sync: leaves the reserve to recent syncs, its own and others'", async () => {
  await using test = await createConnected({
    activities: createSpacedRuns(300),
    strava: { limits: { readShort: 20 } },
  });
  const { strava, deps, clock } = test;
  strava.faults.shortPages = 10;
  strava.addAthlete({ id: 700_002 }, []);
  await connectWithoutSync(test, 700_002);
  await sync(test, { athleteId: 700_002 });

  const firstSync = await sync(test);
  const used = strava.usage().readShort;
  const overlap = await sync(test, { athleteId: 700_002 });
  const own = await sync(test);

  assert.deepEqual([firstSync.status, firstSync.errorReason], [
    "failed",
    "rate_limited",
  ]);
  assert.equal(
    firstSync.errorDetail,
    "The rest of Strava's quarter-hour limit is reserved for new activities",
  );
  assert.equal(used, 16);
  assert.equal(overlap.status, "success");
  // Recent activities came first, then the full list reached the reserve again.
  assert.equal(own.errorReason, "rate_limited");
  assert.ok(own.pages > 0);
  const { next_due_at } = await readState(deps.sql);
  const end = Date.UTC(2026, 10, 20, 12, 15) + PAUSE_MS;
  assert.equal(next_due_at.getTime(), end);
  const response = await test.post("/strava/refresh-data", { key: true });
  const wait = Number(response.headers.get("retry-after"));
  assert.equal(response.status, 503);
  assert.equal(wait, Math.ceil((end - clock.now) / 1000));
  await response.body?.cancel();

  for (let quarter = 0; quarter < 4; quarter++) {
    clock.now = (await readState(deps.sql)).next_due_at.getTime();
    await syncDueAthletes(deps, { unfinished: true });
  }
  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
  assert.ok(strava.requests.every(({ status }) => status === 200));
});

Deno.test("first sync: syncs recent activities hourly after it has used the day's share", async () => {
  await using test = await createConnected({
    activities: createSpacedRuns(300),
    strava: { limits: { readDaily: 20 } },
  });
  const { strava, deps, clock } = test;
  strava.faults.shortPages = 10;
  await sync(test);

  assert.equal(
    (await readState(deps.sql)).next_due_at.getTime(),
    NOW + HOUR_MS,
  );
  assert.equal(strava.usage().readDaily, 16);
  clock.now += HOUR_MS;
  const added = strava.athletes.get(ATHLETE_ID)!.add({
    start_date: new Date(NOW).toISOString().replace(".000", ""),
  });
  await syncDueAthletes(deps, { unfinished: true });
  assert.ok((await readStoredIds(deps.sql)).includes(added.id));
});

Deno.test("reserveRequest: refuses until the quarter hour ends after any process got 429", async () => {
  await using test = await createConnected();
  await using other = openSecondProcess(test);
  const { strava, deps, clock } = test;
  await requestDetail(deps);
  const hang = strava.faults.inject({ kind: "hang" }, { times: 1 });
  const late = requestDetail(other.deps);
  await until(() => hang.hits === 1, "the request in progress");
  strava.faults.inject({ kind: "rate_limit" }, { times: 1 });
  await assert.rejects(requestDetail(deps), { kind: "rate_limited" });
  strava.faults.release();
  await late; // its headers show a limit that is not used up
  strava.clearRequests();

  const end = Date.UTC(2026, 10, 20, 12, 15) + PAUSE_MS;
  for (const now of [clock.now, end - 1]) {
    clock.now = now;
    for (const each of [deps, other.deps]) {
      await assert.rejects(requestDetail(each), { kind: "rate_limited" });
    }
  }
  assert.deepEqual(strava.requests, []);
  clock.now = end;
  await requestDetail(deps);
});

Deno.test("sync: waits after a 429 of the token endpoint too, and keeps the grant", async () => {
  await using test = await createConnected();
  const { strava, deps, clock } = test;
  clock.now += 6 * HOUR_MS;
  strava.faults.inject({ kind: "rate_limit" }, { path: "/oauth/token" });

  assert.equal((await sync(test)).errorReason, "rate_limited");
  strava.faults.clear();
  strava.clearRequests();
  await syncDueAthletes(deps);
  assert.equal((await sync(test)).errorReason, "rate_limited");

  assert.deepEqual(strava.requests, []);
  clock.now += 15 * MINUTE_MS + PAUSE_MS;
  assert.equal((await sync(test)).status, "success");
});

Deno.test("sync: refreshes no token while a window is used up", async () => {
  await using test = await createConnected({
    strava: { limits: { readShort: 1 } },
  });
  const { strava, deps, clock } = test;
  clock.now += 6 * HOUR_MS;
  await reserveRequest(deps, { priority: "fresh" });
  await deps.sql`update rate_limit set read_short_limit = 1`;
  assert.equal((await sync(test)).errorReason, "rate_limited");
  assert.deepEqual(strava.requests, []);
});

Deno.test("reserveRequest: survives a clock that jumps by hours either way", async () => {
  await using test = await createConnected({
    strava: { limits: { readShort: 10 } },
  });
  const { strava, deps, clock } = test;
  const skewed = { ...deps, now: () => clock.now + skew };
  let skew = 0;
  await requestDetail(skewed);
  await sendUntilRefused(skewed, requestDetail);
  for (skew of [7 * HOUR_MS, -7 * HOUR_MS, 30 * HOUR_MS, 0]) {
    // Far ahead, the token looks expired: it is refreshed, which does not count.
    await sendUntilRefused(skewed, requestDetail);
  }
  const refused = strava.requests.filter(({ status }) => status === 429);
  assert.ok(refused.length <= 3, `${refused.length} were refused`);

  clock.now += 2 * (15 * MINUTE_MS + PAUSE_MS);
  await requestDetail(skewed);
});

Deno.test("settleRequest: logs a usage that cannot be stored, and the request still counts", async () => {
  await using test = await createConnected();
  const { deps } = test;
  await requestDetail(deps);
  await deps.sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'refused'; end
    $$;
    create trigger refuse before update on rate_limit
      for each row when (new.request_count = old.request_count)
      execute function refuse();
  `);

  assert.equal((await sync(test)).status, "success");

  const limit = await getRateLimit(deps.sql, CLIENT);
  assert.equal(limit?.readShortUsage, test.strava.usage().readShort);
  assert.match(test.log.text(), /Could not store the rate limit/);
});

Deno.test("getRateLimitStatus: omits the usage of a window that has passed", async () => {
  await using test = await createConnected();
  const { deps, clock } = test;
  assert.equal(await getRateLimitStatus(deps), undefined);
  await requestDetail(deps);
  clock.now += 15 * MINUTE_MS;

  const status = await getRateLimitStatus(deps);

  assert.equal(status?.limit.shortUsage, 0);
  assert.equal(status?.limit.dailyUsage, 1);
  const reset = Date.UTC(2026, 10, 20, 12, 30) + PAUSE_MS;
  assert.equal(status?.resetsAt.short.getTime(), reset);
});

Deno.test("inactive application: stops all syncs, is tried hourly and recovers by itself", async () => {
  await using test = await createConnected();
  await using other = openSecondProcess(test);
  const { strava, deps, clock } = test;
  for (const id of [700_002, 700_003]) {
    strava.addAthlete({ id }, []);
    await connectWithoutSync(test, id);
  }
  await sync(test);
  strava.clearRequests();
  strava.faults.inactive = true;
  const since = clock.now += HOUR_MS;

  // Five hours of ticks, in two processes, and a refresh by hand each hour.
  for (let minute = 0; minute < 5 * 60; minute += 10) {
    await syncDueAthletes(deps);
    await syncDueAthletes(other.deps, { unfinished: true });
    if (minute % 60 === 30) {
      const response = await test.post("/strava/refresh-data", { key: true });
      assert.equal(response.status, 503);
      assert.equal((await response.json()).reason, "strava_app_inactive");
    }
    clock.now += 10 * MINUTE_MS;
  }

  assert.deepEqual(
    listPages(strava).map(({ status, at }) => [status, (at - since) / HOUR_MS]),
    [0, 1, 2, 3, 4].map((hour) => [403, hour]),
  );
  // Each hour has one run by the schedule and one by hand.
  const [failed] = await deps.sql<{ count: number }[]>`
    select count(*) as count
    from sync_runs
    where error_reason = 'app_inactive'
  `;
  assert.equal(failed?.count, 5 + 5);
  const lines = (level: string): string[] =>
    test.log.lines.filter((line) => line.level === level).map(({ message }) =>
      message
    );
  assert.deepEqual(lines("error").map((text) => text.slice(0, 26)), [
    "Strava has closed its API ",
  ]);
  const { app_inactive_since } = await getStatus(test);
  assert.equal(Date.parse(app_inactive_since), since);
  const ready = await test.get("/health/ready");
  assert.deepEqual([ready.status, await ready.json()], [200, {
    status: "ready",
    database: "connected",
    migrated: true,
    strava: "inactive",
  }]);
  const health = await test.get("/strava/health");
  assert.deepEqual([health.status, await health.json()], [200, {
    status: "ok",
    service: "strava",
    database: "connected",
  }]);
  assert.equal((await test.get("/strava/stats/totals")).status, 200);

  strava.faults.inactive = false;
  clock.now += 2 * HOUR_MS;
  await syncDueAthletes(deps);
  for (const id of [ATHLETE_ID, 700_002, 700_003]) {
    const { last_success_at } = await readState(deps.sql, id);
    assert.equal(last_success_at?.getTime(), clock.now, `${id}`);
  }
  assert.equal((await getStatus(test)).app_inactive_since, null);
  const again = await test.get("/health/ready");
  assert.equal("strava" in await again.json(), false);
  assert.ok(
    lines("info").some((text) => /opened its API to application/.test(text)),
  );
});

Deno.test("inactive application: ends with a 404, which only an open API sends", async () => {
  await using test = await createConnected();
  const { deps, strava, clock } = test;
  strava.faults.inject({ kind: "forbidden" }, { path: LIST, times: 1 });
  await sync(test);
  clock.now += HOUR_MS;

  // The one request of the hour is for an activity that is gone.
  assert.equal(
    await refetchActivity(deps, { athleteId: ATHLETE_ID, id: 77 }),
    "gone",
  );

  assert.equal((await getStatus(test)).app_inactive_since, null);
  assert.equal((await sync(test)).status, "success");
});

Deno.test("inactive application: does not shut out another one on the database", async () => {
  await using test = await createConnected();
  test.strava.faults.inject({ kind: "forbidden" }, { path: LIST, times: 1 });
  await sync(test);
  const rows = await test.deps.sql<{ client_id: string }[]>`
    select client_id from rate_limit where inactive_since is not null
  `;
  assert.deepEqual(rows.map(({ client_id }) => client_id), [CLIENT.clientId]);
  assert.equal(listPages(test.strava).length, 1);
  const other = await getRateLimit(test.deps.sql, { clientId: "2" });
  assert.equal(other, undefined);
});
