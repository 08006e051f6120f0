import assert from "node:assert/strict";
import { createTRPCClient, httpLink, type TRPCClient } from "@trpc/client";
import superjson from "superjson";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import type { AppRouter } from "../../../server/router.ts";
import {
  createHistory,
  createTestApp,
  NOW,
  type TestApp,
} from "../../support/app.ts";
import {
  createAt,
  EDGES,
  expectAll,
  expectTotal,
  findLongest,
  listMonthsUpTo,
  LOS_ANGELES,
  RIDES,
  RUNS,
  SYDNEY,
  SYNCED_AT,
  toLocalDay,
  type Total,
} from "../../support/oracle_totals.ts";

const SEEDS = [1, 20261120];

export const HISTORIES: readonly {
  name: string;
  activities: SummaryActivity[];
}[] = [
  { name: "no activity", activities: [] },
  {
    name: "one activity",
    activities: [createAt("2026-11-20T07:00:00", { id: 1, distance: 1234.5 })],
  },
  { name: "edges", activities: EDGES },
  ...SEEDS.map((seed) => ({
    name: `seed ${seed}`,
    activities: createHistory(300, seed),
  })),
];

function createClient(test: TestApp): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [httpLink({
      url: "http://localhost:5001/trpc",
      transformer: superjson,
      headers: { "x-api-key": test.config.internalApiKey },
      fetch: (input, init) =>
        test.app(new Request(input as string, init as RequestInit)),
    })],
  });
}

/** Calls the same seven statistics over tRPC, and returns them as JSON. */
async function callAll(test: TestApp): Promise<Record<string, unknown>> {
  const { stats } = createClient(test);
  const by = { by: "sport_type" } as const;
  return toJson({
    "ytd": await stats.ytd.query(),
    "monthly": await stats.monthly.query(),
    "activities": await stats.activities.query(),
    "totals": await stats.totals.query(),
    "totals?by=sport_type": await stats.totals.query(by),
    "yearly": await stats.yearly.query(),
    "yearly?by=sport_type": await stats.yearly.query(by),
  }) as Record<string, unknown>;
}

/** Converts a value to JSON. Like REST, it omits zero milliseconds of dates. */
function toJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('.000Z"', 'Z"'));
}

// deno-lint-ignore no-explicit-any -- a test looks into answers of every shape
async function getJson(test: TestApp, path: string, key = true): Promise<any> {
  const response = await test.get(`/strava/${path}`, { key });
  assert.equal(response.status, 200, path);
  return await response.json();
}

for (const { name, activities } of HISTORIES) {
  Deno.test(`GET /strava/stats/*: equals a plain count over REST and tRPC: ${name}`, async () => {
    await using test = await createTestApp({ activities, synced: true });
    const expected = expectAll(activities, "2026-11");

    for (const [path, answer] of Object.entries(expected)) {
      assert.deepEqual(await getJson(test, `stats/${path}`), answer, path);
    }
    assert.deepEqual(await callAll(test), expected);
  });

  Deno.test(`GET /strava/stats/longest-*: equals a plain search in each year: ${name}`, async () => {
    await using test = await createTestApp({ activities, synced: true });
    const { stats } = createClient(test);
    const years = activities.map((a) => toLocalDay(a).slice(0, 4));
    for (const year of new Set([...years, "2026", "1999"])) {
      for (
        const [path, sports, call] of [
          ["longest-run", RUNS, stats.longestRun],
          ["longest-ride", RIDES, stats.longestRide],
        ] as const
      ) {
        const found = findLongest(activities, { sports: [...sports], year });
        const response = await test.get(`/strava/stats/${path}?year=${year}`, {
          key: true,
        });
        const body = await response.json();
        if (!found) {
          assert.equal(response.status, 404, `${path} ${year}`);
          assert.equal(body.reason, "activity_not_found");
          assert.match(body.detail, new RegExp(year));
          continue;
        }
        assert.equal(body.id, found.id, `${path} ${year}`);
        assert.equal(body.distance, found.distance);
        assert.deepEqual(
          toJson(await call.query({ year: Number(year) })),
          body,
        );
      }
    }
  });
}

