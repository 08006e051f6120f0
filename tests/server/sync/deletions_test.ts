import assert from "node:assert/strict";
import { createActivity } from "../../../strava_simulator/fixtures.ts";

import { upsertActivities } from "../../../db/activities.ts";
import { parsePage } from "../../../server/sync/parse_activity.ts";
import { storeGrant } from "../../../server/grants/grants.ts";
import { REQUESTED_SCOPES } from "../../../server/strava/oauth.ts";
import {
  ATHLETE_ID,
  createTestApp,
  NOW,
  type TestApp,
} from "../../support/app.ts";
import {
  createDue,
  createSpacedRuns,
  readState,
  readStoredIds,
  readStravaIds,
  sync,
  toStart,
  until,
} from "../../support/sync.ts";

const DETAIL = /^\/api\/v3\/activities\/\d+$/;
const DAY_MS = 24 * 60 * 60 * 1000;
const NO_LIMITS = { short: 1e6, daily: 1e6, readShort: 1e6, readDaily: 1e6 };

function nextDay({ clock, strava }: TestApp): void {
  clock.now += DAY_MS;
  strava.clearRequests();
}

function remove({ strava }: TestApp, ...ids: number[]): void {
  for (const id of ids) strava.athletes.get(ATHLETE_ID)!.remove(id);
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

/** Returns the ids of the activities that were requested one by one. */
function listDetails({ strava }: TestApp): number[] {
  return strava.requests.filter(({ path }) => DETAIL.test(path))
    .map(({ path }) => Number(path.split("/").at(-1)));
}

async function readStatus(
  { get }: TestApp,
): Promise<Record<string, unknown>> {
  const response = await get("/strava/admin/status", { key: true });
  return (await response.json()).athletes[0];
}

async function post(
  test: TestApp,
  path: string,
  body?: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await test.post(path, {
    key: true,
    ...body && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    },
  });
  return { status: response.status, body: await response.json() };
}

const confirm = (test: TestApp) =>
  post(test, "/strava/admin/confirm-deletions");

Deno.test("full sync: finds a deletion, confirms it by a 404 and counts it nowhere", async () => {
  await using test = await createDue(createSpacedRuns(50));
  const { deps } = test;
  const gone = [1_000_050, 1_000_020, 1_000_001];
  remove(test, ...gone);
  const { data_version } = await readState(deps.sql);

  const run = await sync(test);

  assert.deepEqual([run.status, run.deleted, run.updated], ["success", 3, 0]);
  assert.deepEqual(listDetails(test).toSorted(), gone.toSorted());
  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(test.strava));
  assert.ok((await readState(deps.sql)).data_version >= data_version + 3);
  const totals = await (await test.get("/strava/stats/totals")).json();
  assert.equal(totals.data.Run.count, 47);
  const list = await (await test.get("/strava/activities")).json();
  assert.equal(list.total, 47);
  const { activities, deleted, pending_deletions } = await readStatus(test);
  assert.deepEqual([activities, deleted, pending_deletions], [47, 3, null]);

  nextDay(test);
  assert.equal((await sync(test)).deleted, 0);
  assert.deepEqual(listDetails(test), [], "a deletion is confirmed once");
});

Deno.test("full sync: brings back a deleted activity that Strava lists again", async () => {
  await using test = await createDue(createSpacedRuns(50));
  const { activities } = test.strava.athletes.get(ATHLETE_ID)!;
  const kept = activities.get(1_000_020)!;
  remove(test, kept.id);
  assert.equal((await sync(test)).deleted, 1);
  activities.set(kept.id, kept);
  nextDay(test);

  await sync(test);

  assert.equal((await readStoredIds(test.deps.sql)).length, 50);
});

Deno.test("full sync: deletes few activities one after another, down to an empty list", async () => {
  await using test = await createDue(createSpacedRuns(3));
  for (const id of [1_000_001, 1_000_003, 1_000_002]) {
    remove(test, id);
    assert.equal((await sync(test)).deleted, 1);
    assert.deepEqual(
      await readStoredIds(test.deps.sql),
      readStravaIds(test.strava),
    );
    nextDay(test);
  }
});

