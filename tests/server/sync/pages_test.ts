import assert from "node:assert/strict";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  NOW,
  type TestApp,
} from "../../support/app.ts";
import {
  createConnected,
  createSpacedRuns,
  LIST,
  listPages,
  openSecondProcess,
  readState,
  readStoredIds,
  readStravaIds,
  sync,
  toStart,
} from "../../support/sync.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

async function assertComplete({ deps, strava }: TestApp): Promise<void> {
  assert.deepEqual(await readStoredIds(deps.sql), readStravaIds(strava));
}

Deno.test("first sync: reads 200 activities a page, newest first, to the empty page", async () => {
  const history = createHistory(3000, 7);
  await using test = await createConnected(history);

  const run = await sync(test, { trigger: "connect" });

  const pages = listPages(test.strava);
  assert.deepEqual(
    pages.map(({ query }) => query),
    Array.from({ length: 16 }, (_, index) => ({
      page: String(index + 1),
      per_page: "200",
    })),
  );
  assert.equal(run.status, "success");
  assert.deepEqual(
    [run.pages, run.fetched, run.inserted, run.updated, run.skipped],
    [15, 3000, 3000, 0, 0],
  );
  await assertComplete(test);
  const rows = await test.deps.sql<{ id: number; raw: SummaryActivity }[]>`
    select id, raw from activities
  `;
  const sent = new Map(history.map((activity) => [activity.id, activity]));
  for (const { id, raw } of rows) assert.deepEqual(raw, sent.get(id));
  const state = await readState(test.deps.sql);
  assert.equal(state.first_synced_at?.getTime(), NOW);
  assert.equal(state.last_success_at?.getTime(), NOW);
  assert.equal(state.leased_until, null);
});

for (const count of [0, 1, 199, 200, 201]) {
  Deno.test(`first sync: stores ${count} activities, and the next sync changes nothing`, async () => {
    await using test = await createConnected(createSpacedRuns(count));

    const first = await sync(test);
    const second = await sync(test);

    assert.deepEqual([first.status, first.inserted], ["success", count]);
    assert.deepEqual([second.inserted, second.updated], [0, 0]);
    await assertComplete(test);
  });
}

Deno.test("first sync: does not end at a short page", async () => {
  await using test = await createConnected(createSpacedRuns(23));
  test.strava.faults.shortPages = 7;

  const run = await sync(test);

  assert.deepEqual([run.pages, run.fetched], [4, 23]);
  assert.equal(listPages(test.strava).length, 5);
  await assertComplete(test);
});

