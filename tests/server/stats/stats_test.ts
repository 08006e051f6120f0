import assert from "node:assert/strict";
import { createTRPCClient, httpLink, type TRPCClient } from "@trpc/client";
import superjson from "superjson";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import type { AppRouter } from "../../../server/router.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  NOW,
  type TestApp,
} from "../../support/app.ts";

/** An activity that began at a wall clock so many hours ahead of UTC. */
function at(
  local: string,
  { hours = 0, zone, ...rest }:
    & { hours?: number; zone?: string; id: number }
    & Partial<Record<keyof SummaryActivity, unknown>>,
): SummaryActivity {
  const start = new Date(Date.parse(`${local}Z`) - hours * 3_600_000);
  const activity = createActivity({ id: rest.id }, ATHLETE_ID);
  return {
    ...activity,
    start_date: start.toISOString().replace(".000", ""),
    start_date_local: `${local}Z`,
    utc_offset: hours * 3600,
    timezone: zone === undefined ? null : `(GMT+00:00) ${zone}`,
    ...rest,
  } as SummaryActivity;
}

const SYDNEY = { hours: 11, zone: "Australia/Sydney" };
const LOS_ANGELES = { hours: -8, zone: "America/Los_Angeles" };

/** What real histories rarely have, one of each. */
const EDGES: SummaryActivity[] = [
  at("2025-12-31T23:30:00", { id: 1, ...LOS_ANGELES, distance: 5000.5 }),
  at("2026-01-01T00:30:00", { id: 2, ...SYDNEY, distance: 7000.1 }),
  at("2024-02-29T23:59:59", { id: 3, distance: 0.1, sport_type: "Walk" }),
  at("2024-03-01T00:00:00", { id: 4, distance: 0.2, sport_type: "Walk" }),
  at("2026-05-05T10:00:00", { id: 5, sport_type: "Quidditch", type: null }),
  at("2026-05-06T10:00:00", {
    id: 6,
    sport_type: "Quidditch",
    type: "Workout",
  }),
  at("2026-05-07T10:00:00", {
    id: 7,
    visibility: "only_me",
    private: true,
    distance: 90_000.4,
  }),
  at("2026-05-08T10:00:00", {
    id: 8,
    sport_type: "Ride",
    type: "Ride",
    distance: 0,
  }),
  at("2025-06-01T08:00:00", { id: 9, distance: 21_097.5 }),
  at("2025-06-02T08:00:00", { id: 10, distance: 21_097.5 }),
  at("2025-06-02T08:00:00", { id: 11, distance: 21_097.5 }),
  at("2025-07-01T08:00:00", {
    id: 12,
    sport_type: "TrailRun",
    type: undefined,
  }),
  at("2021-07-01T08:00:00", { id: 13, sport_type: undefined, type: "Run" }),
  at("2026-03-01T00:00:01", { id: 14, hours: 1, zone: "Europe/Berlin" }),
  at("2025-10-26T02:30:00", {
    id: 15,
    hours: 2,
    sport_type: "Handcycle",
    type: "Handcycle",
  }),
  at("2025-10-26T02:30:00", {
    id: 16,
    hours: 1,
    sport_type: "EMountainBikeRide",
    type: "EBikeRide",
  }),
  at("2026-02-28T23:59:59", {
    id: 17,
    distance: null,
    moving_time: null,
    total_elevation_gain: null,
  }),
  at("2026-04-01T06:00:00", {
    id: 18,
    sport_type: "Velomobile",
    type: "Velomobile",
    visibility: "followers_only",
    distance: 60_000,
  }),
  at("2025-12-01T00:00:00", { id: 19, sport_type: "Swim", type: "Swim" }),
  at("2025-11-30T23:59:59", { id: 20, sport_type: "Swim", type: "Swim" }),
  at("2026-06-06T06:00:00", {
    id: 9_007_199_254_740_991,
    distance: 0.3,
    total_elevation_gain: 0.7,
  }),
];