Deno.test("full sync: keeps activities that the list omits but Strava still has", async () => {
  await using test = await createDue(createSpacedRuns(30));
  const { strava } = test;
  const page = [...strava.athletes.get(ATHLETE_ID)!.activities.values()]
    .filter(({ id }) => id !== 1_000_007 && id !== 1_000_001);
  strava.faults.inject(
    { kind: "status", status: 200, body: { json: page } },
    {
      path: "/api/v3/athlete/activities",
      when: ({ query }) => query.get("page") === "1" && !query.get("before"),
    },
  );

  const run = await sync(test);

  assert.deepEqual([run.status, run.deleted], ["success", 0]);
  // The oldest one was found by asking for activities older than the last page.
  assert.deepEqual(listDetails(test), [1_000_007]);
  assert.equal((await readStoredIds(test.deps.sql)).length, 30);
});

for (const status of [500, 418]) {
  Deno.test(`full sync: keeps a missing activity after ${status} and asks again next time`, async () => {
    await using test = await createDue(createSpacedRuns(30));
    remove(test, 1_000_007, 1_000_008);
    const { faults } = test.strava;
    faults.inject({ kind: "status", status }, { path: /activities\/1000007/ });

    const run = await sync(test);

    assert.deepEqual([run.status, run.deleted], ["success", 1]);
    assert.ok((await readStoredIds(test.deps.sql)).includes(1_000_007));
    assert.equal((await readStatus(test))["quarantined"], 1);
    const response = await test.get("/strava/admin/quarantine", { key: true });
    const { total, data } = await response.json();
    assert.equal(total, 1);
    assert.equal(data[0].id, "1000007");
    assert.match(data[0].reason, new RegExp(`with ${status}`));
    faults.clear();
    nextDay(test);
    assert.equal((await sync(test)).deleted, 1);
    assert.equal((await readStatus(test))["quarantined"], 0);
  });
}

Deno.test("full sync: requests each missing activity once despite interruptions", async () => {
  await using test = await createDue(createSpacedRuns(200), {
    strava: { limits: { ...NO_LIMITS, readShort: 6 } },
  });
  const { deps, clock } = test;
  const gone = range(1_000_050, 10);
  remove(test, ...gone);
  let deleted = 0;
  for (let windows = 0; windows < 20; windows++) {
    const run = await sync(test);
    deleted += run.deleted;
    if (run.status === "success") break;
    assert.equal(run.errorReason, "rate_limited");
    clock.now = (await readState(deps.sql)).next_due_at.getTime();
  }

  assert.equal(deleted, 10);
  assert.deepEqual(listDetails(test), gone);
  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(test.strava));
});

Deno.test("full sync: requests an existing activity once although it is interrupted", async () => {
  await using test = await createDue(createSpacedRuns(40));
  const { strava, clock } = test;
  remove(test, 1_000_009);
  strava.faults.inject(
    {
      kind: "status",
      status: 200,
      body: {
        json: [...strava.athletes.get(ATHLETE_ID)!.activities.values()]
          .filter(({ id }) => id !== 1_000_007),
      },
    },
    { path: "/api/v3/athlete/activities", times: 2 },
  );
  strava.faults.inject({ kind: "rate_limit" }, {
    path: "/api/v3/activities/1000009",
    times: 1,
  });
  strava.faults.inject({ kind: "status", status: 200, body: { json: [] } }, {
    path: "/api/v3/athlete/activities",
    when: ({ query }) => query.has("before"),
  });

  const first = await sync(test);
  assert.equal(first.errorReason, "rate_limited");
  clock.now += 15 * 60_000;
  const second = await sync(test);

  assert.deepEqual([second.status, second.deleted], ["success", 1]);
  assert.deepEqual(listDetails(test), [1_000_007, 1_000_009, 1_000_009]);
});

