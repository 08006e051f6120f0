import assert from "node:assert/strict";
import { deleteAthlete } from "../../../../db/athletes.ts";
import { claimStreams } from "../../../../db/streams/stream_fetches.ts";
import { applyRetention } from "../../../../server/retention.ts";
import { fetchStreams } from "../../../../server/sync/streams/fetch_streams.ts";
import { createActivity } from "../../../../strava_simulator/fixtures.ts";
import type { SummaryActivity } from "../../../../strava_simulator/types.ts";
import {
  ATHLETE_ID,
  NOW,
  type TestApp,
  type TestAppOptions,
} from "../../../support/app.ts";
import {
  createFolder,
  createGpx,
  importPaths,
} from "../../../support/files.ts";
import {
  connectWithoutSync,
  createConnected,
  createSpacedRuns,
  openSecondProcess,
  sync,
  toStart,
  until,
} from "../../../support/sync.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const STREAMS = /^\/api\/v3\/activities\/(\d+)\/streams$/;

/** Creates a synced athlete whose streams Strava is asked for. */
async function createSynced(
  activities: readonly SummaryActivity[],
  options: TestAppOptions = {},
): Promise<TestApp> {
  const test = await createConnected(activities, {
    ...options,
    env: { STRAVA_STREAMS: "all", ...options.env },
  });
  await sync(test);
  test.clock.now += DAY_MS / 4;
  test.strava.clearRequests();
  return test;
}

/** Returns the activities whose streams Strava was asked for, oldest request first. */
function listAsked({ strava }: TestApp): number[] {
  return strava.requests.flatMap(({ path }) => {
    const [, id] = STREAMS.exec(path) ?? [];
    return id === undefined ? [] : [Number(id)];
  });
}

async function readFetches(
  { deps: { sql } }: TestApp,
): Promise<Record<string, string>> {
  const rows = await sql<{ id: number; outcome: string }[]>`
    select activity_id as id, outcome
    from stream_fetches
    where athlete_id = ${ATHLETE_ID}
    order by activity_id
  `;
  return Object.fromEntries(rows.map(({ id, outcome }) => [id, outcome]));
}

async function readStored({ deps: { sql } }: TestApp): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select activity_id as id
    from strava_streams
    where athlete_id = ${ATHLETE_ID}
    order by id
  `;
  return rows.map(({ id }) => id);
}

/** Returns the ids of activities, the newest first. */
const toIds = (activities: readonly SummaryActivity[]): number[] =>
  activities.map(({ id }) => id);

Deno.test("fetchStreams: stores each activity's streams, the newest first", async () => {
  const runs = createSpacedRuns(5).map((run) => ({
    ...run,
    average_heartrate: 140,
    map: { ...run.map, summary_polyline: "_p~iF~ps|U_ulLnnqC_mqNvxq`@" },
  }));
  await using test = await createSynced(runs);

  await fetchStreams(test.deps);

  assert.deepEqual(listAsked(test), toIds(runs));
  assert.deepEqual(await readStored(test), toIds(runs).toSorted());
  const response = await test.get(
    `/strava/activities/${runs[2]!.id}/streams?resolution=50000`,
    { key: true },
  );
  const { source, points, streams } = await response.json();
  assert.equal(source, "strava");
  assert.ok(points > 1000);
  assert.equal(streams.heartrate.length, points);
  assert.equal(streams.latlng.length, points);
  assert.equal(streams.moving[5], true);
  assert.ok(streams.grade_smooth.some((grade: number) => grade === 3));
  const { query } = test.strava.requests.find(({ path }) =>
    STREAMS.test(path)
  )!;
  assert.equal(query["key_by_type"], "true");
  assert.equal(query["resolution"], undefined);
  await fetchStreams(test.deps);
  assert.equal(listAsked(test).length, runs.length);
});

Deno.test("fetchStreams: asks nothing by default", async () => {
  await using test = await createSynced(createSpacedRuns(3), {
    env: { STRAVA_STREAMS: "off" },
  });

  await fetchStreams(test.deps);

  assert.deepEqual(listAsked(test), []);
});

Deno.test("fetchStreams: asks with `new` only for what the first sync did not bring", async () => {
  await using test = await createSynced(createSpacedRuns(3), {
    env: { STRAVA_STREAMS: "new" },
  });
  const { activities } = test.strava.athletes.get(ATHLETE_ID)!;
  const old = toStart(NOW - 5 * DAY_MS);
  activities.set(7, createActivity({ id: 7, start_date: old }, ATHLETE_ID));
  await sync(test);

  await fetchStreams(test.deps);

  assert.deepEqual(listAsked(test), [7]);
});