const SEEDS = [1, 20261120];

const HISTORIES: readonly { name: string; activities: SummaryActivity[] }[] = [
  { name: "no activity", activities: [] },
  {
    name: "one activity",
    activities: [at("2026-11-20T07:00:00", { id: 1, distance: 1234.5 })],
  },
  { name: "edges", activities: EDGES },
  ...SEEDS.map((seed) => ({
    name: `seed ${seed}`,
    activities: createHistory(300, seed),
  })),
];

// The oracle: plain loops over what Strava sent, nothing shared with the code under test.

const RUNS = ["Run", "TrailRun", "VirtualRun"];
const RIDES = [
  "EBikeRide",
  "EMountainBikeRide",
  "GravelRide",
  "Handcycle",
  "MountainBikeRide",
  "Ride",
  "Velomobile",
  "VirtualRide",
];

const localDay = (activity: SummaryActivity): string =>
  activity.start_date_local.slice(0, 10);

const sportOf = (activity: SummaryActivity): string =>
  activity.sport_type || activity.type;

const typeOf = (activity: SummaryActivity): string =>
  activity.type ||
  (activity.sport_type === "TrailRun" ? "Run" : activity.sport_type);

interface Total {
  count: number;
  distance: number;
  moving_time: number;
  elevation_gain: number;
}

function total(activities: readonly SummaryActivity[]): Total {
  let [tenths, seconds, gain] = [0, 0, 0];
  for (const activity of activities) {
    tenths += Math.round((activity.distance ?? 0) * 10);
    seconds += activity.moving_time ?? 0;
    gain += Math.round((activity.total_elevation_gain ?? 0) * 10);
  }
  return {
    count: activities.length,
    distance: tenths / 10,
    moving_time: seconds,
    elevation_gain: gain / 10,
  };
}

function totalsBy(
  activities: readonly SummaryActivity[],
  keyOf: (activity: SummaryActivity) => string,
): Record<string, Total> {
  const keys = [...new Set(activities.map(keyOf))];
  return Object.fromEntries(
    keys.map((key) => [key, total(activities.filter((a) => keyOf(a) === key))]),
  );
}

function yearsBy(
  activities: readonly SummaryActivity[],
  keyOf: (activity: SummaryActivity) => string,
): Record<string, Record<string, Total>> {
  const years = [...new Set(activities.map((a) => localDay(a).slice(0, 4)))];
  return Object.fromEntries(
    years.map((year) => [
      year,
      totalsBy(activities.filter((a) => localDay(a).startsWith(year)), keyOf),
    ]),
  );
}

/** The 12 months up to "2026-11", newest first. */
function monthsUpTo(month: string): string[] {
  let [year, number] = month.split("-").map(Number) as [number, number];
  const months: string[] = [];
  while (months.length < 12) {
    months.push(`${year}-${String(number).padStart(2, "0")}`);
    number--;
    if (number === 0) [year, number] = [year - 1, 12];
  }
  return months;
}

function newestFirst(a: SummaryActivity, b: SummaryActivity): number {
  return Date.parse(b.start_date) - Date.parse(a.start_date) || b.id - a.id;
}

function longest(
  activities: readonly SummaryActivity[],
  { sports, year }: { sports: string[]; year: string },
): SummaryActivity | undefined {
  return activities
    .filter((a) => localDay(a).startsWith(year) && sports.includes(sportOf(a)))
    .sort((a, b) =>
      (b.distance ?? 0) - (a.distance ?? 0) || newestFirst(a, b)
    )[0];
}

const SYNCED_AT = "2026-11-20T12:02:00Z";

