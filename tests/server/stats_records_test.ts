import assert from "node:assert/strict";
import { createTRPCClient, httpLink, type TRPCClient } from "@trpc/client";
import superjson from "superjson";
import { createActivity } from "../../demo/strava_fixtures.ts";
import type { SummaryActivity } from "../../demo/strava_types.ts";
import type { AppRouter } from "../../server/router.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../support/app.ts";
import * as oracle from "../support/oracle.ts";
import * as days from "../support/oracle_days.ts";
import {
  createRaw,
  type RawActivity,
  rollActivities,
} from "../support/raw_days.ts";

const TODAY = "2026-11-20";

/** As Strava sends them. */
function toSummaries(activities: readonly RawActivity[]): SummaryActivity[] {
  return activities.map((activity) => ({
    ...createActivity({ id: activity.id }, ATHLETE_ID),
    ...activity,
  } as SummaryActivity));
}

const HISTORIES: readonly { name: string; activities: RawActivity[] }[] = [
  { name: "no activity", activities: [] },
  { name: "one activity", activities: [createRaw("2026-11-20T07:00:00")] },
  { name: "seed 4", activities: rollActivities(4) },
  { name: "an athlete's", activities: createHistory(400) },
];

function isPublic({ visibility }: RawActivity): boolean {
  return visibility === "everyone";
}

