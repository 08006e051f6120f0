import assert from "node:assert/strict";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import superjson from "superjson";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import type { AppRouter } from "../../../server/router.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";

/** Names of sports that Strava may send, with their key in statistics if it differs. */
const SPORTS: readonly (readonly [sport: string, key?: string])[] = [
  ["__proto__", "__proto___"],
  ["constructor", "constructor_"],
  ["prototype", "prototype_"],
  // A different sport from the one above.
  ["constructor_", "constructor__"],
  ["__proto____", "__proto_____"],
  ["Constructor"],
  ["toString"],
  ["toJSON"],
  ["valueOf"],
  ["hasOwnProperty"],
  ["__defineGetter__"],
  ["then"],
  ["json"],
  ["length"],
  ["a.b"],
  ["a\\.b\\"],
  ["2025"],
  ["Ski & Schuß / 山スキー 🎿"],
  ['"'],
  [" "],
  ["x".repeat(300)],
];

const ACTIVITIES = SPORTS.flatMap(([sport], index) =>
  // The n-th sport occurs n times, so that the counts tell the sports apart.
  Array.from({ length: index + 1 }, (_, nth) =>
    createActivity({
      id: index * 100 + nth + 1,
      type: sport,
      sport_type: sport,
      distance: 1000,
      start_date: "2025-05-05T05:05:05Z",
      start_date_local: "2025-05-05T05:05:05Z",
    }, 1))
);
const EXPECTED = SPORTS.map(([sport, key = sport], index) =>
  [key, index + 1] as const
);

function createOddApp(): Promise<TestApp> {
  return createTestApp({ activities: ACTIVITIES, synced: true });
}

function assertAllSports(data: Record<string, { count: number }>): void {
  const counts = Object.entries(data).map(([key, { count }]) => [key, count]);
  assert.deepEqual(
    counts.toSorted(([, a], [, b]) => Number(a) - Number(b)),
    EXPECTED,
  );
}

for (const by of ["type", "sport_type"] as const) {
  Deno.test(`stats by ${by}: keep sports of any name over REST`, async () => {
    await using test = await createOddApp();

    const totals = await test.get(`/strava/stats/totals?by=${by}`);
    const yearly = await test.get(`/strava/stats/yearly?by=${by}`);

    assert.deepEqual([totals.status, yearly.status], [200, 200]);
    assertAllSports((await totals.json()).data);
    assertAllSports((await yearly.json()).data["2025"]);
  });

  Deno.test(`stats by ${by}: keep sports of any name over tRPC`, async () => {
    await using test = await createOddApp();
    const client = createTRPCClient<AppRouter>({
      links: [httpBatchLink({
        url: "http://localhost:5001/trpc",
        transformer: superjson,
        fetch: (input: unknown, init: unknown): Promise<Response> =>
          test.app(new Request(input as string, init as RequestInit)),
      })],
    });

    const [totals, yearly] = await Promise.all([
      client.stats.totals.query({ by }),
      client.stats.yearly.query({ by }),
    ]);

    assertAllSports(totals.data);
    assertAllSports(yearly.data["2025"]!);
    assert.ok(totals.fetched_at instanceof Date);
  });
}

Deno.test("GET /strava/activities: filters by sport names of up to 64 characters", async () => {
  await using test = await createOddApp();
  for (const [index, [sport]] of SPORTS.entries()) {
    const query = `activity_type=${encodeURIComponent(sport)}`;
    const response = await test.get(`/strava/activities?${query}&limit=1`);
    const { total, data, issues } = await response.json();
    if (sport.length > 64) {
      assert.equal(response.status, 400);
      assert.equal(issues[0].path, "activity_type");
      continue;
    }
    // Case does not matter: two of the sports are the same.
    const isTwice = /^constructor$/i.test(sport);
    assert.equal(response.status, 200, sport);
    assert.equal(total, isTwice ? 2 + 6 : index + 1, sport);
    assert.equal(data[0].type.toLowerCase(), sport.toLowerCase());
  }
});

Deno.test("GET /strava/activities: refuses empty sport names and control characters", async () => {
  await using test = await createOddApp();
  for (const text of ["%00", "a%00", "%1b[2J", "a%0ab", "%7f", "%c2%85", ""]) {
    const response = await test.get(`/strava/activities?activity_type=${text}`);
    const { issues } = await response.json();
    assert.equal(response.status, 400, text);
    assert.equal(issues[0].path, "activity_type");
  }
});