Deno.test("fetchStreams: leaves two fifths of each window to syncs, and goes on later", async () => {
  const runs = createSpacedRuns(100);
  await using test = await createSynced(runs);

  await fetchStreams(test.deps);
  const first = listAsked(test);
  await fetchStreams(test.deps);
  assert.deepEqual(listAsked(test), first);
  test.clock.now += 15 * MINUTE_MS;
  await fetchStreams(test.deps);

  assert.equal(first.length, 60);
  assert.deepEqual(listAsked(test), toIds(runs));
  assert.equal((await readStored(test)).length, 100);
});

Deno.test("fetchStreams: waits for unfinished syncs", async () => {
  await using test = await createSynced(createSpacedRuns(3));
  const { sql } = test.deps;
  await sql`update sync_state set failures = 1`;
  await fetchStreams(test.deps);
  await sql`update sync_state set failures = 0, full_sync_requested_at = now()`;
  await fetchStreams(test.deps);
  assert.deepEqual(listAsked(test), []);

  await sql`update sync_state set full_sync_requested_at = null`;
  await fetchStreams(test.deps);

  assert.equal(listAsked(test).length, 3);
});

Deno.test("fetchStreams: ends at a 429 and asks for the same activity again", async () => {
  const runs = createSpacedRuns(4);
  await using test = await createSynced(runs);
  test.strava.faults.inject({ kind: "rate_limit" }, {
    path: "/api/v3/activities/*/streams",
    skip: 1,
    times: 1,
  });

  await fetchStreams(test.deps);
  const before = listAsked(test);
  test.clock.now += 16 * MINUTE_MS;
  await fetchStreams(test.deps);

  assert.deepEqual(before, toIds(runs).slice(0, 2));
  assert.deepEqual(listAsked(test).slice(2), toIds(runs).slice(1));
  const [row] = await test.deps
    .sql`select max(failures) as most from stream_fetches`;
  assert.equal(row!["most"], 0);
});

Deno.test("fetchStreams: remembers that an activity has no streams", async () => {
  const [run, treadmill, manual] = createSpacedRuns(3);
  manual!.manual = true;
  await using test = await createSynced([run!, treadmill!, manual!]);
  test.strava.faults.inject({ kind: "status", status: 404 }, {
    path: `/api/v3/activities/${treadmill!.id}/streams`,
  });

  await fetchStreams(test.deps);
  test.clock.now += 30 * DAY_MS;
  await fetchStreams(test.deps);

  assert.deepEqual(listAsked(test), [run!.id, treadmill!.id]);
  assert.deepEqual(await readFetches(test), {
    [run!.id]: "stored",
    [treadmill!.id]: "none",
  });
});

Deno.test("fetchStreams: asks again after 5, 15 and 45 minutes for a new activity", async () => {
  await using test = await createSynced([]);
  const { activities } = test.strava.athletes.get(ATHLETE_ID)!;
  const start_date = toStart(test.clock.now - HOUR_MS);
  activities.set(7, createActivity({ id: 7, start_date }, ATHLETE_ID));
  await sync(test);
  const fault = test.strava.faults.inject(
    { kind: "status", status: 200, body: { json: {} } },
    { path: "/api/v3/activities/7/streams" },
  );
  const counts: number[] = [];
  for (const minutes of [0, 4, 2, 10, 6, 40, 6, 600]) {
    test.clock.now += minutes * MINUTE_MS;
    await fetchStreams(test.deps);
    counts.push(fault.hits);
  }

  assert.deepEqual(counts, [1, 1, 2, 2, 3, 3, 4, 4]);
  assert.deepEqual(await readFetches(test), { 7: "none" });
});

Deno.test("fetchStreams: passes over an activity for which Strava always fails", async () => {
  const runs = createSpacedRuns(3);
  await using test = await createSynced(runs);
  const broken = runs[0]!.id;
  test.strava.faults.broken.add(broken);
  const asked: number[] = [];
  for (const hours of [0, 0.5, 1, 6, 24, 7 * 24, 365 * 24]) {
    test.clock.now += hours * HOUR_MS;
    test.strava.clearRequests();
    await fetchStreams(test.deps);
    asked.push(listAsked(test).filter((id) => id === broken).length);
  }

  // Three attempts each time.
  assert.deepEqual(asked, [3, 0, 3, 3, 3, 3, 0]);
  assert.equal((await readFetches(test))[broken], "refused");
  assert.deepEqual(await readStored(test), toIds(runs.slice(1)).toSorted());
});

Deno.test("fetchStreams: ends after three failures in a row", async () => {
  await using test = await createSynced(createSpacedRuns(9));
  test.strava.faults.inject({ kind: "status", status: 503, body: "html" }, {
    path: STREAMS,
  });

  await fetchStreams(test.deps);

  assert.equal(new Set(listAsked(test)).size, 3);
});