for (
  const [name, prepare, reason] of [
    ["with a dead grant", (test: TestApp) => {
      test.strava.deauthorize(ATHLETE_ID);
    }, "unauthorized"],
    ["with a missing scope", async (test: TestApp) => {
      await regrant(test, { scopes: ["read"], stored: REQUESTED_SCOPES });
    }, "scope_missing"],
    ["with an inactive application", (test: TestApp) => {
      test.strava.faults.inactive = true;
    }, "app_inactive"],
  ] as const
) {
  Deno.test(`full sync: deletes nothing ${name}`, async () => {
    await using test = await createDue(createSpacedRuns(30));
    remove(test, 1_000_007);
    await prepare(test);

    const run = await sync(test);

    assert.deepEqual([run.status, run.errorReason], ["failed", reason]);
    assert.equal((await readStoredIds(test.deps.sql)).length, 30);
  });
}

/**
 * Replaces the athlete's grant without a callback. Strava grants `scopes`; the database records
 * `stored`.
 */
async function regrant(
  { strava, deps, clock }: TestApp,
  { scopes, stored }: { scopes: string[]; stored: string[] },
): Promise<void> {
  const { access, refreshToken } = strava.grants.issue(ATHLETE_ID, scopes);
  const grant = {
    athleteId: ATHLETE_ID,
    accessToken: access.token,
    refreshToken,
    expiresAt: new Date(access.expiresAt * 1000),
    scopes: stored,
  };
  const now = new Date(clock.now);
  await storeGrant(deps.sql, { grant, seal: deps.seal, now });
}

Deno.test("full sync: asks for confirmation before more than 10 and 5 % of deletions", async () => {
  await using test = await createDue(createSpacedRuns(100));
  const { deps, strava } = test;
  const gone = range(1_000_030, 11);
  remove(test, ...gone);

  const run = await sync(test);

  assert.deepEqual([run.status, run.deleted], ["success", 0]);
  assert.deepEqual(listDetails(test), []);
  assert.equal((await readStoredIds(deps.sql)).length, 100);
  const { pending_deletions } = await readStatus(test);
  const since = "2026-11-21T12:02:00Z";
  assert.deepEqual(pending_deletions, { count: 11, since });
  const warning = test.log.lines.find(({ message }) =>
    /missing at Strava/.test(message)
  );
  assert.ok(warning);

  nextDay(test);
  await sync(test);
  const again = await readStatus(test);
  assert.deepEqual(again["pending_deletions"], { count: 11, since });

  // One exists after all, and for another Strava gives no clear answer.
  const athlete = strava.athletes.get(ATHLETE_ID)!;
  athlete.activities.set(
    1_000_033,
    createActivity({ id: 1_000_033, start_date: toStart(NOW) }, ATHLETE_ID),
  );
  strava.faults.inject({ kind: "status", status: 500 }, {
    path: /activities\/1000034/,
  });
  strava.clearRequests();
  const { status, body } = await confirm(test);

  assert.equal(status, 200);
  assert.deepEqual([body["status"], body["message"]], [
    "success",
    "0 new activities, 1 changed, 9 deleted",
  ]);
  assert.deepEqual([...new Set(listDetails(test))], gone);
  const left = await readStatus(test);
  assert.deepEqual(left["pending_deletions"], { count: 1, since });
  assert.deepEqual([left["activities"], left["deleted"]], [91, 9]);
});

Deno.test("full sync: checks each missing activity but one that never answers", async () => {
  for (const kind of ["reset", "status"] as const) {
    await using test = await createDue(createSpacedRuns(40));
    remove(test, ...range(1_000_001, 3));
    test.strava.faults.inject({ kind, status: 500 }, {
      path: /activities\/1000001/,
    });

    assert.equal((await sync(test)).deleted, 2, kind);

    nextDay(test);
    test.strava.faults.clear();
    assert.equal((await sync(test)).deleted, 1, kind);
  }
});

