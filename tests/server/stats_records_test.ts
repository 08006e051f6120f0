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
  };
}

/** The same over tRPC. */
async function callAll(
  { stats }: TRPCClient<AppRouter>,
): Promise<Record<string, { type: string; data: unknown }>> {
  return {
    "records": await stats.records.query(),
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
