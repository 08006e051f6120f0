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
  type TestApp,
} from "../../support/app.ts";
import * as oracle from "../../support/oracle.ts";
import * as days from "../../support/oracle_days.ts";
import { expectEddington } from "../../support/oracle_eddington.ts";
import { expectLoads } from "../../support/oracle_loads.ts";
import {
  createRandomActivities,
  createRaw,
  type RawActivity,
} from "../../support/raw_days.ts";

const TODAY = "2026-11-20";

/** Converts activities to the form in which Strava sends them. */
function toSummaries(activities: readonly RawActivity[]): SummaryActivity[] {
  return activities.map((activity) => ({
    ...createActivity({ id: activity.id }, ATHLETE_ID),
    ...activity,
  } as SummaryActivity));
}

const HISTORIES: readonly { name: string; activities: RawActivity[] }[] = [
  { name: "no activity", activities: [] },
  { name: "one activity", activities: [createRaw("2026-11-20T07:00:00")] },
  { name: "seed 4", activities: createRandomActivities(4) },
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

/** Expects each statistic of the activities that the caller may see by a plain count. */
function expectAll(
  activities: readonly RawActivity[],
): Record<string, { type: string; data: unknown }> {
  const loads = expectLoads(activities);
  const options = { today: TODAY };
  return {
    "records": {
      type: "records",
      data: oracle.expectRecords(activities, options),
    },
    "records?window=26w&metric=moving_time": {
      type: "records",
      data: oracle.expectRecords(activities, {
        ...options,
        window: "26w",
        metric: "moving_time",
      }),
    },
    "eddington": { type: "eddington", data: expectEddington(activities) },
    "eddington?unit=mi": {
      type: "eddington",
      data: expectEddington(activities, { unit: "mi" }),
    },
    "streaks": {
      type: "streaks",
      data: days.expectStreaks(activities, TODAY),
    },
    "calendar": {
      type: "calendar",
      data: days.expectCalendar(activities, {
        year: 2026,
        today: TODAY,
        loads,
      }),
    },
    "calendar?year=2024": {
      type: "calendar",
      data: days.expectCalendar(activities, { year: 2024, loads }),
    },
    "cumulative": {
      type: "cumulative",
      data: days.expectCumulative(activities, { today: TODAY }),
    },
    "cumulative?metric=count&years=3": {
      type: "cumulative",
      data: days.expectCumulative(activities, {
        metric: "count",
        years: ["2024", "2025", "2026"],
        today: TODAY,
      }),
    },
    "cumulative?year_list=2020,2024,2020": {
      type: "cumulative",
      data: days.expectCumulative(activities, {
        years: ["2020", "2024"],
        today: TODAY,
      }),
    },
    "distribution": {
      type: "distribution",
      data: days.expectDistribution(activities),
    },
    "milestones": {
      type: "milestones",
      data: days.expectMilestones(activities),
    },
    "records?week_start=sunday": {
      type: "records",
      data: oracle.expectRecords(activities, { ...options, week: "sunday" }),
    },
    "eddington?by=week&week_start=sunday": {
      type: "eddington",
      data: expectEddington(activities, { by: "week", week: "sunday" }),
    },
    "streaks?week_start=sunday": {
      type: "streaks",
      data: days.expectStreaks(activities, TODAY, "sunday"),
    },
    "distribution?week_start=sunday": {
      type: "distribution",
      data: days.expectDistribution(activities, "sunday"),
    },
  };
}

/** Calls the same statistics over tRPC. */
async function callAll(
  { stats }: TRPCClient<AppRouter>,
): Promise<Record<string, { type: string; data: unknown }>> {
  return {
    "records": await stats.records.query(),
    "records?window=26w&metric=moving_time": await stats.records.query({
      window: "26w",
      metric: "moving_time",
    }),
    "eddington": await stats.eddington.query(),
    "eddington?unit=mi": await stats.eddington.query({ unit: "mi" }),
    "streaks": await stats.streaks.query(),
    "calendar": await stats.calendar.query(),
    "calendar?year=2024": await stats.calendar.query({ year: 2024 }),
    "cumulative": await stats.cumulative.query(),
    "cumulative?metric=count&years=3": await stats.cumulative.query({
      metric: "count",
      years: 3,
    }),
    "cumulative?year_list=2020,2024,2020": await stats.cumulative.query({
      year_list: "2020,2024,2020",
    }),
    "distribution": await stats.distribution.query(),
    "milestones": await stats.milestones.query(),
    "records?week_start=sunday": await stats.records.query({
      week_start: "sunday",
    }),
    "eddington?by=week&week_start=sunday": await stats.eddington.query({
      by: "week",
      week_start: "sunday",
    }),
    "streaks?week_start=sunday": await stats.streaks.query({
      week_start: "sunday",
    }),
    "distribution?week_start=sunday": await stats.distribution.query({
      week_start: "sunday",
    }),
  };
}

for (const { name, activities } of HISTORIES) {
  Deno.test(`GET /strava/stats/*: equals a plain count over REST and tRPC: ${name}`, async () => {
    await using test = await createTestApp({
      activities: toSummaries(activities),
      synced: true,
    });
    const all = expectAll(activities);
    const shown = expectAll(activities.filter(isPublic));
    const called = await callAll(createClient(test));

    for (const [path, { type, data }] of Object.entries(all)) {
      const answer = await getJson(test, path);
      assert.deepEqual(Object.keys(answer), [
        "type",
        "data",
        "fetched_at",
        "counts",
      ]);
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

Deno.test("GET /strava/stats/records: filters by sport and minimum distance", async () => {
  const activities = createRandomActivities(5);
  await using test = await createTestApp({
    activities: toSummaries(activities),
    synced: true,
  });
  const trails = activities.filter((a) => a.sport_type === "TrailRun");
  const runs = await getJson(test, "records?sport=run");
  const trailRuns = await getJson(test, "records?sport=trailrun");
  const near = await getJson(test, "records?sport=ride&min_distance=500.5");
  const none = await getJson(test, "records?sport=Quidditch");

  const options = { today: TODAY };
  const expected = oracle.expectRecords(activities, options);
  assert.deepEqual(runs.data, { run: expected["run"] });
  assert.deepEqual(trailRuns.data, {
    trailrun: oracle.expectRecords(trails, options)["run"],
  });
  const { fastest } = near.data.ride;
  assert.deepEqual([fastest.length, fastest[0].min_distance], [1, 500.5]);
  assert.deepEqual(Object.keys(none.data), ["Quidditch"]);
  assert.equal(none.data.Quidditch.longest_time, null);
  assert.equal(none.data.Quidditch.reason, "no_activity");
});

Deno.test("GET /strava/stats/records: bounds every window by from and to", async () => {
  const activities = createRandomActivities(5);
  await using test = await createTestApp({
    activities: toSummaries(activities),
    synced: true,
  });
  const getSpan = async (query: string): Promise<unknown> => {
    const { data } = await getJson(test, `records?${query}`);
    return [data.run.from, data.run.to];
  };

  assert.deepEqual(await getSpan("window=all"), [null, null]);
  assert.deepEqual(await getSpan("window=year"), ["2026-01-01", "2026-12-31"]);
  assert.deepEqual(await getSpan("window=4w"), ["2026-10-24", "2026-11-20"]);
  assert.deepEqual(await getSpan("window=12w"), ["2026-08-29", "2026-11-20"]);
  assert.deepEqual(await getSpan("window=52w"), ["2025-11-22", "2026-11-20"]);
  assert.deepEqual(await getSpan("from=2024-02-29"), ["2024-02-29", null]);
  assert.deepEqual(await getSpan("window=year&to=2026-03-01"), [
    "2026-01-01",
    "2026-03-01",
  ]);
  const { data } = await getJson(test, "records?window=4w&to=2026-01-01");
  assert.equal(data.run.longest_time, null);
  assert.equal(data.run.reason, "no_activity");
});

Deno.test("GET /strava/stats/eddington: counts a year alone, within from and to", async () => {
  const activities = createRandomActivities(5);
  await using test = await createTestApp({
    activities: toSummaries(activities),
    synced: true,
  });
  const between = (from: string, to: string): unknown =>
    expectEddington(
      activities.filter((a) =>
        oracle.dayOf(a) >= from && oracle.dayOf(a) <= to
      ),
    );

  const year = await getJson(test, "eddington?year=2024");
  const spring = await getJson(test, "eddington?year=2024&to=2024-05-31");

  assert.deepEqual(year.data, between("2024-01-01", "2024-12-31"));
  assert.deepEqual(spring.data, between("2024-01-01", "2024-05-31"));
});

for (
  const query of [
    "records?window=3w",
    "records?metric=count",
    "eddington?unit=m",
    "eddington?unit=km&metric=elevation_gain",
    "eddington?by=month",
    "eddington?year=24",
    "cumulative?metric=speed",
    "streaks?from=2025-06-02&to=2025-06-01",
    "streaks?week_start=Sunday",
    "streaks?week_start=",
    "records?week_start=saturday",
    "distribution?week_start=0",
    "overview?week_start=mo",
    "milestones?to=2025-06-31",
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
  Deno.test(`GET /strava/stats/${query}: answers 400 and names the parameter`, async () => {
    await using test = await createTestApp({ synced: true });

    const response = await test.get(`/strava/stats/${query}`);

    assert.equal(response.status, 400);
    const body = await response.json();
    assert.equal(body.reason, "invalid_input");
    assert.equal(body.issues[0].path, /\?(\w+)=/.exec(query)![1]);
  });
}

Deno.test("GET /strava/stats/cumulative: refuses years together with year_list", async () => {
  await using test = await createTestApp({ synced: true });

  const response = await test.get(
    "/strava/stats/cumulative?years=2&year_list=2025",
  );

  assert.equal(response.status, 400);
  assert.equal((await response.json()).issues[0].path, "year_list");
});

Deno.test("GET /strava/stats/*: filters by sport, from and to", async () => {
  const activities = createRandomActivities(6);
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
  const query = `?sport=ride&from=${from}&to=${to}`;
  const get = async (path: string): Promise<unknown> =>
    (await getJson(test, path)).data;

  assert.deepEqual(
    await get(`eddington${query}`),
    expectEddington(winter),
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
    await get(`streaks${query}`),
    days.expectStreaks(winter, TODAY),
  );
  assert.deepEqual(
    await get(`milestones${query}`),
    days.expectMilestones(winter),
  );
  assert.deepEqual(
    await get("calendar?sport=ride&year=2024"),
    days.expectCalendar(rides, { year: 2024, loads: expectLoads(rides) }),
  );
  assert.deepEqual(
    await get("cumulative?sport=ride&years=1"),
    days.expectCumulative(rides, { years: ["2026"], today: TODAY }),
  );
  assert.deepEqual(
    await get("milestones?sport=ride"),
    days.expectMilestones(rides),
  );
});

Deno.test("GET /strava/stats/*: uses the wall clock, even a year apart from UTC", async () => {
  const activities = [
    createRaw("2025-12-31T23:59:00", { utc_offset: -28_800 }),
    createRaw("2026-01-01T00:30:00", { utc_offset: 39_600 }),
    createRaw("2024-02-29T23:59:59", { utc_offset: -18_000 }),
    // Within the hour that occurs twice in autumn, and on the day that lacks an hour in spring.
    createRaw("2025-10-26T02:30:00", { utc_offset: 7200 }),
    createRaw("2025-10-26T02:30:00", { utc_offset: 3600 }),
    createRaw("2025-03-30T03:00:00", { utc_offset: 7200 }),
  ];
  await using test = await createTestApp({
    activities: toSummaries(activities),
    synced: true,
  });

  const { data: calendar } = await getJson(test, "calendar?year=2025");
  assert.deepEqual(
    calendar.days.map(({ date, count }: { date: string; count: number }) => [
      date,
      count,
    ]),
    [["2025-03-30", 1], ["2025-10-26", 2], ["2025-12-31", 1]],
  );
  const { data: records } = await getJson(test, "records");
  assert.equal(records.run.biggest_year.period, "2025");
  assert.equal(records.run.biggest_week.period, "2025-W43");
  const { data: distribution } = await getJson(test, "distribution");
  assert.equal(distribution.hours[23].count, 2);
  assert.equal(distribution.hours[2].count, 2);
});

Deno.test("GET /strava/stats/*: counts no hidden activity by the day", async () => {
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
  assert.equal(milestones.distance_km.total, 6);
  const { data: { run } } = await getJson(test, "records", false);
  assert.equal(run.longest_distance.value, 6000);
  assert.equal(run.biggest_day.date, "2026-11-02");
  const { data: calendar } = await getJson(test, "calendar", false);
  assert.equal(calendar.days.length, 1);
});
