import assert from "node:assert/strict";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";

interface Page {
  total: number;
  limit: number;
  offset: number;
  next_cursor: string | null;
  data: { id: number; type: string; sport_type: string; start_date: string }[];
}

async function getPage(
  test: TestApp,
  query = "",
  key = true,
): Promise<Page> {
  const response = await test.get(`/strava/activities?${query}`, { key });
  assert.equal(response.status, 200, query);
  return await response.json();
}

function newestFirst(activities: readonly SummaryActivity[]): number[] {
  return [...activities]
    .sort((a, b) =>
      Date.parse(b.start_date) - Date.parse(a.start_date) || b.id - a.id
    )
    .map(({ id }) => id);
}

const HISTORY = createHistory(250, 7);

Deno.test("GET /strava/activities: returns the newest 100 by default", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const ids = newestFirst(HISTORY);

  const page = await getPage(test);
  const second = await getPage(test, "limit=7&offset=240");
  const last = await getPage(test, "limit=200&offset=243");
  const past = await getPage(test, "offset=1000000");

  assert.deepEqual(Object.keys(page), [
    "total",
    "limit",
    "offset",
    "next_cursor",
    "data",
  ]);
  assert.deepEqual([page.total, page.limit, page.offset], [250, 100, 0]);
  assert.deepEqual(page.data.map(({ id }) => id), ids.slice(0, 100));
  assert.deepEqual([second.limit, second.offset], [7, 240]);
  assert.deepEqual(second.data.map(({ id }) => id), ids.slice(240, 247));
  assert.notEqual(second.next_cursor, null);
  assert.deepEqual(last.data.map(({ id }) => id), ids.slice(243));
  assert.equal(last.next_cursor, null);
  assert.deepEqual([past.total, past.data, past.next_cursor], [250, [], null]);
});

Deno.test("GET /strava/activities: returns an empty page for an empty history", async () => {
  await using test = await createTestApp({ synced: true });

  assert.deepEqual(await getPage(test), {
    total: 0,
    limit: 100,
    offset: 0,
    next_cursor: null,
    data: [],
  });
});

Deno.test("GET /strava/activities: returns the fields of Strava's activity", async () => {
  const activity = createActivity({
    id: 9_007_199_254_740_991,
    name: 'Ünïcode "run" \u{1F3C3} </script>',
    type: "Run",
    sport_type: "TrailRun",
    distance: 10_234.5,
    moving_time: 2912,
    elapsed_time: 3050,
    total_elevation_gain: 143.2,
    start_date: "2026-07-06T08:30:12Z",
    start_date_local: "2026-07-06T10:30:12Z",
    utc_offset: 7200,
    timezone: "(GMT+01:00) Europe/Berlin",
    average_speed: 3.514,
    max_speed: 5.2,
    average_heartrate: 148.3,
    max_heartrate: 171,
    kudos_count: 7,
    gear_id: "g3423618",
    workout_type: 2,
    trainer: false,
    commute: true,
    manual: false,
  }, ATHLETE_ID);
  await using test = await createTestApp({
    activities: [activity],
    synced: true,
  });

  const { data } = await getPage(test);

  assert.deepEqual(data, [{
    id: 9_007_199_254_740_991,
    name: 'Ünïcode "run" \u{1F3C3} </script>',
    type: "Run",
    sport_type: "TrailRun",
    distance: 10_234.5,
    moving_time: 2912,
    elapsed_time: 3050,
    total_elevation_gain: 143.2,
    start_date: "2026-07-06T08:30:12Z",
    start_date_local: "2026-07-06T10:30:12",
    utc_offset: 7200,
    timezone: "Europe/Berlin",
    average_speed: 3.514,
    max_speed: 5.2,
    kudos_count: 7,
    heart_rate: { average: 148.3, max: 171 },
    visibility: "everyone",
    gear_id: "g3423618",
    workout_type: 2,
    trainer: false,
    commute: true,
    manual: false,
  }]);
});

/** Reads every page by `next_cursor`; `between` runs after each page. */
async function readAllPages(
  test: TestApp,
  query: string,
  between: (page: number) => Promise<void> = async () => {},
): Promise<number[]> {
  const ids: number[] = [];
  let cursor: string | null = "";
  for (let page = 1; cursor !== null; page++) {
    assert.ok(page < 1000, "The pages do not end");
    const { data, next_cursor }: Page = await getPage(
      test,
      cursor === "" ? query : `${query}&cursor=${cursor}`,
    );
    ids.push(...data.map(({ id }) => id));
    cursor = next_cursor;
    await between(page);
  }
  return ids;
}

Deno.test("GET /strava/activities: returns every activity once by cursor", async () => {
  // Ids of 16 digits, and several activities that start in the same second.
  const twins = [1, 2, 3, 9_007_199_254_740_990, 9_007_199_254_740_991].map(
    (id) => createActivity({ id, start_date: "2025-05-05T05:05:05Z" }, 1),
  );
  const activities = [...HISTORY, ...twins];
  await using test = await createTestApp({ activities, synced: true });

  for (const limit of [1, 2, 17, 200]) {
    assert.deepEqual(
      await readAllPages(test, `limit=${limit}`),
      newestFirst(activities),
      `limit ${limit}`,
    );
  }
});

