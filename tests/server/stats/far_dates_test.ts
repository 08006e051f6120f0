import assert from "node:assert/strict";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";
import { setHistory } from "../../support/random_history.ts";

/** 23:30 in Berlin; in Kiritimati it is already 21 November. */
const NOW = Date.UTC(2026, 10, 20, 22, 30);
const TODAY = "2026-11-20";

const BERLIN = { timezone: "(GMT+01:00) Europe/Berlin", utc_offset: 3600 };
const KIRITIMATI = {
  timezone: "(GMT+14:00) Pacific/Kiritimati",
  utc_offset: 50_400,
};

function run(
  id: number,
  start: string,
  zone: { timezone: string; utc_offset: number } = BERLIN,
): SummaryActivity {
  const local = new Date(Date.parse(start) + zone.utc_offset * 1000);
  return {
    ...createActivity({ id, distance: 10_000 }, ATHLETE_ID),
    ...zone,
    gear_id: "g1",
    start_date: start,
    start_date_local: local.toISOString().replace(".000", ""),
  };
}

/** Ten runs on the ten days up to today. */
const RUNS = Array.from({ length: 10 }, (_, index) =>
  run(
    index + 1,
    new Date(NOW - index * 86_400_000 - 3_600_000).toISOString()
      .replace(".000", ""),
  ));

async function createTest(
  activities: readonly SummaryActivity[],
): Promise<TestApp> {
  const test = await createTestApp({ synced: true });
  await setHistory(test, { now: NOW, activities: [...activities] });
  return test;
}

// deno-lint-ignore no-explicit-any -- a test looks into answers of every shape
async function getBody(test: TestApp, path: string): Promise<any> {
  const response = await test.get(path);
  const body = await response.json();
  assert.equal(response.status, 200, `${path}: ${JSON.stringify(body)}`);
  return body;
}

/** Dates that a wrong clock records, with the first and last that can be stored. */
const FAR = [
  "0001-01-01T00:00:00Z",
  "0099-06-01T12:00:00Z",
  "1583-01-01T12:00:00Z",
  "1899-12-30T12:00:00Z",
  "1970-01-01T00:00:00Z",
  "1980-01-06T00:00:00Z",
  "2000-01-01T00:00:00Z",
  "2026-11-21T10:00:00Z",
  "2026-12-31T12:00:00Z",
  "2036-05-04T10:00:00Z",
  "2286-11-20T17:46:40Z",
  "9999-12-31T12:00:00Z",
];

const PATHS = [
  "overview",
  "ytd",
  "monthly",
  "totals",
  "yearly",
  "activities",
  "longest-run",
  "records",
  "records?window=year",
  "records?window=52w",
  "eddington",
  "streaks",
  "calendar",
  "cumulative",
  "cumulative?metric=count&years=3",
  "distribution",
  "milestones",
  "goal?metric=distance&target=1000&period=year",
  "goal?metric=distance&target=1000&period=week",
  "compare",
  "compare?preset=year",
  "compare?preset=week_to_date",
  "gear",
  "training-load",
];

/** Statistics in which a date after today changes nothing. */
const CURRENT = [
  "ytd",
  "monthly",
  "activities",
  "longest-run",
  "records?window=year",
  "records?window=52w",
  "streaks",
  "calendar",
  "cumulative",
  "goal?metric=distance&target=1000&period=month",
  "goal?metric=distance&target=1000&period=year",
  "compare?preset=month",
  "compare?preset=year",
  "compare?preset=year_to_date",
  "training-load",
];

for (const start of FAR) {
  Deno.test(`GET /strava/stats/*: answers with an activity of ${start}`, async () => {
    await using test = await createTestApp({ synced: true });
    const far = run(99, start, start > TODAY ? BERLIN : KIRITIMATI);
    for (const activities of [[far], [far, ...RUNS]]) {
      await setHistory(test, { now: NOW, activities });
      for (const path of PATHS) {
        if (path === "longest-run" && activities.length === 1) continue;
        await getBody(test, `/strava/stats/${path}`);
      }
    }
  });
}

Deno.test("GET /strava/stats/*: ignores future activities in what is current", async () => {
  await using test = await createTest(RUNS);
  const before = await Promise.all(
    CURRENT.map((path) => getBody(test, `/strava/stats/${path}`)),
  );
  const future = FAR.filter((start) => start > TODAY);
  assert.equal(future.length, 5);
  await setHistory(test, {
    now: NOW,
    activities: [
      ...RUNS,
      ...future.map((start, index) => run(100 + index, start)),
    ],
  });

  const after = await Promise.all(
    CURRENT.map((path) => getBody(test, `/strava/stats/${path}`)),
  );

  for (const [index, path] of CURRENT.entries()) {
    assert.deepEqual(after[index].data, before[index].data, path);
  }
  const totals = (await getBody(test, "/strava/stats/totals")).data;
  assert.equal(totals.Run.count, 15);
  const [gear] = (await getBody(test, "/strava/stats/gear")).data;
  assert.equal(gear.last_used, TODAY);
});

Deno.test("GET /strava/stats/overview: takes today from the last begun activity", async () => {
  for (const zone of [BERLIN, KIRITIMATI]) {
    await using test = await createTest([
      ...RUNS,
      run(99, "2036-05-04T10:00:00Z", zone),
    ]);
    const { data } = await getBody(test, "/strava/stats/overview");
    assert.equal(data.today, TODAY);
    assert.equal(data.streaks.day.current.length, 10);
    assert.equal(data.ytd.run.count, 10);
    assert.equal(data.recent_activities[0].id, 1);
    assert.equal(data.training_load.date, TODAY);
  }
  await using test = await createTest([
    run(99, "2036-05-04T10:00:00Z", KIRITIMATI),
  ]);
  const { data } = await getBody(test, "/strava/stats/overview");
  assert.equal(data.today, TODAY);
  assert.equal(data.training_load_reason, "no_activity");
  assert.equal(data.streaks.day.reason, "no_activity");
});

Deno.test("GET /strava/stats/training-load: starts after stray first days", async () => {
  const strays = FAR.filter((start) => start < "2010");
  await using test = await createTest([
    ...strays.map((start, index) => run(100 + index, start)),
    ...RUNS,
  ]);
  const { days } = (await getBody(test, "/strava/stats/training-load")).data;
  assert.equal(days[0].date, "2026-11-11");
  assert.equal(days.length, 10);
});

Deno.test("GET /strava/activities: pages through far dates", async () => {
  const starts = [...FAR, ...FAR].sort();
  await using test = await createTest(
    starts.map((start, index) => run(index + 1, start)),
  );
  const ids: number[] = [];
  let cursor: string | null = "";
  while (cursor !== null && ids.length < starts.length) {
    const query = cursor && `&cursor=${cursor}`;
    const page = await getBody(test, `/strava/activities?limit=1${query}`);
    ids.push(...page.data.map(({ id }: { id: number }) => id));
    cursor = page.next_cursor;
  }
  assert.equal(cursor, null);
  assert.deepEqual(ids, starts.map((_, index) => index + 1).reverse());
});