/** Every statistic of the history, by the REST path that serves it to the holder of the key. */
function expectAll(
  activities: readonly SummaryActivity[],
  month: string,
): Record<string, unknown> {
  const year = month.slice(0, 4);
  const thisYear = activities.filter((a) => localDay(a).startsWith(year));
  const statistic = (type: string, data: unknown): unknown => ({
    type,
    data,
    fetched_at: SYNCED_AT,
  });
  const recent = [...activities].sort(newestFirst).slice(0, 30).map((a) => ({
    id: a.id,
    name: a.name,
    type: typeOf(a),
    distance: a.distance ?? 0,
    moving_time: a.moving_time ?? 0,
    elevation_gain: a.total_elevation_gain ?? 0,
    start_date: a.start_date,
  }));
  return {
    "ytd": statistic("ytd", {
      run: total(thisYear.filter((a) => RUNS.includes(sportOf(a)))),
      ride: total(thisYear.filter((a) => RIDES.includes(sportOf(a)))),
    }),
    "monthly": statistic(
      "monthly",
      Object.fromEntries(
        monthsUpTo(month).map((each) => [
          each,
          total(activities.filter((a) => localDay(a).startsWith(each))),
        ]),
      ),
    ),
    "activities": statistic("recent_activities", recent),
    "totals": statistic("all_time_totals", totalsBy(activities, typeOf)),
    "totals?by=sport_type": statistic(
      "all_time_totals",
      totalsBy(activities, sportOf),
    ),
    "yearly": statistic("yearly_stats", yearsBy(activities, typeOf)),
    "yearly?by=sport_type": statistic(
      "yearly_stats",
      yearsBy(activities, sportOf),
    ),
  };
}

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

/** The same seven over tRPC, as JSON shows them. */
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

