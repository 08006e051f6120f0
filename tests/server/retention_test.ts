import assert from "node:assert/strict";
import { copyActivities } from "../support/activities.ts";
import { dropRaw } from "../../db/raw.ts";
import { deleteActivities } from "../../db/deleted_activities.ts";
import type { Deps } from "../../server/context.ts";
import { applyRetention, RETENTION_CRON } from "../../server/retention.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../support/app.ts";
import {
  connectWithoutSync,
  createSpacedRuns,
  openSecondProcess,
  sync,
} from "../support/sync.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const OTHER_ID = 700_002;

async function dropOldRaw(deps: Deps): Promise<number> {
  return (await applyRetention(deps)).dropped;
}

interface Counts {
  all: number;
  withRaw: number;
}

/** Counts the stored activities, and those that still have raw JSON. */
async function countActivities(
  { deps: { sql } }: TestApp,
  athleteId = ATHLETE_ID,
): Promise<Counts> {
  const [row] = await sql<Counts[]>`
    select count(*) as all, count(raw) as "withRaw"
    from activities
    where athlete_id = ${athleteId}
  `;
  return { ...row! };
}

/** Creates an athlete whose activities were fetched when the test started. */
async function createSynced(
  { days = "7", count = 20 }: { days?: string; count?: number } = {},
): Promise<TestApp> {
  return await createTestApp({
    env: { STRAVA_RETENTION: days },
    activities: createSpacedRuns(count),
    synced: true,
  });
}

async function readAll(test: TestApp): Promise<unknown[]> {
  const paths = [
    "/strava/stats/ytd",
    "/strava/stats/yearly",
    "/strava/stats/totals",
    "/strava/activities",
  ];
  return await Promise.all(
    paths.map(async (path) => await (await test.get(path)).json()),
  );
}

Deno.test("STRAVA_RETENTION: drops raw JSON after that many days and serves the same data", async () => {
  await using test = await createSynced();
  const before = await readAll(test);

  test.clock.now += 7 * DAY_MS;
  const early = await dropOldRaw(test.deps);
  const untouched = await countActivities(test);
  test.clock.now += 1;
  const dropped = await dropOldRaw(test.deps);

  assert.deepEqual([early, untouched], [0, { all: 20, withRaw: 20 }]);
  assert.equal(dropped, 20);
  assert.deepEqual(await countActivities(test), { all: 20, withRaw: 0 });
  assert.deepEqual(await readAll(test), before);
});

Deno.test("STRAVA_RETENTION: keeps everything with forever", async () => {
  await using test = await createSynced({ days: "forever" });

  test.clock.now += 40_000 * DAY_MS;

  assert.equal(await dropOldRaw(test.deps), 0);
  assert.deepEqual(await countActivities(test), { all: 20, withRaw: 20 });
});

Deno.test("STRAVA_RETENTION: the next sync writes nothing, even for reordered fields", async () => {
  await using test = await createSynced();
  test.clock.now += 8 * DAY_MS;
  await dropOldRaw(test.deps);
  const { sql } = test.deps;
  const read = () => sql`select ctid::text, id from activities order by id`;
  const before = await read();

  const same = await sync(test);
  const { listActivities } = test.deps.strava;
  test.deps.strava.listActivities = async (options) => {
    const items = await listActivities.call(test.deps.strava, options);
    return items.map((item) =>
      Object.fromEntries(Object.entries(item as object).reverse())
    );
  };
  const reordered = await sync(test);

  for (const run of [same, reordered]) {
    assert.ok(run.fetched > 0);
    assert.deepEqual([run.status, run.inserted + run.updated], ["success", 0]);
  }
  assert.deepEqual(await read(), before);
  assert.deepEqual(await countActivities(test), { all: 20, withRaw: 0 });
});

Deno.test("STRAVA_RETENTION: keeps new raw JSON of a changed activity for as long again", async () => {
  await using test = await createSynced();
  test.clock.now += 8 * DAY_MS;
  await dropOldRaw(test.deps);
  const { activities } = test.strava.athletes.get(ATHLETE_ID)!;
  const [newest] = [...activities.values()].toSorted((a, b) =>
    b.start_date.localeCompare(a.start_date)
  );
  activities.set(newest!.id, { ...newest!, name: "Renamed" });

  const run = await sync(test);

  assert.deepEqual([run.inserted, run.updated], [0, 1]);
  assert.deepEqual(await countActivities(test), { all: 20, withRaw: 1 });
  test.clock.now += 6 * DAY_MS;
  assert.equal(await dropOldRaw(test.deps), 0);
  test.clock.now += 2 * DAY_MS;
  assert.equal(await dropOldRaw(test.deps), 1);
});

