import assert from "node:assert/strict";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";

/** A run of an hour in November 2026, whose load is estimated as 60 points. */
function run(
  id: number,
  fields: Partial<SummaryActivity>,
): SummaryActivity {
  const day = String(10 + id).padStart(2, "0");
  return createActivity({
    id,
    start_date: `2026-11-${day}T07:00:00Z`,
    distance: 10_000 + id,
    moving_time: 3600,
    ...fields,
  }, ATHLETE_ID);
}

const ACTIVITIES = [
  run(1, { average_heartrate: 145, max_heartrate: 160 }),
  run(2, {
    average_heartrate: 151,
    max_heartrate: 213,
    heartrate_opt_out: true,
  }),
  run(3, { suffer_score: 77, heartrate_opt_out: true }),
];

// deno-lint-ignore no-explicit-any -- a test looks into answers of every shape
async function read(test: TestApp, path: string, key: boolean): Promise<any> {
  const response = await test.get(path, { key });
  assert.equal(response.status, 200, path);
  return await response.json();
}

/** The heart rate of each route that shows one of the second run. */
// deno-lint-ignore no-explicit-any -- a test looks into answers of every shape
const ROUTES: [path: string, find: (answer: any) => unknown][] = [
  ["/strava/activities/2", (answer) => answer.heart_rate],
  [
    "/strava/activities",
    ({ data }) => data.find(({ id }: { id: number }) => id === 2).heart_rate,
  ],
  ["/strava/stats/longest-run?year=2026&", (answer) => answer.heart_rate],
];

Deno.test("GET /strava/activities, /{id}: hide a hidden heart rate from strangers", async () => {
  const activities = ACTIVITIES.slice(0, 2);
  await using test = await createTestApp({ activities, synced: true });
  for (const [path, find] of ROUTES) {
    const own = find(await read(test, path, true));
    const strange = find(await read(test, path, false));
    assert.deepEqual(own, { average: 151, max: 213 }, path);
    assert.deepEqual(strange, { average: null, max: null }, path);
  }
  const { heart_rate } = await read(test, "/strava/activities/1", false);
  assert.deepEqual(heart_rate, { average: 145, max: 160 });
});

Deno.test("GET /strava/activities: hide a heart rate although all visibilities are public", async () => {
  const env = { PUBLIC_VISIBILITY: "everyone,followers_only,only_me" };
  await using test = await createTestApp({
    activities: ACTIVITIES,
    synced: true,
    env,
  });
  const { heart_rate } = await read(test, "/strava/activities/2", false);
  assert.deepEqual(heart_rate, { average: null, max: null });
});

Deno.test("GET /strava/stats: compute strangers' loads without hidden heart rates", async () => {
  await using test = await createTestApp({
    activities: ACTIVITIES,
    synced: true,
  });
  const listLoads = async (
    path: string,
    key: boolean,
  ): Promise<[number, string][]> => {
    const { data } = await read(test, path, key);
    return data.days.filter(({ load }: { load: number }) => load > 0).map(
      (day: { load: number; source?: string; load_source?: string }) => [
        Math.round(day.load),
        day.source ?? day.load_source,
      ],
    );
  };
  for (
    const path of [
      "/strava/stats/training-load",
      "/strava/stats/calendar?year=2026",
    ]
  ) {
    // The maximum of 213 would make the load of the first run smaller.
    assert.deepEqual(await listLoads(path, false), [
      [100, "heart_rate"],
      [60, "estimate"],
      [60, "estimate"],
    ]);
    const own = await listLoads(path, true);
    assert.deepEqual(own.map(([, source]) => source), [
      "heart_rate",
      "heart_rate",
      "suffer_score",
    ]);
    assert.ok(own[0]![0] < 100);
    assert.equal(own[2]![0], 77);
  }
});