Deno.test("GET /strava/stats/*: returns exactly these keys in this order", async () => {
  await using test = await createTestApp({ activities: EDGES, synced: true });
  const total = ["count", "distance", "moving_time", "elevation_gain"];
  const keysOf = (value: object): string[] => Object.keys(value);

  for (const path of ["ytd", "monthly", "activities", "totals", "yearly"]) {
    const body = await getJson(test, `stats/${path}`);
    assert.deepEqual(
      keysOf(body),
      ["type", "data", "fetched_at", "counts"],
      path,
    );
  }
  const { data: ytd } = await getJson(test, "stats/ytd");
  assert.deepEqual(keysOf(ytd), ["run", "ride", "swim", "other"]);
  assert.deepEqual(keysOf(ytd.run), total);
  const { data: yearly } = await getJson(test, "stats/yearly");
  assert.deepEqual(keysOf(yearly[2021].Run), total);
  const { data: recent } = await getJson(test, "stats/activities");
  assert.deepEqual(keysOf(recent[0]), [
    "id",
    "name",
    "type",
    "distance",
    "moving_time",
    "start_date",
    "elevation_gain",
  ]);
  const run = await getJson(test, "stats/longest-run");
  assert.deepEqual(keysOf(run).sort(), [
    "average_speed",
    "commute",
    "distance",
    "elapsed_time",
    "gear_id",
    "heart_rate",
    "id",
    "kudos_count",
    "manual",
    "max_speed",
    "moving_time",
    "name",
    "sport_type",
    "start_date",
    "start_date_local",
    "timezone",
    "total_elevation_gain",
    "trainer",
    "type",
    "utc_offset",
    "visibility",
    "workout_type",
  ]);
  assert.deepEqual(keysOf(run.heart_rate), ["average", "max"]);
});

Deno.test("GET /strava/stats/monthly: returns 12 local months, newest first", async () => {
  await using test = await createTestApp({ synced: true });
  test.clock.now = Date.UTC(2028, 1, 29, 12);

  const { data } = await getJson(test, "stats/monthly");

  assert.deepEqual(Object.keys(data), listMonthsUpTo("2028-02"));
  for (const month of Object.values(data)) {
    assert.deepEqual(month, expectTotal([]));
  }
});

Deno.test("GET /strava/stats/totals: returns the most frequent sport first", async () => {
  await using test = await createTestApp({ activities: EDGES, synced: true });

  const { data } = await getJson(test, "stats/totals");

  const counts = Object.values(data as Record<string, Total>)
    .map(({ count }) => count);
  assert.deepEqual(counts, [...counts].sort((a, b) => b - a));
});

const NEW_YEAR = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