Deno.test("fetchStreams: stores nothing of a response of another form", async () => {
  const runs = createSpacedRuns(1);
  const stream = (data: unknown): unknown => ({ data, series_type: "time" });
  for (
    const json of [
      { time: stream([0, 1]), heartrate: stream([100]) },
      { time: stream("0,1") },
      { time: stream([0, {}]) },
      [{ type: "time", data: [0, 1] }],
      { time: stream([0, 1]), latlng: stream([[1], [2, 3]]) },
    ]
  ) {
    await using test = await createSynced(runs);
    test.strava.faults.inject({ kind: "status", status: 200, body: { json } }, {
      path: STREAMS,
    });

    await fetchStreams(test.deps);

    assert.deepEqual(await readStored(test), [], JSON.stringify(json));
  }
});

Deno.test("fetchStreams: takes odd values of Strava for what they are", async () => {
  const runs = createSpacedRuns(1);
  await using test = await createSynced(runs);
  const json = {
    time: { data: [0, 5, 3, 9] },
    latlng: { data: [null, [], [47.1, 8.1], [200, 8]] },
    heartrate: { data: [null, "121", 122, 1e12] },
    watts: null,
    unknown: { data: ["x"] },
    moving: { data: [false, null, true, true] },
  };
  test.strava.faults.inject({ kind: "status", status: 200, body: { json } }, {
    path: STREAMS,
  });

  await fetchStreams(test.deps);

  const path = `/strava/activities/${runs[0]!.id}/streams`;
  const response = await test.get(path, { key: true });
  assert.deepEqual((await response.json()).streams, {
    time: [0, 5, 5, 9],
    latlng: [null, null, [47.1, 8.1], null],
    heartrate: [null, 121, 122, null],
    moving: [false, false, true, true],
  });
});

Deno.test("fetchStreams: fetches again after a crop, not after another name", async () => {
  const runs = createSpacedRuns(3);
  await using test = await createSynced(runs);
  await fetchStreams(test.deps);
  const [first, second, third] = toIds(runs);
  const { activities } = test.strava.athletes.get(ATHLETE_ID)!;
  const edit = (id: number, fields: Partial<SummaryActivity>): void =>
    void activities.set(id, { ...activities.get(id)!, ...fields });
  edit(first!, { name: "Another name" });
  edit(second!, { elapsed_time: 600, distance: 1500 });
  edit(third!, { elapsed_time: 700 });
  test.clock.now += HOUR_MS;
  await sync(test);
  test.strava.clearRequests();
  test.strava.faults.inject({ kind: "status", status: 404 }, {
    path: `/api/v3/activities/${third}/streams`,
  });

  await fetchStreams(test.deps);
  await fetchStreams(test.deps);

  assert.deepEqual(listAsked(test), [second, third]);
  assert.deepEqual(await readStored(test), [second!, first!].toSorted());
  const [row] = await test.deps.sql`
    select seconds from strava_streams where activity_id = ${second!}
  `;
  assert.ok(Number(row!["seconds"]) <= 600);
});

Deno.test("fetchStreams: leaves out activities that a file covers", async () => {
  const [covered, heart, other] = ["09", "10", "11"].map((day, i) =>
    createActivity({
      id: i + 1,
      start_date: `2026-11-${day}T08:00:00Z`,
      elapsed_time: 600,
      moving_time: 600,
      distance: 1800,
      // The file has no heart rate.
      ...day === "10" && { average_heartrate: 140 },
    }, ATHLETE_ID)
  );
  await using test = await createSynced([covered!, heart!, other!]);
  await using folder = await createFolder();
  for (const day of ["09", "10"]) {
    await folder.write(`${day}.gpx`, createGpx(`2026-11-${day}T08:00:00Z`));
  }
  const { code, said } = await importPaths(test, folder.path);
  assert.equal(code, 0, said);

  await fetchStreams(test.deps);

  assert.deepEqual(listAsked(test), [other!.id, heart!.id]);
  // The file came to Strava's activity with its streams.
  const path = `/strava/activities/${covered!.id}/streams?keys=distance`;
  const answer = await (await test.get(path, { key: true })).json();
  assert.deepEqual([answer.source, answer.points], ["gpx", 61]);
});

Deno.test("fetchStreams: continues what a killed process was asking after a minute", async () => {
  const runs = createSpacedRuns(3);
  await using test = await createSynced(runs);
  const { now } = test.clock;
  const claim = await claimStreams(test.deps.sql, {
    athleteId: ATHLETE_ID,
    mode: "all",
    lease: crypto.randomUUID(),
    now: new Date(now),
    until: new Date(now + MINUTE_MS),
  });
  assert.equal(claim?.id, runs[0]!.id);

  await fetchStreams(test.deps);
  assert.deepEqual(listAsked(test), toIds(runs).slice(1));
  test.clock.now += MINUTE_MS;
  await fetchStreams(test.deps);

  assert.deepEqual(listAsked(test), [...toIds(runs).slice(1), runs[0]!.id]);
  assert.equal((await readStored(test)).length, 3);
});

