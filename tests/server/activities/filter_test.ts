import assert from "node:assert/strict";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import { encodePolyline } from "../../../strava_simulator/polyline.ts";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import { ATHLETE_ID, createHistory, createTestApp } from "../../support/app.ts";
import type { TestApp } from "../../support/app.ts";

interface Page {
  total: number;
  next_cursor: string | null;
  data: SummaryActivity[];
}

async function getPage(test: TestApp, query: string): Promise<Page> {
  const response = await test.get(`/strava/activities?${query}`, { key: true });
  const text = await response.text();
  assert.equal(response.status, 200, `${query}: ${text}`);
  return JSON.parse(text);
}

async function getIds(test: TestApp, query: string): Promise<number[]> {
  const { data } = await getPage(test, `limit=200&${query}`);
  return data.map(({ id }) => id);
}

/** Reads every page by `next_cursor`, and returns the ids; `between` runs after each page. */
async function readAllPages(
  test: TestApp,
  query: string,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<number[]> {
  const ids: number[] = [];
  let cursor: string | null = "";
  for (let page = 1; cursor !== null; page++) {
    assert.ok(page < 500, "The pages do not end");
    const { data, next_cursor }: Page = await getPage(
      test,
      cursor === "" ? query : `${query}&cursor=${encodeURIComponent(cursor)}`,
    );
    ids.push(...data.map(({ id }) => id));
    cursor = next_cursor;
    await between();
  }
  return ids;
}

type Value = (activity: SummaryActivity) => number;

const VALUES: Record<string, Value> = {
  date: ({ start_date }) => Date.parse(start_date),
  distance: ({ distance }) => distance,
  moving_time: ({ moving_time }) => moving_time,
  elevation_gain: ({ total_elevation_gain }) => total_elevation_gain,
  average_speed: ({ average_speed }) => average_speed,
};

function sortIds(
  activities: readonly SummaryActivity[],
  value: Value,
  order: string,
): number[] {
  const sign = order === "asc" ? 1 : -1;
  return activities
    .toSorted((a, b) => sign * (value(a) - value(b) || a.id - b.id))
    .map(({ id }) => id);
}

const HISTORY = createHistory(120, 11);

Deno.test("GET /strava/activities: is complete in every order by offset and cursor", async () => {
  // Many ties, and values that need seventeen digits to differ.
  const equals = [1, 2, 3, 4, 9_007_199_254_740_991].map((id) =>
    createActivity({
      id,
      distance: 0.1 + 0.2,
      moving_time: 0,
      average_speed: 1 / 3,
      start_date: "2025-05-05T05:05:05Z",
    }, ATHLETE_ID)
  );
  const activities = [...HISTORY, ...equals];
  await using test = await createTestApp({ activities, synced: true });

  for (const [sort, value] of Object.entries(VALUES)) {
    for (const order of ["desc", "asc"]) {
      const query = `sort=${sort}&order=${order}`;
      const expected = sortIds(activities, value, order);
      assert.deepEqual(await getIds(test, query), expected, query);
      assert.deepEqual(
        await getIds(test, `${query}&offset=7`),
        expected.slice(7),
      );
      assert.deepEqual(
        await readAllPages(test, `${query}&limit=23`),
        expected,
        query,
      );
    }
  }
  assert.deepEqual(
    await getIds(test, "sort=distance"),
    sortIds(activities, VALUES["distance"]!, "desc"),
  );
});

Deno.test("GET /strava/activities: keeps pages by distance stable during a sync", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const strava = test.strava.athletes.get(ATHLETE_ID)!;
  let minute = 10;

  const ids = await readAllPages(test, "sort=distance&limit=30", async () => {
    strava.add({ start_date: `2026-11-20T11:${minute++}:00Z`, distance: 1e6 });
    await test.post("/strava/refresh-data", { key: true });
  });

  assert.deepEqual(ids, sortIds(HISTORY, VALUES["distance"]!, "desc"));
});

Deno.test("GET /strava/activities: refuses invalid cursors and those of other orders", async () => {
  await using test = await createTestApp({ activities: HISTORY, synced: true });
  const { next_cursor } = await getPage(test, "sort=distance&limit=1");
  for (
    const query of [
      `cursor=${next_cursor}`,
      `sort=distance&order=asc&cursor=${next_cursor}`,
      `sort=moving_time&cursor=${next_cursor}`,
      "sort=distance&cursor=1733473812000-1",
      "order=asc&cursor=1733473812000-1",
      "sort=distance&cursor=distance~desc~1e400~1",
      "sort=distance&cursor=distance~desc~1e13~1",
      "sort=distance&cursor=distance~desc~1.1.1~1",
      "sort=distance&cursor=distance~desc~~1",
      "sort=distance&cursor=constructor~desc~1~1",
      "sort=moving_time&cursor=moving_time~desc~1.5~1",
      "sort=moving_time&cursor=moving_time~desc~2147483648~1",
      "order=asc&cursor=date~asc~1.5~1",
      "order=asc&cursor=date~asc~253402300800000~1",
    ]
  ) {
    const response = await test.get(`/strava/activities?${query}`);
    const body = await response.json();
    assert.equal(response.status, 400, query);
    assert.equal(body.issues[0].path, "cursor", query);
  }
});

