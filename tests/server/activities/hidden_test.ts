import assert from "node:assert/strict";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import { encodePolyline } from "../../../strava_simulator/polyline.ts";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import { createOpenApiDocument } from "../../../server/openapi/document.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";

const TRACK = encodePolyline([[52.51, 13.41], [52.62, 13.53]]);

/** Creates a hidden activity that is the best, the newest or the first in every statistic. */
function createHidden(
  id: number,
  fields: Partial<SummaryActivity>,
): SummaryActivity {
  return createActivity({
    id,
    name: `Zanzibar ${id}`,
    distance: 250_000,
    moving_time: 20_000,
    total_elevation_gain: 4000,
    average_speed: 12.5,
    gear_id: "b777",
    map: { id: "m", summary_polyline: TRACK, resource_state: 2 },
    visibility: "only_me",
    ...fields,
  }, ATHLETE_ID);
}

const HIDDEN = [
  createHidden(777_000_001, { start_date: "2026-11-20T05:55:55Z" }),
  createHidden(777_000_002, {
    start_date: "2026-11-19T05:55:55Z",
    sport_type: "Ride",
    visibility: "followers_only",
  }),
  createHidden(777_000_003, {
    start_date: "2026-11-18T05:55:55Z",
    sport_type: "Quidditch",
  }),
  createHidden(777_000_004, { start_date: "2019-03-03T05:55:55Z" }),
];

const SHOWN = Array.from({ length: 12 }, (_, index) =>
  createActivity({
    id: index + 1,
    name: `Shown ${index + 1}`,
    sport_type: index % 2 === 0 ? "Run" : "Ride",
    start_date: `2026-10-${String(index + 10)}T07:00:00Z`,
    distance: 5000 + index,
    gear_id: "g1",
  }, ATHLETE_ID));

/** Ids, names, tracks and starts that a caller without the key must not see. */
const LEAKS = /77700000\d|Zanzibar|5:55:55|_p~i/;
const DAYS = /2026-11-(20|19|18)|2019-03-03/;

/** Routes that contain today, the last sync, which was today, or every day, also days of rest. */
const TODAY_PATHS = [
  "/strava/stats/compare",
  "/strava/stats/overview",
  "/strava/stats/training-load",
  "/strava/sync/status",
];

const QUERIES: Record<string, string[]> = {
  "/strava/stats/records": [
    "",
    "window=year",
    "window=4w",
    "metric=elevation_gain",
    "metric=moving_time",
    "sport=Quidditch",
    "min_distance=200000",
    "from=2026-11-18&to=2026-11-20",
  ],
  "/strava/stats/goal": ["metric=count&target=5&from=2026-10-01&to=2026-10-31"],
  "/strava/stats/longest-run": ["year=2026"],
  "/strava/stats/longest-ride": ["year=2026"],
  "/strava/stats/gear": ["", "sport=ride", "from=2026-10-01"],
  "/strava/activities": [
    "",
    "limit=1",
    ...["date", "distance", "moving_time", "elevation_gain", "average_speed"]
      .flatMap((sort) => [`sort=${sort}`, `sort=${sort}&order=asc&limit=2`]),
    "q=zanzibar",
    "has_map=true",
    "gear_id=b777",
    "sport=Quidditch",
    "year=2019",
    "from=2026-11-18&to=2026-11-20",
    "min_distance=200000",
  ],
};

/** Lists every public route of data from the document, so that new routes are included. */
function listPublicPaths(): string[] {
  const { paths } = createOpenApiDocument() as unknown as {
    paths: Record<string, { get?: { security?: unknown[]; tags?: string[] } }>;
  };
  return Object.entries(paths)
    .filter(([path, { get }]) =>
      get && /^\/strava\/(stats|activities|sync)/.test(path) &&
      !path.includes("{") && path !== "/strava/activities/export"
    ).map(([path]) => path);
}

/** Returns the response text without `fetched_at`. */
async function getText(test: TestApp, path: string): Promise<string> {
  const response = await test.get(path);
  const text = await response.text();
  assert.ok([200, 401, 404].includes(response.status), `${path}: ${text}`);
  return text.replace(/"fetched_at":"[^"]+"/, "");
}

Deno.test("GET of public routes: leaks nothing of hidden activities", async () => {
  await using test = await createTestApp({
    activities: [...HIDDEN, ...SHOWN],
    synced: true,
  });
  const paths = listPublicPaths();
  assert.ok(paths.length >= 20, `only ${paths.length} routes`);

  for (const path of paths) {
    for (const query of QUERIES[path] ?? [""]) {
      const text = await getText(test, query ? `${path}?${query}` : path);
      assert.doesNotMatch(text, LEAKS, `${path}?${query}`);
      if (TODAY_PATHS.includes(path)) continue;
      // The caller gave the bounds of the period.
      const shown = text.replaceAll(/"(from|to|today)":"[^"]*"/g, "");
      assert.doesNotMatch(shown, DAYS, `${path}?${query}`);
    }
  }
});

Deno.test("GET /strava/activities, /{id}: leave out hidden activities everywhere", async () => {
  await using test = await createTestApp({
    activities: [...HIDDEN, ...SHOWN],
    synced: true,
  });
  for (const query of QUERIES["/strava/activities"]!) {
    const response = await test.get(`/strava/activities?${query}`);
    const { total, data } = await response.json();
    const isOnlyHidden =
      /zanzibar|has_map|b777|Quidditch|2019|from|min_distance/
        .test(query);
    assert.equal(total, isOnlyHidden ? 0 : SHOWN.length, query);
    assert.equal(data.length > 0, !isOnlyHidden, query);
  }
  for (const { id } of HIDDEN) {
    const there = await test.get(`/strava/activities/${id}`);
    const nowhere = await test.get("/strava/activities/777999999");
    assert.equal(there.status, 404);
    const [one, other] = [await there.json(), await nowhere.json()];
    assert.deepEqual(
      { ...one, request_id: "" },
      { ...other, request_id: "" },
    );
  }
  const exported = await test.get("/strava/activities/export?format=jsonl");
  assert.equal(exported.status, 401);
  assert.doesNotMatch(await exported.text(), LEAKS);
});

Deno.test("GET with the key: returns the hidden activities on the routes tested above", async () => {
  await using test = await createTestApp({
    activities: [...HIDDEN, ...SHOWN],
    synced: true,
  });
  for (
    const path of [
      "stats/records",
      "stats/milestones",
      "stats/overview",
      "stats/activities",
      "stats/longest-run?year=2026",
      "stats/longest-ride?year=2026",
      "activities?limit=3&sort=distance",
      "activities?q=zanzibar",
      "activities/777000001",
      "activities/export?format=csv",
    ]
  ) {
    const response = await test.get(`/strava/${path}`, { key: true });
    assert.match(await response.text(), /Zanzibar/, path);
  }
  const gear = await test.get("/strava/stats/gear", { key: true });
  assert.match(await gear.text(), DAYS);
});