Deno.test("GET /strava/activities: keeps pages stable while activities arrive", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });

  const ids = await readAllPages(test, "limit=40", async (page) => {
    test.strava.athletes.get(ATHLETE_ID)!.add({
      start_date: `2026-11-20T11:${10 + page}:00Z`,
    });
    await test.post("/strava/refresh-data", { key: true });
  });

  assert.deepEqual(ids, newestFirst(HISTORY));
  assert.equal((await getPage(test, "limit=1")).total, 250 + 7);
});

Deno.test("GET /strava/activities: filters by local year and by either sport name", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const expect = async (
    query: string,
    keep: (activity: SummaryActivity) => boolean,
  ): Promise<void> => {
    const expected = newestFirst(HISTORY.filter(keep));
    const page = await getPage(test, `${query}&limit=200`);
    assert.equal(page.total, expected.length, query);
    assert.deepEqual(
      page.data.map(({ id }) => id),
      expected.slice(0, 200),
      query,
    );
    assert.deepEqual(await readAllPages(test, `${query}&limit=20`), expected);
  };
  const { type, sport_type } = HISTORY.find((a) => a.type !== a.sport_type)!;

  for (const year of ["2026", "2025", "2024", "1999"]) {
    await expect(
      `year=${year}`,
      (a) => a.start_date_local.slice(0, 4) === year,
    );
  }
  for (const name of [type, type.toUpperCase(), type.toLowerCase()]) {
    await expect(
      `activity_type=${name}`,
      (a) => a.type === type || a.sport_type === type,
    );
  }
  await expect(
    `activity_type=${sport_type.toLowerCase()}`,
    (a) => a.sport_type === sport_type || a.type === sport_type,
  );
  await expect(
    "activity_type=Run&year=2025",
    (a) => a.type === "Run" && a.start_date_local.startsWith("2025"),
  );
  await expect("activity_type=Nothing", () => false);
});

Deno.test("GET /strava/activities: applies PUBLIC_VISIBILITY without the key", async () => {
  await using test = await createTestApp({
    activities: HISTORY,
    synced: true,
    env: { PUBLIC_VISIBILITY: "everyone,followers_only" },
  });
  const visible = newestFirst(
    HISTORY.filter((a) => a.visibility !== "only_me"),
  );

  const page = await getPage(test, "limit=200", false);

  assert.ok(visible.length < HISTORY.length, "No activity is hidden");
  assert.equal(page.total, visible.length);
  assert.deepEqual(page.data.map(({ id }) => id), visible.slice(0, 200));
});

Deno.test("GET /strava/activities: answers 400 and names an invalid parameter", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const [query, path] of [
      ["limit=0", "limit"],
      ["limit=201", "limit"],
      ["limit=-1", "limit"],
      ["limit=1.5", "limit"],
      ["limit=", "limit"],
      ["limit=true", "limit"],
      ["limit=1&limit=2", "limit"],
      ["offset=-1", "offset"],
      ["offset=1000001", "offset"],
      ["offset=x", "offset"],
      ["year=1899", "year"],
      ["year=2201", "year"],
      ["activity_type=", "activity_type"],
      ["activity_type=%00", "activity_type"],
      ["activity_type=%C2%85", "activity_type"],
      ["activity_type=Run%0a", "activity_type"],
      [`activity_type=${"a".repeat(65)}`, "activity_type"],
      ["cursor=", "cursor"],
      ["cursor=abc", "cursor"],
      ["cursor=1", "cursor"],
      ["cursor=1-", "cursor"],
      ["cursor=-1", "cursor"],
      ["cursor=1-1%00", "cursor"],
      ["cursor=1-1-1", "cursor"],
      ["cursor=1e3-1", "cursor"],
      ["cursor=253402300800000-1", "cursor"],
      ["cursor=-62135596800001-1", "cursor"],
      ["cursor=1-99999999999999999", "cursor"],
      [`cursor=${"1".repeat(65)}`, "cursor"],
      ["cursor=1-1&offset=1", "offset"],
      ["page=2", "page"],
    ] as const
  ) {
    const response = await test.get(`/strava/activities?${query}`);
    const body = await response.json();
    assert.equal(response.status, 400, query);
    assert.equal(body.reason, "invalid_input");
    assert.equal(body.issues[0].path, path, query);
  }
  for (
    const query of [
      "limit=1",
      "limit=200",
      "offset=1000000",
      "cursor=9999999999999-9999999999999999",
      "cursor=-9999999999999-0",
      "cursor=253402300799999-0&year=2200",
      "cursor=-62135596800000-0",
      "cursor=1-1&offset=0",
      "activity_type=a%20b",
      "activity_type=%25",
    ]
  ) {
    assert.deepEqual((await getPage(test, query)).data, [], query);
  }
});
