import assert from "node:assert/strict";
import { copyActivities } from "../support/activities.ts";
import { dropRaw } from "../../db/raw.ts";
import { deleteActivities } from "../../db/deleted_activities.ts";
import type { Deps } from "../../server/context.ts";
import { applyRetention } from "../../server/retention.ts";
import { RETENTION_CRON } from "../../server/sync/schedule.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../support/app.ts";
import {
  connectQuietly,
  createSpaced,
  openTwin,
  sync,
} from "../support/sync.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const OTHER_ID = 700_002;

async function dropOldAnswers(deps: Deps): Promise<number> {
  return (await applyRetention(deps)).dropped;
}

interface Kept {
  all: number;
  answers: number;
}

/** How many activities are stored, and of how many Strava's answer. */
async function countKept(
  { deps: { sql } }: TestApp,
  athleteId = ATHLETE_ID,
): Promise<Kept> {
  const [row] = await sql<Kept[]>`
    select count(*) as all, count(raw) as answers
    from activities
    where athlete_id = ${athleteId}
  `;
  return { ...row! };
}

/** An athlete whose history was fetched at the test's beginning. */
async function createSynced(
  { days = "7", count = 20 }: { days?: string; count?: number } = {},
): Promise<TestApp> {
  return await createTestApp({
    env: { STRAVA_RETENTION: days },
    activities: createSpaced(count),
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

Deno.test("STRAVA_RETENTION: drops old raw JSON and keeps everything served", async () => {
  await using test = await createSynced();
  const before = await readAll(test);

  test.clock.now += 7 * DAY_MS;
  const early = await dropOldAnswers(test.deps);
  const untouched = await countKept(test);
  test.clock.now += 1;
  const dropped = await dropOldAnswers(test.deps);

  assert.deepEqual([early, untouched], [0, { all: 20, answers: 20 }]);
  assert.equal(dropped, 20);
  assert.deepEqual(await countKept(test), { all: 20, answers: 0 });
  assert.deepEqual(await readAll(test), before);
});

Deno.test("STRAVA_RETENTION: keeps everything with forever", async () => {
  await using test = await createSynced({ days: "forever" });

  test.clock.now += 40_000 * DAY_MS;

  assert.equal(await dropOldAnswers(test.deps), 0);
  assert.deepEqual(await countKept(test), { all: 20, answers: 20 });
});

Deno.test("STRAVA_RETENTION: a later sync writes nothing, in any field order", async () => {
  await using test = await createSynced();
  test.clock.now += 8 * DAY_MS;
  await dropOldAnswers(test.deps);
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
  assert.deepEqual(await countKept(test), { all: 20, answers: 0 });
});

Deno.test("STRAVA_RETENTION: keeps new raw JSON of a changed activity", async () => {
  await using test = await createSynced();
  test.clock.now += 8 * DAY_MS;
  await dropOldAnswers(test.deps);
  const { activities } = test.strava.athletes.get(ATHLETE_ID)!;
  const [newest] = [...activities.values()].toSorted((a, b) =>
    b.start_date.localeCompare(a.start_date)
  );
  activities.set(newest!.id, { ...newest!, name: "Renamed" });

  const run = await sync(test);

  assert.deepEqual([run.inserted, run.updated], [0, 1]);
  assert.deepEqual(await countKept(test), { all: 20, answers: 1 });
  test.clock.now += 6 * DAY_MS;
  assert.equal(await dropOldAnswers(test.deps), 0);
  test.clock.now += 2 * DAY_MS;
  assert.equal(await dropOldAnswers(test.deps), 1);
});

Deno.test("STRAVA_RETENTION: applies to several athletes, revoked ones included", async () => {
  await using test = await createSynced();
  const { sql } = test.deps;
  await connectQuietly(test, OTHER_ID);
  await copyActivities(sql, {
    changes: sql`'{"athlete_id": 700002}'`,
    from: sql`activities where athlete_id = ${ATHLETE_ID}`,
  });
  await sql`update athletes set revoked_at = now() where id = ${OTHER_ID}`;

  test.clock.now += 8 * DAY_MS;

  assert.equal(await dropOldAnswers(test.deps), 40);
  assert.deepEqual(await countKept(test, OTHER_ID), { all: 20, answers: 0 });
});

Deno.test("STRAVA_RETENTION: purges activities deleted long ago", async () => {
  await using test = await createSynced();
  const { sql } = test.deps;
  await connectQuietly(test, OTHER_ID);
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
  assert.deepEqual(ended, { dropped: 17, purged: 3, forgotten: 0 });
  assert.deepEqual(await countKept(test), { all: 17, answers: 0 });
  assert.deepEqual(await readAll(test), before);
});

Deno.test("STRAVA_RETENTION: drops each once with several processes", async () => {
  await using test = await createSynced({ count: 1 });
  await using twin = openTwin(test);
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
    dropOldAnswers(test.deps),
    dropOldAnswers(twin.deps),
    dropOldAnswers(test.deps),
  ]);
  const rest = await dropOldAnswers(test.deps);

  assert.equal(counts.reduce((sum, count) => sum + count, rest), 5000);
  assert.deepEqual(await countKept(test), { all: 5000, answers: 0 });
});

Deno.test("dropRaw: skips a locked row and drops it the next time", async () => {
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

Deno.test("STRAVA_RETENTION: continues after a process ended", async () => {
  await using test = await createSynced();
  test.clock.now += 8 * DAY_MS;
  const ending = { ...test.deps, background: { ...test.deps.background } };
  Object.assign(ending.background, { signal: AbortSignal.abort() });

  assert.equal(await dropOldAnswers(ending), 0);
  assert.equal(await dropOldAnswers(test.deps), 20);
});

Deno.test("RETENTION_CRON: runs every day", () => {
  assert.match(RETENTION_CRON, /^\d+ \d+ \* \* \*$/);
});