function createTrack(): SummaryActivity["map"] {
  const line = encodePolyline([[52.5, 13.4], [52.6, 13.5]]);
  return { id: "a", summary_polyline: line, resource_state: 2 };
}

Deno.test("GET /strava/activities: applies each filter alone and combined", async () => {
  const activities = HISTORY.map((activity, index) => ({
    ...activity,
    commute: index % 3 === 0,
    trainer: index % 4 === 0,
    // The older types of the next two are sport types, too.
    ...(index === 7 && { type: "Ride", sport_type: "GravelRide" }),
    ...(index === 8 && { type: "EBikeRide", sport_type: "EMountainBikeRide" }),
    ...(index === 9 && { type: "EBikeRide", sport_type: "EBikeRide" }),
    gear_id: index % 5 === 0 ? null : `g${index % 5}`,
    map: index % 2 === 0 ? createTrack() : activity.map,
  }));
  await using test = await createTestApp({ activities, synced: true });
  const day = activities[40]!.start_date_local.slice(0, 10);
  const local = (a: SummaryActivity) => a.start_date_local.slice(0, 10);
  const isRun = ({ sport_type }: SummaryActivity) =>
    ["Run", "TrailRun", "VirtualRun"].includes(sport_type);
  const hasMap = ({ map }: SummaryActivity) => map.summary_polyline !== "";
  const cases: [string, (a: SummaryActivity) => boolean][] = [
    [`from=${day}`, (a) => local(a) >= day],
    [`to=${day}`, (a) => local(a) <= day],
    [`from=${day}&to=${day}`, (a) => local(a) === day],
    ["to=9999-12-31", () => true],
    ["from=0001-01-01", () => true],
    ["sport=run", isRun],
    ["sport=ride&commute=true", (a) => /Ride$/.test(a.sport_type) && a.commute],
    ["sport=Ride", (a) => a.sport_type === "Ride"],
    ["sport=RUN", (a) => a.sport_type === "Run"],
    ["sport=EBikeRide", (a) => a.sport_type === "EBikeRide"],
    ["sport=gravelride", (a) => a.sport_type === "GravelRide"],
    ["activity_type=ebikeride", (a) => a.type === "EBikeRide"],
    ["gear_id=g3", (a) => a.gear_id === "g3"],
    ["gear_id=none", () => false],
    ["min_distance=10000", (a) => a.distance >= 10000],
    ["max_distance=5000.5", (a) => a.distance <= 5000.5],
    [
      "min_distance=5000&max_distance=9000",
      (a) => a.distance >= 5000 && a.distance <= 9000,
    ],
    ["commute=true", (a) => a.commute],
    ["commute=false", (a) => !a.commute],
    ["trainer=true", (a) => a.trainer],
    ["trainer=false&sport=run", (a) => !a.trainer && isRun(a)],
    ["has_map=true", hasMap],
    ["has_map=false", (a) => !hasMap(a)],
  ];

  for (const [query, keep] of cases) {
    const kept = activities.filter(keep);
    const page = await getPage(test, `limit=200&${query}`);
    assert.equal(page.total, kept.length, query);
    assert.deepEqual(
      page.data.map(({ id }) => id),
      sortIds(kept, VALUES["date"]!, "desc"),
      query,
    );
    assert.deepEqual(
      await readAllPages(test, `${query}&sort=elevation_gain&limit=50`),
      sortIds(kept, VALUES["elevation_gain"]!, "desc"),
    );
  }
});

Deno.test("GET /strava/activities: answers 400 and names a filter out of bounds", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const [query, path] of [
      ["from=2025-02-30", "from"],
      ["from=0000-01-01", "from"],
      ["to=yesterday", "to"],
      ["from=2025-02-02&to=2025-02-01", "from"],
      ["sport=", "sport"],
      ["gear_id=", "gear_id"],
      ["gear_id=g%001", "gear_id"],
      ["min_distance=-1", "min_distance"],
      ["min_distance=", "min_distance"],
      ["min_distance=1e3", "min_distance"],
      ["max_distance=9999999999999", "max_distance"],
      ["min_distance=2&max_distance=1", "min_distance"],
      ["q=", "q"],
      [`q=${"a".repeat(201)}`, "q"],
      ["commute=1", "commute"],
      ["commute=TRUE", "commute"],
      ["commute=", "commute"],
      ["trainer=no", "trainer"],
      ["has_map=null", "has_map"],
      ["has_map=true&has_map=true", "has_map"],
      ["sort=name", "sort"],
      ["order=up", "order"],
    ] as const
  ) {
    const response = await test.get(`/strava/activities?${query}`);
    const body = await response.json();
    assert.equal(response.status, 400, query);
    assert.equal(body.issues[0].path, path, query);
  }
});