Deno.test("STRAVA_RETENTION: applies to every athlete, disconnected ones too", async () => {
  await using test = await createSynced();
  const { sql } = test.deps;
  await connectWithoutSync(test, OTHER_ID);
  await copyActivities(sql, {
    changes: sql`'{"athlete_id": 700002}'`,
    from: sql`activities where athlete_id = ${ATHLETE_ID}`,
  });
  await sql`update athletes set revoked_at = now() where id = ${OTHER_ID}`;

  test.clock.now += 8 * DAY_MS;

  assert.equal(await dropOldRaw(test.deps), 40);
  assert.deepEqual(await countActivities(test, OTHER_ID), {
    all: 20,
    withRaw: 0,
  });
});

Deno.test("STRAVA_RETENTION: purges activities that were deleted that long ago", async () => {
  await using test = await createSynced();
  const { sql } = test.deps;
  await connectWithoutSync(test, OTHER_ID);
  const ids = (await sql<{ id: number }[]>`select id from activities`)
    .map(({ id }) => id);
  await deleteActivities(sql, {
    athleteId: ATHLETE_ID,
    ids: ids.slice(0, 3),
    now: new Date(test.clock.now),
  });
  const before = await readAll(test);

  test.clock.now += 7 * DAY_MS;
  const early = await applyRetention(test.deps);
  test.clock.now += 1;
  const ended = await applyRetention(test.deps);

  assert.equal(early.purged, 0);
  assert.deepEqual(ended, { dropped: 17, purged: 3, auditEvents: 0 });
  assert.deepEqual(await countActivities(test), { all: 17, withRaw: 0 });
  assert.deepEqual(await readAll(test), before);
});

Deno.test("applyRetention: drops each raw JSON once in many batches and processes", async () => {
  await using test = await createSynced({ count: 1 });
  await using twin = openSecondProcess(test);
  const { sql } = test.deps;
  await copyActivities(sql, {
    changes: sql`jsonb_build_object('id', number)`,
    from: sql`
      activities, generate_series(1, 4999) as number
      where athlete_id = ${ATHLETE_ID}
    `,
  });
  test.clock.now += 8 * DAY_MS;

  const counts = await Promise.all([
    dropOldRaw(test.deps),
    dropOldRaw(twin.deps),
    dropOldRaw(test.deps),
  ]);
  const rest = await dropOldRaw(test.deps);

  assert.equal(counts.reduce((sum, count) => sum + count, rest), 5000);
  assert.deepEqual(await countActivities(test), { all: 5000, withRaw: 0 });
});

Deno.test("dropRaw: skips locked rows and drops them the next time", async () => {
  await using test = await createSynced();
  const { sql } = test.deps;
  const [{ id }] = await sql<
    [{ id: number }]
  >`select min(id) as id from activities`;
  const batch = {
    athleteId: ATHLETE_ID,
    fetchedBefore: new Date(test.clock.now + DAY_MS),
    afterId: 0,
    limit: 100,
  };

  const first = await sql.begin(async (tx) => {
    await tx`select from activities where id = ${id} for update`;
    return await dropRaw(sql, batch);
  });
  const second = await dropRaw(sql, batch);

  assert.deepEqual([first.dropped, second.dropped], [19, 1]);
});

Deno.test("applyRetention: stops with the process and leaves the rest to the next one", async () => {
  await using test = await createSynced();
  test.clock.now += 8 * DAY_MS;
  const ending = { ...test.deps, background: { ...test.deps.background } };
  Object.assign(ending.background, { signal: AbortSignal.abort() });

  assert.equal(await dropOldRaw(ending), 0);
  assert.equal(await dropOldRaw(test.deps), 20);
});

Deno.test("RETENTION_CRON: runs every day", () => {
  assert.match(RETENTION_CRON, /^\d+ \d+ \* \* \*$/);
});