// deno-lint-ignore no-explicit-any -- a test looks into answers of every shape
async function getJson(test: TestApp, path: string, key = true): Promise<any> {
  const response = await test.get(`/strava/stats/${path}`, { key });
  assert.equal(response.status, 200, path);
  return await response.json();
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

/** Each statistic as a plain count has it; `isVisible` says what may be named. */
function expectAll(
  activities: readonly RawActivity[],
  isVisible: (activity: RawActivity) => boolean,
): Record<string, { type: string; data: unknown }> {
  return {
    "records": {
      type: "records",
      data: oracle.expectRecords(activities, { today: TODAY, isVisible }),
    },
    "eddington": { type: "eddington", data: days.expectEddington(activities) },
    "streaks": {
      type: "streaks",
      data: days.expectStreaks(activities, TODAY),
    },
    "calendar": {
      type: "calendar",
      data: days.expectCalendar(activities, 2026),
    },
    "calendar?year=2024": {
      type: "calendar",
      data: days.expectCalendar(activities, 2024),
    },
    "cumulative": {
      type: "cumulative",
      data: days.expectCumulative(activities, {
        years: [2026, 2025, 2024, 2023, 2022],
        today: TODAY,
      }),
    },
    "cumulative?year_list=2020,2024,2020": {
      type: "cumulative",
      data: days.expectCumulative(activities, {
        years: [2024, 2020],
        today: TODAY,
      }),
    },
    "distribution": {
      type: "distribution",
      data: days.expectDistribution(activities),
    },
    "milestones": {
      type: "milestones",
      data: days.expectMilestones(activities, isVisible),
    },
  };
}

/** The same over tRPC. */
async function callAll(
  { stats }: TRPCClient<AppRouter>,
): Promise<Record<string, { type: string; data: unknown }>> {
  return {
    "records": await stats.records.query(),
    "eddington": await stats.eddington.query(),
    "streaks": await stats.streaks.query(),
    "calendar": await stats.calendar.query(),
    "calendar?year=2024": await stats.calendar.query({ year: 2024 }),
    "cumulative": await stats.cumulative.query(),
    "cumulative?year_list=2020,2024,2020": await stats.cumulative.query({
      year_list: "2020,2024,2020",
    }),
    "distribution": await stats.distribution.query(),
    "milestones": await stats.milestones.query(),
  };
}

for (const { name, activities } of HISTORIES) {
  Deno.test(`GET /strava/stats/records and the like: equal to a plain count, over REST and tRPC, with the key and without: ${name}`, async () => {
    await using test = await createTestApp({
      activities: toSummaries(activities),
      synced: true,
    });
    const all = expectAll(activities, () => true);
    const shown = expectAll(activities, isPublic);
    const called = await callAll(createClient(test));

    for (const [path, { type, data }] of Object.entries(all)) {
      const answer = await getJson(test, path);
      assert.deepEqual(Object.keys(answer), ["type", "data", "fetched_at"]);
      assert.equal(answer.type, type);
      assert.deepEqual(answer.data, data, path);
      assert.deepEqual(
        (await getJson(test, path, false)).data,
        shown[path]!.data,
        `${path} without the key`,
      );
      assert.deepEqual(called[path]!.type, type);
      assert.deepEqual(called[path]!.data, data, `${path} over tRPC`);
    }
  });
}

Deno.test("GET /strava/stats/records: of one sport, over another distance", async () => {
  const activities = rollActivities(5);
  await using test = await createTestApp({
    activities: toSummaries(activities),
    synced: true,
  });
  const trails = activities.filter((a) => a.sport_type === "TrailRun");
  const isVisible = (): boolean => true;

  const runs = await getJson(test, "records?sport=RUN");
  const trailRuns = await getJson(test, "records?sport=trailrun");
  const near = await getJson(test, "records?sport=ride&min_distance=500.5");
  const none = await getJson(test, "records?sport=Quidditch");

  const expected = oracle.expectRecords(activities, {
    today: TODAY,
    isVisible,
  });
  assert.deepEqual(runs.data, expected.slice(0, 1));
  assert.deepEqual(
    trailRuns.data,
    oracle.expectRecords(trails, { today: TODAY, isVisible })
      .map((records) => ({ ...records as object, sport: "trailrun" })),
  );
  assert.equal(near.data[0].min_distance, 500.5);
  assert.deepEqual(none.data, []);
});

for (
  const query of [
    "records?min_distance=0",
    "records?min_distance=x",
    "records?min_distance=",
    "records?sport=",
    "records?sport=a%00b",
    "eddington?from=2025-02-30",
    "eddington?from=0000-01-01",
    "eddington?from=2025-06-02&to=2025-06-01",
    "streaks?sport=",
    "calendar?year=1899",
    "cumulative?years=0",
    "cumulative?years=21",
    "cumulative?year_list=2025,",
    "cumulative?year_list=202,5",
    "distribution?band_width=99",
    "distribution?from=2025-06-02&to=2025-06-01",
    "milestones?sport=",
  ]
) {
  Deno.test(`GET /strava/stats/${query}: 400 names what is wrong`, async () => {
    await using test = await createTestApp({ synced: true });

    const response = await test.get(`/strava/stats/${query}`);

    assert.equal(response.status, 400);
    const body = await response.json();
    assert.equal(body.reason, "invalid_input");
    assert.equal(body.issues[0].path, /\?(\w+)=/.exec(query)![1]);
  });
}

Deno.test("GET /strava/stats/cumulative: years and a list of them exclude each other", async () => {
  await using test = await createTestApp({ synced: true });

  const response = await test.get(
    "/strava/stats/cumulative?years=2&year_list=2025",
  );

  assert.equal(response.status, 400);
  assert.equal((await response.json()).issues[0].path, "year_list");
});

Deno.test("GET /strava/stats/*: sport, from and to choose what counts", async () => {
  const activities = rollActivities(6);
  await using test = await createTestApp({
    activities: toSummaries(activities),
    synced: true,
  });
  const rides = activities.filter((a) => oracle.sportOf(a) === "ride");
  const [from, to] = ["2023-12-31", "2024-02-29"];
  const winter = rides.filter((a) =>
    oracle.dayOf(a) >= from && oracle.dayOf(a) <= to
  );
  assert.ok(winter.length > 2 && winter.length < rides.length);
  const query = `?sport=Ride&from=${from}&to=${to}`;
  const get = async (path: string): Promise<unknown> =>
    (await getJson(test, path)).data;

  assert.deepEqual(
    await get(`eddington${query}`),
    days.expectEddington(winter),
  );
  assert.deepEqual(
    await get(`distribution${query}`),
    days.expectDistribution(winter),
  );
  assert.deepEqual(
    await get("streaks?sport=ride"),
    days.expectStreaks(rides, TODAY),
  );
  assert.deepEqual(
    await get("calendar?sport=ride&year=2024"),
    days.expectCalendar(rides, 2024),
  );
  assert.deepEqual(
    await get("cumulative?sport=ride&years=1"),
    days.expectCumulative(rides, { years: [2026], today: TODAY }),
  );
  assert.deepEqual(
    await get("milestones?sport=ride"),
    days.expectMilestones(rides, () => true),
  );
});

Deno.test("GET /strava/stats/*: the wall clock decides, not UTC, also where they are a year apart", async () => {
  const activities = [
    createRaw("2025-12-31T23:59:00", { utc_offset: -28_800 }),
    createRaw("2026-01-01T00:30:00", { utc_offset: 39_600 }),
    createRaw("2024-02-29T23:59:59", { utc_offset: -18_000 }),
    // Within the hour that a zone has twice, and on the day that lacks one.
    createRaw("2025-10-26T02:30:00", { utc_offset: 7200 }),
    createRaw("2025-10-26T02:30:00", { utc_offset: 3600 }),
    createRaw("2025-03-30T03:00:00", { utc_offset: 7200 }),
  ];
  await using test = await createTestApp({
    activities: toSummaries(activities),
    synced: true,
  });

  const { data: calendar } = await getJson(test, "calendar?year=2025");
  const active = calendar.days.filter((day: oracle.Total) => day.count > 0);
  assert.deepEqual(
    active.map(({ date, count }: { date: string; count: number }) => [
      date,
      count,
    ]),
    [["2025-03-30", 1], ["2025-10-26", 2], ["2025-12-31", 1]],
  );
  const { data: records } = await getJson(test, "records");
  assert.equal(records[0].all_time.biggest_year.distance.period, "2025");
  assert.equal(records[0].all_time.biggest_week.distance.period, "2025-W43");
  const { data: distribution } = await getJson(test, "distribution");
  assert.equal(distribution.hours[23].count, 2);
  assert.equal(distribution.hours[2].count, 2);
});

Deno.test("GET /strava/stats/*: a hidden activity is counted, and neither its name nor its id is told", async () => {
  const activities = [
    createRaw("2026-11-01T08:00:00", {
      id: 987_654_321,
      name: "Secret run",
      distance: 30_000,
      visibility: "only_me",
    }),
    createRaw("2026-11-02T08:00:00", { distance: 6000 }),
  ];
  await using test = await createTestApp({
    activities: toSummaries(activities),
    synced: true,
  });

  for (
    const path of [
      "records",
      "eddington",
      "streaks",
      "calendar",
      "cumulative",
      "distribution",
      "milestones",
    ]
  ) {
    const body = JSON.stringify(await getJson(test, path, false));
    assert.doesNotMatch(body, /Secret|987654321/, path);
  }
  const { data: milestones } = await getJson(test, "milestones", false);
  assert.deepEqual(milestones.distance_km.reached[0], {
    value: 10,
    date: "2026-11-01",
    activity: null,
    reason: "hidden",
  });
  const { data: [run] } = await getJson(test, "records", false);
  assert.equal(run.all_time.longest_distance.value, 6000);
  assert.equal(run.all_time.biggest_day.distance.value, 30_000);
});