/** A value as JSON, its dates without the milliseconds that REST leaves out. */
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
  Deno.test(`GET /strava/stats/*: equal to a plain count, over REST and tRPC: ${name}`, async () => {
    await using test = await createTestApp({ activities, synced: true });
    const expected = expectAll(activities, "2026-11");

    for (const [path, answer] of Object.entries(expected)) {
      assert.deepEqual(await getJson(test, `stats/${path}`), answer, path);
    }
    assert.deepEqual(await callAll(test), expected);
  });

  Deno.test(`GET /strava/stats/longest-*: equal to a plain search in every year: ${name}`, async () => {
    await using test = await createTestApp({ activities, synced: true });
    const { stats } = createClient(test);
    const years = activities.map((a) => localDay(a).slice(0, 4));
    for (const year of new Set([...years, "2026", "1999"])) {
      for (
        const [path, sports, call] of [
          ["longest-run", RUNS, stats.longestRun],
          ["longest-ride", RIDES, stats.longestRide],
        ] as const
      ) {
        const found = longest(activities, { sports: [...sports], year });
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

Deno.test("GET /strava/stats/*: exactly these keys, in this order", async () => {
  await using test = await createTestApp({ activities: EDGES, synced: true });
  const total = ["count", "distance", "moving_time", "elevation_gain"];
  const keysOf = (value: object): string[] => Object.keys(value);

  for (const path of ["ytd", "monthly", "activities", "totals", "yearly"]) {
    const body = await getJson(test, `stats/${path}`);
    assert.deepEqual(keysOf(body), ["type", "data", "fetched_at"], path);
  }
  const { data: ytd } = await getJson(test, "stats/ytd");
  assert.deepEqual(keysOf(ytd), ["run", "ride"]);
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

Deno.test("GET /strava/stats/monthly: 12 local months, newest first, zeros where nothing was", async () => {
  await using test = await createTestApp({ synced: true });
  test.clock.now = Date.UTC(2028, 1, 29, 12);

  const { data } = await getJson(test, "stats/monthly");

  assert.deepEqual(Object.keys(data), monthsUpTo("2028-02"));
  for (const month of Object.values(data)) assert.deepEqual(month, total([]));
});

Deno.test("GET /strava/stats/totals: the most frequent sport first", async () => {
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
      newest: at("2025-12-20T08:00:00", { id: 1, ...SYDNEY }),
      clock: NEW_YEAR - 10 * HOUR,
      month: "2026-01",
    },
    {
      name:
        "Sydney's offset without its daylight saving would still say December",
      newest: at("2025-06-20T08:00:00", { id: 1, ...SYDNEY, hours: 10 }),
      clock: NEW_YEAR - 10.5 * HOUR,
      month: "2026-01",
    },
    {
      name: "Los Angeles is behind",
      newest: at("2025-12-20T08:00:00", { id: 1, ...LOS_ANGELES }),
      clock: NEW_YEAR + 7.5 * HOUR,
      month: "2025-12",
    },
    {
      name: "a zone without a place leaves the offset",
      newest: at("2025-12-20T08:00:00", { id: 1, hours: 3, zone: "Factory" }),
      clock: NEW_YEAR - 2 * HOUR,
      month: "2026-01",
    },
    {
      name: "a zone of no world leaves the offset",
      newest: at("2025-12-20T08:00:00", {
        id: 1,
        hours: 3,
        zone: "Mars/Olympus_Mons",
      }),
      clock: NEW_YEAR - 2 * HOUR,
      month: "2026-01",
    },
    {
      name: "no zone leaves the offset",
      newest: at("2025-12-20T08:00:00", { id: 1, hours: -3 }),
      clock: NEW_YEAR + 2 * HOUR,
      month: "2025-12",
    },
    {
      name: "no activity leaves UTC",
      newest: undefined,
      clock: NEW_YEAR - 1,
      month: "2025-12",
    },
    {
      name: "no activity leaves UTC, which has a new year, too",
      newest: undefined,
      clock: NEW_YEAR,
      month: "2026-01",
    },
  ]
) {
  Deno.test(`GET /strava/stats/*: the current month is the athlete's: ${name}`, async () => {
    const older = at("2025-01-05T08:00:00", { id: 2, hours: 1 });
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

Deno.test("GET /strava/stats/*: fetched_at is the last successful sync, whatever failed since", async () => {
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

Deno.test("GET /strava/stats/*: 404 says how to connect, and then that the first sync goes on", async () => {
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

Deno.test("GET /strava/stats/longest-run: a year is a whole number from 1900 to 2200, given once", async () => {
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

Deno.test("GET /strava/stats/totals: `by` is one of two words", async () => {
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

Deno.test("PUBLIC_VISIBILITY: hides single activities from callers without the key; totals count all", async () => {
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
    longest(visible, { sports: RUNS, year: "2026" })!.id,
  );
  assert.equal(
    shownRide.id,
    longest(visible, { sports: RIDES, year: "2026" })!.id,
  );
  assert.deepEqual(
    await getJson(test, "stats/activities", false),
    shown["activities"],
  );
  for (const path of ["ytd", "monthly", "totals", "yearly"]) {
    assert.deepEqual(await getJson(test, `stats/${path}`, false), all[path]);
  }
});

Deno.test("PUBLIC_VISIBILITY: 404 where every run of the year is hidden", async () => {
  const activities = [
    at("2026-05-07T10:00:00", { id: 7, visibility: "only_me", private: true }),
  ];
  await using test = await createTestApp({ activities, synced: true });

  const response = await test.get("/strava/stats/longest-run");

  assert.equal(response.status, 404);
  assert.equal((await response.json()).reason, "activity_not_found");
  assert.equal((await getJson(test, "stats/longest-run")).id, 7);
});

Deno.test("PUBLIC_STATS=false: every path of data needs the key", async () => {
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

Deno.test("GET /strava/stats/*: a wrong key is refused although none is needed", async () => {
  await using test = await createTestApp({ synced: true });
  for (const path of DATA_PATHS) {
    const response = await test.get(`/strava/${path}`, {
      headers: { "x-api-key": "wrong" },
    });
    assert.equal(response.status, 401, path);
    assert.equal((await response.json()).reason, "invalid_api_key");
  }
});