Deno.test("full sync: stops checking after three failed connections in a row", async () => {
  await using test = await createDue(createSpacedRuns(40));
  remove(test, ...range(1_000_001, 5));
  test.strava.faults.inject({ kind: "reset" }, { path: DETAIL });

  const run = await sync(test);

  assert.deepEqual([run.status, run.errorReason], ["failed", "unreachable"]);
  const asked = range(1_000_001, 3);
  assert.deepEqual([...new Set(listDetails(test))], asked);
});

Deno.test("full sync: deletes 10 activities, or 5 %, without confirmation", async () => {
  await using few = await createDue(createSpacedRuns(40));
  remove(few, ...range(1_000_001, 10));
  assert.equal((await sync(few)).deleted, 10);
  await using many = await createDue(createSpacedRuns(400), {
    strava: { limits: NO_LIMITS },
  });
  remove(many, ...range(1_000_100, 20));
  assert.equal((await sync(many)).deleted, 20);
  nextDay(many);
  remove(many, ...range(1_000_200, 20));
  const run = await sync(many);
  assert.equal(run.deleted, 0, "20 of 380 is more than 5 %");
});

Deno.test("full sync: deletes nothing if the list is empty", async () => {
  await using test = await createDue(createSpacedRuns(40));
  test.strava.faults.inject(
    { kind: "status", status: 200, body: { json: [] } },
    { path: "/api/v3/athlete/activities", times: 2 },
  );
  await sync(test);
  const { pending_deletions } = await readStatus(test);
  assert.equal((pending_deletions as { count: number }).count, 40);
  assert.equal((await readStoredIds(test.deps.sql)).length, 40);
  nextDay(test);

  await sync(test);

  assert.equal((await readStatus(test))["pending_deletions"], null);
});

Deno.test("full sync: keeps Only You activities after a known loss of scope", async () => {
  const activities = createSpacedRuns(60).map((activity, index) => ({
    ...activity,
    ...index % 3 === 0 && { visibility: "only_me" as const, private: true },
  }));
  await using test = await createTestApp({ activities, synced: true });
  const { deps } = test;
  test.clock.now += DAY_MS;
  remove(test, 1_000_059);

  await test.connect({ scopes: ["read", "activity:read"] });
  await test.idle();
  test.clock.now += DAY_MS;
  await sync(test);

  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(test.strava));
  assert.equal((await readStatus(test))["pending_deletions"], null);
  assert.ok(listDetails(test).every((id) => id === 1_000_059));
});

Deno.test("full sync: asks before it deletes all Only You activities", async () => {
  const activities = createSpacedRuns(60).map((activity, index) => ({
    ...activity,
    ...index < 4 && { visibility: "only_me" as const, private: true },
  }));
  await using test = await createDue(activities);
  const scopes = ["read", "activity:read"];
  await regrant(test, { scopes, stored: REQUESTED_SCOPES });

  const run = await sync(test);

  assert.deepEqual([run.status, run.deleted], ["success", 0]);
  assert.deepEqual(listDetails(test), []);
  const { pending_deletions, activities: count } = await readStatus(test);
  assert.equal((pending_deletions as { count: number }).count, 4);
  assert.equal(count, 60);

  await regrant(test, { scopes: REQUESTED_SCOPES, stored: REQUESTED_SCOPES });
  remove(test, 1_000_060);
  nextDay(test);
  assert.equal((await sync(test)).deleted, 1, "the others were seen again");
  assert.equal((await readStatus(test))["pending_deletions"], null);
});