Deno.test("first sync: commits each page together with its cursor, or neither", async () => {
  await using test = await createConnected(createSpacedRuns(30));
  const { sql } = test.deps;
  test.strava.faults.shortPages = 10;
  await sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'refused'; end
    $$;
    create trigger refuse before update of full_sync_cursor on sync_state
      for each row when (new.full_sync_cursor < old.full_sync_cursor)
      execute function refuse();
  `);

  const run = await sync(test);

  assert.equal(run.status, "failed");
  assert.equal(run.errorReason, "internal_error");
  assert.deepEqual([run.pages, run.inserted], [1, 10]);
  assert.equal((await readStoredIds(sql)).length, 10);
  const { full_sync_cursor } = await readState(sql);
  assert.equal(full_sync_cursor?.getTime(), NOW - 10 * DAY_MS + 1000);
});

Deno.test("first sync: continues at its cursor after a failure", async () => {
  await using test = await createConnected(createSpacedRuns(50));
  const { strava, deps } = test;
  strava.faults.shortPages = 10;
  const stop = strava.faults.inject(
    { kind: "status", status: 400, body: { json: {} } },
    { path: LIST, when: ({ query }) => query.get("page") === "3" },
  );

  const first = await sync(test);
  assert.deepEqual([first.status, first.pages], ["failed", 2]);
  const { full_sync_cursor } = await readState(deps.sql);
  assert.equal(full_sync_cursor?.getTime(), NOW - 20 * DAY_MS + 1000);
  strava.athletes.get(ATHLETE_ID)!.add({ start_date: toStart(NOW) });
  strava.clearRequests();
  stop.remove();
  const second = await sync(test);

  assert.equal(second.status, "success");
  await assertComplete(test);
  const before = String(full_sync_cursor!.getTime() / 1000);
  assert.deepEqual(
    listPages(strava).map(({ query }) => [query.before, query.page]),
    [
      [undefined, "1"], // recent activities come first
      [undefined, "2"],
      ...["1", "2", "3", "4", "5"].map((page) => [before, page]),
    ],
  );
  // The oldest activity of the last page is within the second that is read again.
  assert.deepEqual([second.inserted, second.updated], [31, 0]);
});

Deno.test("first sync: stores recent activities although older pages fail again", async () => {
  await using test = await createConnected(createSpacedRuns(50));
  const { strava, deps } = test;
  strava.faults.shortPages = 10;
  strava.faults.inject(
    { kind: "status", status: 400, body: { json: {} } },
    { path: LIST, when: ({ query }) => query.get("page") === "3" },
  );
  await sync(test);
  const added = strava.athletes.get(ATHLETE_ID)!.add({
    start_date: toStart(NOW),
  });

  const run = await sync(test);

  assert.equal(run.status, "failed");
  assert.ok((await readStoredIds(deps.sql)).includes(added.id));
  const { full_sync_cursor, first_synced_at } = await readState(deps.sql);
  assert.equal(first_synced_at, null);
  assert.equal(full_sync_cursor?.getTime(), NOW - 39 * DAY_MS + 1000);
});

Deno.test("first sync: finishes in the next process after a shutdown", async () => {
  await using test = await createConnected(createSpacedRuns(50));
  const { strava, deps } = test;
  strava.faults.shortPages = 10;
  let closing: Promise<void> | undefined;
  strava.faults.afterPage = (_athlete, page) => {
    if (page === 3) closing = deps.background.close();
  };

  const first = await sync(test);
  await closing;

  assert.equal(first.status, "interrupted");
  assert.deepEqual([first.errorReason, first.pages], [null, 2]);
  const state = await readState(deps.sql);
  assert.deepEqual(
    [state.leased_until, state.failures, state.next_due_at.getTime()],
    [null, 0, NOW],
  );
  strava.faults.afterPage = null;
  await using other = openSecondProcess(test);
  const second = await sync(other);
  assert.equal(second.status, "success");
  await assertComplete(test);
});

Deno.test("first sync: ends complete although the rate limit stops it repeatedly", async () => {
  await using test = await createConnected(createSpacedRuns(95), {
    strava: { limits: { readShort: 4 } },
  });
  const { strava, deps, clock } = test;
  strava.faults.shortPages = 10;

  let windows = 0;
  for (let status = ""; status !== "success"; windows++) {
    const run = await sync(test);
    status = run.status;
    if (status !== "success") assert.equal(run.errorReason, "rate_limited");
    clock.now = (await readState(deps.sql)).next_due_at.getTime();
    assert.ok(windows < 10, "no progress");
  }

  await assertComplete(test);
  assert.ok(strava.requests.every(({ status }) => status === 200));
});

for (const inclusiveBounds of [false, true]) {
  Deno.test(`first sync: resumes within a second that spans pages (${inclusiveBounds ? "in" : "ex"}clusive bounds)`, async () => {
    const processes = [1, 2, 3, 4].map((id) =>
      createActivity({ id, start_date: toStart(NOW - 90 * DAY_MS) }, ATHLETE_ID)
    );
    const older = createSpacedRuns(10, { newestDaysAgo: 200 });
    await using test = await createConnected([...processes, ...older]);
    const { strava } = test;
    Object.assign(strava.faults, { shortPages: 2, inclusiveBounds });
    const stop = strava.faults.inject(
      { kind: "status", status: 400, body: { json: {} } },
      { path: LIST, when: ({ query }) => query.get("page") === "2" },
    );
    assert.equal((await sync(test)).pages, 1);
    stop.remove();

    const run = await sync(test);

    assert.equal(run.status, "success");
    await assertComplete(test);
  });
}

Deno.test("first sync: uploads while it runs neither hide nor duplicate activities", async () => {
  await using test = await createConnected(createSpacedRuns(60));
  const { strava } = test;
  strava.faults.shortPages = 10;
  let added = 0;
  strava.faults.afterPage = (athlete) => {
    // One on top, one backdated into the pages already read, and one older than those.
    for (const daysAgo of [0, 5, 300]) {
      if (added++ < 9) {
        athlete.add({ start_date: toStart(NOW - daysAgo * DAY_MS + added) });
      }
    }
  };

  const first = await sync(test);
  const below = readStravaIds(strava).length - 6;
  assert.equal(first.status, "success");
  assert.equal((await readStoredIds(test.deps.sql)).length, below);
  test.clock.now += 60 * 60 * 1000;
  await sync(test);

  await assertComplete(test);
});

Deno.test("first sync: fails if the list repeats itself", async () => {
  await using test = await createConnected([]);
  const page = createSpacedRuns(5);
  test.strava.faults.inject(
    { kind: "status", status: 200, body: { json: page } },
    { path: LIST },
  );

  const run = await sync(test);

  assert.deepEqual(
    [run.status, run.errorReason, run.errorDetail],
    ["failed", "unavailable", "Strava's list of activities repeats itself"],
  );
  assert.equal(listPages(test.strava).length, 4);
  assert.equal((await readStoredIds(test.deps.sql)).length, 5);
});

Deno.test("first sync: counts pages of unparsable items as repeated only if identical", async () => {
  await using test = await createConnected(createSpacedRuns(12));
  const { strava } = test;
  strava.faults.shortPages = 1;
  for (const id of readStravaIds(strava).slice(2, 10)) {
    strava.faults.spoiled.set(id, "no_start_date");
  }

  const run = await sync(test);

  assert.deepEqual([run.status, run.skipped, run.inserted], ["success", 8, 4]);
  await using same = await createConnected([]);
  same.strava.faults.inject(
    { kind: "status", status: 200, body: { json: [null] } },
    { path: LIST },
  );
  assert.equal((await sync(same)).errorReason, "unavailable");
});

Deno.test("recent sync: sends one request if nothing is new", async () => {
  await using test = await createConnected(createHistory(1000));
  await sync(test);
  test.strava.clearRequests();
  test.clock.now += 60 * 60 * 1000;

  const run = await sync(test);

  assert.deepEqual(
    test.strava.requests.map(({ path, query }) => [path, query]),
    [[LIST, { page: "1", per_page: "200" }]],
  );
  assert.deepEqual([run.inserted, run.updated], [0, 0]);
});

Deno.test("recent sync: finds an edit ten days back and an upload thirteen days late", async () => {
  await using test = await createConnected(
    createSpacedRuns(400, { stepDays: 0.1 }),
  );
  const { strava, deps } = test;
  strava.faults.shortPages = 10; // the activities of a day
  await sync(test);
  const athlete = strava.athletes.get(ATHLETE_ID)!;
  const edited = [...athlete.activities.values()].find((activity) =>
    Date.parse(activity.start_date) < NOW - 10 * DAY_MS
  )!;
  athlete.update(edited.id, { distance: 4321 });
  const late = athlete.add({ start_date: toStart(NOW - 13 * DAY_MS) });

  const run = await sync(test);

  assert.deepEqual([run.inserted, run.updated], [1, 1]);
  const rows = await deps.sql<{ id: number; distance: number }[]>`
    select id, distance
    from activities
    where id in (${edited.id}, ${late.id})
    order by distance
  `;
  assert.deepEqual(rows.map(({ id }) => id), [edited.id, late.id]);
  assert.equal(rows[0]?.distance, 4321);
});

Deno.test("recent sync: writes no unchanged row and keeps the data version for them", async () => {
  await using test = await createConnected(createSpacedRuns(300));
  const { sql } = test.deps;
  const readRows = async (): Promise<object[]> => [
    ...await sql`
      select id, ctid::text, xmin::text, xmax::text, fetched_at
      from activities
      order by id
    `,
  ];
  await sync(test);
  const rows = await readRows();
  const { data_version } = await readState(sql);
  test.clock.now += 60 * 60 * 1000;

  await sync(test);

  assert.deepEqual(await readRows(), rows);
  // One for the new time of the last success, none for the pages.
  assert.equal((await readState(sql)).data_version, data_version + 1);
});

Deno.test("recent sync: misses nothing after thirty days without a server", async () => {
  await using test = await createConnected(createSpacedRuns(300));
  await sync(test);
  const athlete = test.strava.athletes.get(ATHLETE_ID)!;
  test.clock.now += 30 * DAY_MS;
  // Several pages of activities, and one from before the server stopped that was uploaded late.
  for (let index = 0; index < 450; index++) {
    athlete.add({ start_date: toStart(NOW + index * 30 * DAY_MS / 450) });
  }
  athlete.add({ start_date: toStart(NOW - 13 * DAY_MS) });
  test.strava.grants.expireAccess(ATHLETE_ID);

  const run = await sync(test);

  assert.deepEqual([run.status, run.inserted], ["success", 451]);
  await assertComplete(test);
});

Deno.test("GET /strava/callback: reconnecting runs a full sync for the new scopes", async () => {
  await using test = await createTestApp({ activities: createSpacedRuns(450) });
  const { strava, deps } = test;
  const oldId = readStravaIds(strava)[0]!;
  strava.athletes.get(ATHLETE_ID)!.update(oldId, { visibility: "only_me" });
  await test.connect({ scopes: ["read", "activity:read"] });
  await test.idle();
  assert.equal((await readStoredIds(deps.sql)).length, 449);

  await test.connect();
  await test.idle();

  await assertComplete(test);
  assert.notEqual((await readState(deps.sql)).first_synced_at, null);
});