for (
  const { name, newest, clock, month } of [
    {
      name: "Sydney is ahead",
      newest: createAt("2025-12-20T08:00:00", { id: 1, ...SYDNEY }),
      clock: NEW_YEAR - 10 * HOUR,
      month: "2026-01",
    },
    {
      name: "Sydney's zone implies daylight saving",
      newest: createAt("2025-06-20T08:00:00", { id: 1, ...SYDNEY, hours: 10 }),
      clock: NEW_YEAR - 10.5 * HOUR,
      month: "2026-01",
    },
    {
      name: "Los Angeles is behind",
      newest: createAt("2025-12-20T08:00:00", { id: 1, ...LOS_ANGELES }),
      clock: NEW_YEAR + 7.5 * HOUR,
      month: "2025-12",
    },
    {
      name: "the offset decides for the zone Factory",
      newest: createAt("2025-12-20T08:00:00", {
        id: 1,
        hours: 3,
        zone: "Factory",
      }),
      clock: NEW_YEAR - 2 * HOUR,
      month: "2026-01",
    },
    {
      name: "the offset decides for an unknown zone",
      newest: createAt("2025-12-20T08:00:00", {
        id: 1,
        hours: 3,
        zone: "Mars/Olympus_Mons",
      }),
      clock: NEW_YEAR - 2 * HOUR,
      month: "2026-01",
    },
    {
      name: "the offset decides without a zone",
      newest: createAt("2025-12-20T08:00:00", { id: 1, hours: -3 }),
      clock: NEW_YEAR + 2 * HOUR,
      month: "2025-12",
    },
    {
      name: "UTC without activities",
      newest: undefined,
      clock: NEW_YEAR - 1,
      month: "2025-12",
    },
    {
      name: "UTC without activities, in a new year",
      newest: undefined,
      clock: NEW_YEAR,
      month: "2026-01",
    },
  ]
) {
  Deno.test(`GET /strava/stats/*: uses the local month: ${name}`, async () => {
    const older = createAt("2025-01-05T08:00:00", { id: 2, hours: 1 });
    const activities = newest ? [older, newest] : [];
    await using test = await createTestApp({ activities, synced: true });
    test.clock.now = clock;

    const expected = expectAll(activities, month);

    for (const path of ["ytd", "monthly"]) {
      assert.deepEqual(await getJson(test, `stats/${path}`), expected[path]);
    }
    const longestRun = await test.get("/strava/stats/longest-run");
    const isThere = newest !== undefined && month.startsWith("2025");
    assert.equal(longestRun.status, isThere ? 200 : 404);
    const body = await longestRun.json();
    if (!isThere) assert.match(body.detail, new RegExp(month.slice(0, 4)));
  });
}

Deno.test("GET /strava/stats/*: fetched_at is the time of the last successful sync", async () => {
  await using test = await createTestApp({ synced: true });
  assert.equal((await getJson(test, "stats/ytd")).fetched_at, SYNCED_AT);

  test.clock.now = NOW + HOUR;
  await test.post("/strava/refresh-data", { key: true });
  const later = (await getJson(test, "stats/ytd")).fetched_at;
  test.clock.now = NOW + 2 * HOUR;
  test.strava.faults.inject({ kind: "status", status: 500 });
  const failed = await test.post("/strava/refresh-data", { key: true });

  assert.equal(failed.status, 502);
  assert.equal(later, "2026-11-20T13:02:00Z");
  assert.equal((await getJson(test, "stats/ytd")).fetched_at, later);
});

const DATA_PATHS = [
  "stats/ytd",
  "stats/monthly",
  "stats/activities",
  "stats/totals",
  "stats/yearly",
  "stats/longest-run",
  "stats/longest-ride",
  "activities",
];

Deno.test("GET /strava/stats/*: answers 404 until connected and synced", async () => {
  await using test = await createTestApp();
  for (const path of DATA_PATHS) {
    const response = await test.get(`/strava/${path}`);
    const body = await response.json();
    assert.equal(response.status, 404, path);
    assert.equal(body.reason, "not_connected");
    assert.match(body.detail, /\/strava\/authorize/);
  }

  test.strava.faults.inject({ kind: "status", status: 500 }, {
    path: "/api/v3/athlete/activities",
  });
  await test.connect();
  await test.idle();

  for (const path of DATA_PATHS) {
    const response = await test.get(`/strava/${path}`);
    const body = await response.json();
    assert.equal(response.status, 404, path);
    assert.equal(body.reason, "not_synced");
    assert.match(body.detail, /first sync/);
  }
});