Deno.test("fetchStreams: ends with the program, and the next one continues", async () => {
  const runs = createSpacedRuns(6);
  await using test = await createSynced(runs);
  await using second = openSecondProcess(test);
  test.strava.faults.inject({ kind: "hang" }, {
    path: STREAMS,
    skip: 2,
    times: 1,
  });

  const run = fetchStreams(second.deps);
  await until(() =>
    listAsked(test).length === 2 || test.strava.requests.length >= 2
  );
  await second.deps.background.close();
  await run;
  test.strava.faults.release();
  test.clock.now += 2 * MINUTE_MS;
  await fetchStreams(test.deps);

  assert.deepEqual(await readStored(test), toIds(runs).toSorted());
});

Deno.test("fetchStreams: asks for each activity once in two processes", async () => {
  const runs = createSpacedRuns(20);
  await using test = await createSynced(runs, {
    strava: { latencyMs: 5 },
  });
  await using second = openSecondProcess(test);

  await Promise.all([fetchStreams(test.deps), fetchStreams(second.deps)]);
  await fetchStreams(test.deps);

  assert.deepEqual(listAsked(test).toSorted(), toIds(runs).toSorted());
  assert.equal((await readStored(test)).length, 20);
});

Deno.test("fetchStreams: takes turns between athletes", async () => {
  const runs = createSpacedRuns(3);
  await using test = await createSynced(runs);
  const other = ATHLETE_ID + 1;
  test.strava.addAthlete(
    { ...test.strava.athletes.get(ATHLETE_ID)!.profile, id: other },
    createSpacedRuns(3).map((run) => ({ ...run, id: run.id + 500 })),
  );
  await connectWithoutSync(test, other);
  await sync(test, { athleteId: other });

  await fetchStreams(test.deps);

  const owners = test.strava.requests.filter(({ path }) => STREAMS.test(path))
    .map(({ athleteId }) => athleteId! - ATHLETE_ID);
  assert.deepEqual(owners, [0, 1, 0, 1, 0, 1]);
});

Deno.test("fetchStreams: stores nothing for an athlete who was deleted", async () => {
  await using test = await createSynced(createSpacedRuns(2));
  test.strava.faults.inject({ kind: "hang" }, { path: STREAMS, times: 1 });

  const run = fetchStreams(test.deps);
  await until(async () => (await readFetches(test))[1_000_002] === "waiting");
  await deleteAthlete(test.deps.sql, { id: ATHLETE_ID });
  test.strava.faults.release();
  await run;

  for (const table of ["strava_streams", "stream_fetches"]) {
    const rows = await test.deps.sql`select from ${test.deps.sql(table)}`;
    assert.equal(rows.length, 0, table);
  }
});

Deno.test("applyRetention: drops Strava's streams, which are not fetched again", async () => {
  const runs = createSpacedRuns(3);
  await using test = await createSynced(runs, {
    env: { STRAVA_RETENTION: "7" },
  });
  await fetchStreams(test.deps);
  test.clock.now += 6 * DAY_MS;
  await applyRetention(test.deps);
  assert.equal((await readStored(test)).length, 3);

  test.clock.now += 2 * DAY_MS;
  await applyRetention(test.deps);
  test.strava.clearRequests();
  await fetchStreams(test.deps);

  assert.deepEqual(await readStored(test), []);
  assert.deepEqual(listAsked(test), []);
  assert.deepEqual(
    new Set(Object.values(await readFetches(test))),
    new Set(["dropped"]),
  );
});

Deno.test("/strava/sync/status: counts streams for the owner", async () => {
  const runs = createSpacedRuns(3);
  await using test = await createSynced(runs);
  test.strava.faults.inject({ kind: "status", status: 404 }, {
    path: `/api/v3/activities/${runs[0]!.id}/streams`,
  });
  test.strava.faults.inject({ kind: "rate_limit" }, {
    path: `/api/v3/activities/${runs[2]!.id}/streams`,
  });
  const read = async (key: boolean): Promise<unknown> =>
    (await (await test.get("/strava/sync/status", { key })).json()).streams;

  const before = await read(true);
  await fetchStreams(test.deps);

  assert.deepEqual(before, { stored: 0, none: 0, refused: 0, waiting: 3 });
  assert.deepEqual(await read(true), {
    stored: 1,
    none: 1,
    refused: 0,
    waiting: 1,
  });
  assert.equal(await read(false), null);
});