Deno.test("activities.list: requires typed filters over tRPC", async () => {
  await using test = await createTestApp({ synced: true });
  const call = (input: unknown): Promise<Response> =>
    test.get(
      `/trpc/activities.list?input=${
        encodeURIComponent(JSON.stringify({ json: input }))
      }`,
    );

  for (const input of [{ commute: true }, { min_distance: 5 }]) {
    const response = await call(input);
    await response.body?.cancel();
    assert.equal(response.status, 200);
  }
  for (
    const input of [
      { commute: "true" },
      { has_map: 1 },
      { min_distance: "5" },
    ]
  ) {
    const response = await call(input);
    await response.body?.cancel();
    assert.equal(response.status, 400, JSON.stringify(input));
  }
});

const NAMES = [
  "Long Run along the river",
  "RUN to work, long way",
  "Évening café ride",
  "İstanbul – Straße",
  "e-Bike / Øresund 10.5km",
  "東京マラソン が",
  "🏃 Lauf",
  "",
  "O'Brien's \\ %_",
];

Deno.test("GET /strava/activities?q=: finds whole words, ignoring case and accents", async () => {
  const activities = NAMES.map((name, index) =>
    createActivity({ id: index + 1, name }, ATHLETE_ID)
  );
  await using test = await createTestApp({ activities, synced: true });
  for (
    const [q, ids] of [
      ["run", [1, 2]],
      ["RUN long", [1, 2]],
      ['"long run"', [1]],
      ["run -river", [2]],
      ["run -work", [1]],
      ["river OR café", [1, 3]],
      ["evening", [3]],
      ["ÉVENING", [3]],
      ["e\u0301vening cafe", [3]],
      ["istanbul", [4]],
      ["strasse", [4]],
      ["STRASSE", [4]],
      ["e-bike", [5]],
      ["bike", [5]],
      ["oresund", [5]],
      ["10.5km", [5]],
      ["東京マラソン", [6]],
      ["が", [6]],
      ["lauf", [7]],
      ["🏃", []],
      ["o'brien", [9]],
      ["ru", []],
      ["athlete", []],
      [`athlete ${ATHLETE_ID}`, []],
      [`"athlete ${ATHLETE_ID}"`, []],
      ["-run", [3, 4, 5, 6, 7, 8, 9]],
      ["!!!", []],
      [" ", []],
    ] as const
  ) {
    const found = await getIds(test, `q=${encodeURIComponent(q)}`);
    assert.deepEqual(found.toSorted((a, b) => a - b), ids, q);
    const { total } = await getPage(test, `q=${encodeURIComponent(q)}&limit=1`);
    assert.equal(total, ids.length, q);
  }
});

Deno.test("GET /strava/activities?q=: never fails on hostile input", async () => {
  const activities = [
    createActivity({ id: 1, name: "x".repeat(5000) }, ATHLETE_ID),
    createActivity({ id: 2, name: "a ".repeat(100_000) }, ATHLETE_ID),
    createActivity({ id: 3, name: "\0 \ud800 '; drop table" }, ATHLETE_ID),
  ];
  await using test = await createTestApp({ activities, synced: true });
  assert.equal((await getPage(test, "")).total, 3);
  const alphabet = [
    ..."\"'-!&|():*<>\\%_\0\n\t aoR\u0301\ud83c\udfc3ßİ\u202e\uffff9",
  ];
  const seed = 20_261_121;
  let state = seed;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state % below;
  };
  const queries = [
    "((((",
    "a & | !",
    "'a':*",
    '"',
    '""""',
    "- - -",
    "or or or",
    "<->",
    "\\",
    ...Array.from(
      { length: 200 },
      () =>
        Array.from(
          { length: 1 + next(40) },
          () => alphabet[next(alphabet.length)],
        ).join(""),
    ),
  ];

  for (const q of queries) {
    const response = await test.get(
      `/strava/activities?q=${encodeURIComponent(q)}&limit=1`,
      { key: true },
    );
    const text = await response.text();
    assert.equal(response.status, 200, `seed ${seed}: ${q}: ${text}`);
  }
});