Deno.test("GET /strava/stats/longest-run: accepts years from 1900 to 2200, given once", async () => {
  await using test = await createTestApp({ synced: true });
  for (const year of ["1900", "2200"]) {
    const response = await test.get(`/strava/stats/longest-run?year=${year}`);
    assert.equal(response.status, 404, year);
  }
  for (
    const query of [
      "year=1899",
      "year=2201",
      "year=-2025",
      "year=abc",
      "year=2025.5",
      "year=",
      "year",
      "year=1e3",
      "year=0x7e9",
      "year=%202025",
      "year=2025%00",
      "year=Infinity",
      "year=NaN",
      `year=${"9".repeat(400)}`,
      "year=2025&year=2025",
      "year=2025&year=2024",
      "year[]=2025",
      "YEAR=2025",
    ]
  ) {
    for (const path of ["longest-run", "longest-ride"]) {
      const response = await test.get(`/strava/stats/${path}?${query}`);
      const body = await response.json();
      assert.equal(response.status, 400, query);
      assert.equal(body.reason, "invalid_input");
      assert.match(body.issues[0].path, /^year/i);
    }
  }
});

Deno.test("GET /strava/stats/totals: refuses an unknown `by`", async () => {
  await using test = await createTestApp({ synced: true });
  for (const path of ["totals", "yearly"]) {
    assert.equal((await test.get(`/strava/stats/${path}?by=type`)).status, 200);
    for (const by of ["", "id", "Type", "type; drop table activities", "0"]) {
      const response = await test.get(
        `/strava/stats/${path}?by=${encodeURIComponent(by)}`,
      );
      assert.equal(response.status, 400, by);
    }
  }
});

Deno.test("PUBLIC_VISIBILITY: hides single activities without the key, not totals", async () => {
  await using test = await createTestApp({
    activities: EDGES,
    synced: true,
    env: { PUBLIC_VISIBILITY: "everyone" },
  });
  const visible = EDGES.filter((a) => a.visibility === "everyone");
  const shown = expectAll(visible, "2026-11");
  const all = expectAll(EDGES, "2026-11");

  const hiddenRun = await getJson(test, "stats/longest-run?year=2026", true);
  const shownRun = await getJson(test, "stats/longest-run?year=2026", false);
  const shownRide = await getJson(test, "stats/longest-ride?year=2026", false);

  assert.equal(hiddenRun.id, 7);
  assert.equal(
    shownRun.id,
    findLongest(visible, { sports: RUNS, year: "2026" })!.id,
  );
  assert.equal(
    shownRide.id,
    findLongest(visible, { sports: RIDES, year: "2026" })!.id,
  );
  assert.deepEqual(
    await getJson(test, "stats/activities", false),
    { ...shown["activities"] as object, counts: "visible" },
  );
  for (const path of ["ytd", "monthly", "totals", "yearly"]) {
    assert.deepEqual(await getJson(test, `stats/${path}`, false), all[path]);
  }
});

Deno.test("PUBLIC_VISIBILITY: answers 404 if every run of the year is hidden", async () => {
  const activities = [
    createAt("2026-05-07T10:00:00", {
      id: 7,
      visibility: "only_me",
      private: true,
    }),
  ];
  await using test = await createTestApp({ activities, synced: true });

  const response = await test.get("/strava/stats/longest-run");

  assert.equal(response.status, 404);
  assert.equal((await response.json()).reason, "activity_not_found");
  assert.equal((await getJson(test, "stats/longest-run")).id, 7);
});

Deno.test("PUBLIC_STATS=false: requires the key for all data", async () => {
  await using test = await createTestApp({
    activities: EDGES,
    synced: true,
    env: { PUBLIC_STATS: "false" },
  });
  for (const path of DATA_PATHS) {
    const response = await test.get(`/strava/${path}`);
    assert.equal(response.status, 401, path);
    assert.equal((await response.json()).reason, "missing_api_key");
    await getJson(test, path, true);
  }
});

Deno.test("GET /strava/stats/*: refuses a wrong key, even if no key is needed", async () => {
  await using test = await createTestApp({ synced: true });
  for (const path of DATA_PATHS) {
    const response = await test.get(`/strava/${path}`, {
      headers: { "x-api-key": "wrong" },
    });
    assert.equal(response.status, 401, path);
    assert.equal((await response.json()).reason, "invalid_api_key");
  }
});
