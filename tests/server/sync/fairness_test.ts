import assert from "node:assert/strict";
import type { RequestRecord } from "../../../strava_simulator/types.ts";
import { syncDueAthletes } from "../../../server/sync/run_sync.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import {
  connectWithoutSync,
  createSpacedRuns,
  listPages,
} from "../../support/sync.ts";

const FIRST_ID = 710_000;
const PER_PAGE = 200;
/** Length of a window and of the pause after a used-up one. */
const WINDOW_MS = 15 * 60_000 + 16_000;
/** Strava's read limit for a quarter hour. */
const READ_LIMIT = 10;

/** Connects athletes at the same moment, one for each of `counts`, with that many activities. */
async function createAthletes(
  counts: readonly number[],
): Promise<{ test: TestApp; ids: number[] }> {
  const test = await createTestApp({
    strava: { limits: { readShort: READ_LIMIT } },
  });
  const ids = counts.map((_, index) => FIRST_ID + index);
  for (const [index, id] of ids.entries()) {
    const activities = createSpacedRuns(counts[index]!).map((activity) => ({
      ...activity,
      id: activity.id + 10_000_000 * (index + 1),
      athlete: { ...activity.athlete, id },
    }));
    test.strava.addAthlete({ id }, activities);
    await connectWithoutSync(test, id);
  }
  return { test, ids };
}

/** Ticks once a window until every first sync has finished. Returns the requests of each window. */
async function syncUntilFinished(
  test: TestApp,
  { unfinished }: { unfinished: boolean },
): Promise<RequestRecord[][]> {
  const windows: RequestRecord[][] = [];
  while (await isAnyUnfinished(test)) {
    assert.ok(windows.length < 60, "no end after 60 windows");
    const before = test.strava.requests.length;
    await syncDueAthletes(test.deps, { unfinished });
    windows.push(test.strava.requests.slice(before));
    test.clock.now += WINDOW_MS;
  }
  return windows;
}

async function isAnyUnfinished({ deps }: TestApp): Promise<boolean> {
  const rows = await deps.sql`
    select from sync_state where first_synced_at is null
  `;
  return rows.length > 0;
}

/** Returns the number of pages of a first sync, with the empty one at the end. */
function countPages(count: number): number {
  return Math.ceil(count / PER_PAGE) + 1;
}

function countRequests(requests: readonly RequestRecord[], id: number): number {
  return requests.filter(({ athleteId }) => athleteId === id).length;
}

/** Returns the indexes of the windows with at least `atLeast` requests of the athlete. */
function findWindows(
  windows: readonly (readonly RequestRecord[])[],
  id: number,
  atLeast = 1,
): number[] {
  return windows.flatMap((requests, window) =>
    countRequests(requests, id) >= atLeast ? [window] : []
  );
}

Deno.test("syncDueAthletes: gives all ten first syncs a turn before any gets a second", async () => {
  const counts = [2550, 2550, 390, 390, 390, 390, 390, 390, 390, 390];
  const { test, ids } = await createAthletes(counts);
  await using _ = test;

  const windows = await syncUntilFinished(test, { unfinished: true });

  const all = windows.flat();
  for (const [index, id] of ids.entries()) {
    const own = all.filter(({ athleteId }) => athleteId === id);
    const again = findWindows(windows, id).length - 1;
    // A continued sync reads the recent activities first, with one request. If only the empty page
    // was left, it also reads the cursor's second again.
    const [, ...fresh] = own.filter(({ query }) =>
      query["page"] === "1" && !query["before"]
    );
    assert.equal(fresh.length, again, `${id}`);
    const needed = countPages(counts[index]!);
    const read = own.length - fresh.length;
    assert.ok(read >= needed && read <= needed + again, `${id}: ${read}`);
    const pages = own.filter((request) => !fresh.includes(request))
      .map(({ query }) => `${query["before"]} ${query["page"]}`);
    assert.equal(new Set(pages).size, read, `${id}: requested a page twice`);
  }
  assert.equal(all.length, listPages(test.strava).length);
  assert.equal(
    all.length,
    ids.reduce((sum, id) => sum + countRequests(all, id), 0),
    "no other requests",
  );
  assert.ok(all.every(({ status }) => status === 200));
  for (const requests of windows) assert.ok(requests.length <= READ_LIMIT);

  // More requests than the one for recent activities: the full list made progress.
  const first = ids.map((id) => findWindows(windows, id)[0]!);
  const second = ids.map((id) => findWindows(windows, id, 2)[1] ?? Infinity);
  assert.ok(
    Math.max(...first) <= Math.min(...second),
    JSON.stringify({ first, second }),
  );
  const [row] = await test.deps.sql`
    select count(*) as activities from activities where deleted_at is null
  `;
  assert.equal(
    row!["activities"],
    counts.reduce((sum, count) => sum + count, 0),
  );
  const [limit] = await test.deps.sql`select request_count from rate_limit`;
  assert.equal(limit!["request_count"], all.length);
});

Deno.test("syncDueAthletes: alternates between two long first syncs", async () => {
  const { test, ids } = await createAthletes([4950, 4950]);
  await using _ = test;

  const windows = await syncUntilFinished(test, { unfinished: true });

  const [one, two] = ids.map((id) => findWindows(windows, id, 2));
  assert.deepEqual(one!.slice(0, 3), [0, 2, 4]);
  assert.deepEqual(two!.slice(0, 3), [1, 3, 5]);
});

Deno.test("syncDueAthletes: syncs others every window during long first syncs", async () => {
  const { test, ids } = await createAthletes([2550, 2550, 30]);
  await using _ = test;
  const small = ids[2]!;
  // The small account has finished its first sync before the long ones start.
  await test.deps.sql`
    update sync_state set next_due_at = now() + interval '9 years'
    where athlete_id <> ${small}
  `;
  await syncDueAthletes(test.deps);
  await test.deps.sql`
    update sync_state set next_due_at = ${new Date(test.clock.now)}
    where athlete_id <> ${small}
  `;
  test.clock.now += WINDOW_MS;

  const windows = await syncUntilFinished(test, { unfinished: false });

  assert.ok(windows.length >= 4);
  for (const requests of windows) {
    assert.equal(countRequests(requests, small), 1);
  }
});