Deno.test("full sync: keeps an activity that was stored while it ran", async () => {
  await using test = await createDue(createSpacedRuns(40));
  const { deps, strava, clock } = test;
  strava.faults.shortPages = 10;
  const stray = createActivity({
    id: 1_500_000,
    start_date: toStart(NOW - 3.5 * DAY_MS),
  }, ATHLETE_ID);
  let storing: Promise<unknown> | undefined;
  strava.faults.afterPage = (_athlete, page) => {
    clock.now += 1000;
    if (page !== 2) return;
    // Like a push event for a new upload, newer than the pages that are still to come.
    storing = upsertActivities(deps.sql, {
      athleteId: ATHLETE_ID,
      activities: parsePage([stray]).activities,
      now: new Date(clock.now),
    });
  };

  const run = await sync(test);

  await storing;
  assert.deepEqual([run.status, run.deleted], ["success", 0]);
  assert.deepEqual(listDetails(test), []);
  assert.ok((await readStoredIds(deps.sql)).includes(stray.id));
});

Deno.test("POST /strava/admin/restore: restores, and a new deletion needs confirmation", async () => {
  await using test = await createDue(createSpacedRuns(40));
  const { deps } = test;
  const gone = [1_000_010, 1_000_020, 1_000_030];
  remove(test, ...gone);
  await sync(test);
  const { data_version } = await readState(deps.sql);

  const some = await post(test, "/strava/admin/restore", { ids: [1_000_020] });
  const all = await post(test, "/strava/admin/restore");
  const none = await post(test, "/strava/admin/restore", { ids: [5] });

  assert.deepEqual([some.status, some.body], [200, {
    status: "restored",
    restored: 1,
  }]);
  assert.deepEqual([all.body["restored"], none.body["restored"]], [2, 0]);
  assert.equal((await readStoredIds(deps.sql)).length, 40);
  assert.equal((await readState(deps.sql)).data_version, data_version + 2);

  for (let day = 0; day < 2; day++) {
    nextDay(test);
    assert.equal((await sync(test)).deleted, 0);
    assert.deepEqual(listDetails(test), []);
    const { pending_deletions } = await readStatus(test);
    assert.equal((pending_deletions as { count: number }).count, 3);
  }
  assert.equal(
    (await confirm(test)).body["message"],
    "0 new activities, 0 changed, 3 deleted",
  );
  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(test.strava));
});

Deno.test("POST /strava/admin/restore: treats an activity as usual once Strava lists it", async () => {
  await using test = await createDue(createSpacedRuns(40));
  const { activities } = test.strava.athletes.get(ATHLETE_ID)!;
  const kept = activities.get(1_000_020)!;
  remove(test, kept.id);
  await sync(test);
  await post(test, "/strava/admin/restore");
  activities.set(kept.id, kept);
  nextDay(test);
  await sync(test);
  remove(test, kept.id);
  nextDay(test);

  assert.equal((await sync(test)).deleted, 1);
});

Deno.test("POST /strava/admin/restore: rejects invalid ids", async () => {
  await using test = await createTestApp({ synced: true });
  for (const ids of [[], ["1"], [1.5], [0], [2 ** 60], "all"]) {
    const { status, body } = await post(test, "/strava/admin/restore", { ids });
    assert.deepEqual([status, body["reason"]], [400, "invalid_input"]);
  }
});

Deno.test("POST /strava/admin/confirm-deletions: runs after a sync in progress", async () => {
  await using test = await createDue(createSpacedRuns(100));
  const gone = range(1_000_030, 20);
  remove(test, ...gone);
  await sync(test);
  const hang = test.strava.faults.inject({ kind: "hang" }, {
    path: "/api/v3/athlete/activities",
    times: 1,
  });
  const recent = sync(test);
  await until(() => hang.hits === 1, "the sync to start");

  const confirming = confirm(test);
  const count = async (): Promise<number> =>
    (await test.deps.sql`
      select from pending_deletions where confirmed_at is not null
    `).length;
  await until(async () => await count() === 20, "the confirmation");
  test.strava.faults.release();

  assert.equal((await recent).status, "success");
  assert.equal((await confirming).status, 200);
  assert.deepEqual(
    await readStoredIds(test.deps.sql),
    readStravaIds(test.strava),
  );
});
