import assert from "node:assert/strict";
import type { RequestRecord } from "../../../strava_simulator/types.ts";
import { syncDueAthletes } from "../../../server/sync/sync.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { connectQuietly, createSpaced, listPages } from "../../support/sync.ts";

const FIRST_ID = 710_000;
const PER_PAGE = 200;
/** A window and the pause after a spent one. */
const WINDOW_MS = 15 * 60_000 + 16_000;
/** What Strava lets the application read in a quarter hour. */
const READS = 10;

/** Athletes who are connected at once, each with so many activities. */
async function createAthletes(
  counts: readonly number[],
): Promise<{ test: TestApp; ids: number[] }> {
  const test = await createTestApp({
    strava: { limits: { readShort: READS } },
  });
  const ids = counts.map((_, index) => FIRST_ID + index);
  for (const [index, id] of ids.entries()) {
    const activities = createSpaced(counts[index]!).map((activity) => ({
      ...activity,
      id: activity.id + 10_000_000 * (index + 1),
      athlete: { ...activity.athlete, id },
    }));
    test.strava.addAthlete({ id }, activities);
    await connectQuietly(test, id);
  }
  return { test, ids };
}

/** Ticks window by window until all histories are in; what each athlete asked for, by window. */
async function play(
  test: TestApp,
  { unfinished }: { unfinished: boolean },
): Promise<RequestRecord[][]> {
  const windows: RequestRecord[][] = [];
  while (await isAnyUnfinished(test)) {
    assert.ok(windows.length < 60, "it never ends");
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

/** What a history takes: its pages and the empty one. */
function needOf(count: number): number {
  return Math.ceil(count / PER_PAGE) + 1;
}

function countOf(requests: readonly RequestRecord[], id: number): number {
  return requests.filter(({ athleteId }) => athleteId === id).length;
}

/** In which windows the athlete had pages, the first being 0. */
function turnsOf(
  windows: readonly (readonly RequestRecord[])[],
  id: number,
  atLeast = 1,
): number[] {
  return windows.flatMap((requests, window) =>
    countOf(requests, id) >= atLeast ? [window] : []
  );
}

Deno.test("fairness: ten first syncs take turns within one rate limit", async () => {
  const counts = [2550, 2550, 390, 390, 390, 390, 390, 390, 390, 390];
  const { test, ids } = await createAthletes(counts);
  await using _ = test;

  const windows = await play(test, { unfinished: true });

  const all = windows.flat();
  for (const [index, id] of ids.entries()) {
    const own = all.filter(({ athleteId }) => athleteId === id);
    const again = turnsOf(windows, id).length - 1;
    // Whoever goes on looks first for what is new, which is one request. Where only the empty page
    // was left, the last second is asked for again.
    const [, ...fresh] = own.filter(({ query }) =>
      query["page"] === "1" && !query["before"]
    );
    assert.equal(fresh.length, again, `${id}`);
    const need = needOf(counts[index]!);
    const walked = own.length - fresh.length;
    assert.ok(walked >= need && walked <= need + again, `${id}: ${walked}`);
    const asked = own.filter((request) => !fresh.includes(request))
      .map(({ query }) => `${query["before"]} ${query["page"]}`);
    assert.equal(new Set(asked).size, walked, `${id}: asked twice`);
  }
  assert.equal(all.length, listPages(test.strava).length);
  assert.equal(
    all.length,
    ids.reduce((sum, id) => sum + countOf(all, id), 0),
    "nobody else asks",
  );
  assert.ok(all.every(({ status }) => status === 200));
  for (const requests of windows) assert.ok(requests.length <= READS);

  // More than the one request for what is new: a turn at the history.
  const first = ids.map((id) => turnsOf(windows, id)[0]!);
  const second = ids.map((id) => turnsOf(windows, id, 2)[1] ?? Infinity);
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
  const [budget] = await test.deps.sql`select request_count from rate_limit`;
  assert.equal(budget!["request_count"], all.length);
});

Deno.test("fairness: two long first syncs share the windows", async () => {
  const { test, ids } = await createAthletes([4950, 4950]);
  await using _ = test;

  const windows = await play(test, { unfinished: true });

  const [one, two] = ids.map((id) => turnsOf(windows, id, 2));
  assert.deepEqual(one!.slice(0, 3), [0, 2, 4]);
  assert.deepEqual(two!.slice(0, 3), [1, 3, 5]);
});

Deno.test("fairness: first syncs leave requests for others' new activities", async () => {
  const { test, ids } = await createAthletes([2550, 2550, 30]);
  await using _ = test;
  const small = ids[2]!;
  // The small one is there first, and has all when the long ones come.
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

  const windows = await play(test, { unfinished: false });

  assert.ok(windows.length >= 4);
  for (const requests of windows) assert.equal(countOf(requests, small), 1);
});
