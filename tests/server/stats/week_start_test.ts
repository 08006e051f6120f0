import assert from "node:assert/strict";
import { createOpenApiDocument } from "../../../server/openapi/document.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { createAt } from "../../support/oracle_totals.ts";
import {
  createRandomHistory,
  setHistory,
} from "../../support/random_history.ts";
import { SEED } from "../../support/seed.ts";

const HISTORIES = 20;

/** The statistics that have weeks, or the days of a week. */
const WITH_WEEKS = [
  "compare",
  "distribution",
  "eddington",
  "goal",
  "overview",
  "records",
  "streaks",
];

/** Requests whose answers depend on the first day of a week. */
const PATHS = [
  "compare?preset=week",
  "compare?preset=week_to_date",
  "distribution?",
  "eddington?by=week",
  "goal?metric=distance&target=1000&period=week",
  "overview?",
  "records?",
  "records?window=52w",
  "streaks?",
];

/** Reads an answer as text, without the id of the request. */
async function read(test: TestApp, path: string): Promise<string> {
  const response = await test.get(`/strava/stats/${path}`, { key: true });
  const text = await response.text();
  assert.equal(response.status, 200, `${path}: ${text}`);
  return text;
}

// deno-lint-ignore no-explicit-any -- a test looks into answers of every shape
async function getData(test: TestApp, path: string): Promise<any> {
  return JSON.parse(await read(test, path)).data;
}

Deno.test("week_start: has one description, in every statistic with weeks", () => {
  const { paths } = createOpenApiDocument() as unknown as {
    paths: Record<string, {
      get?: { parameters?: { name: string; description: string }[] };
    }>;
  };
  const found = Object.entries(paths).flatMap(([path, { get }]) => {
    const parameter = get?.parameters?.find((p) => p.name === "week_start");
    return parameter ? [[path, parameter] as const] : [];
  });

  assert.deepEqual(
    found.map(([path]) => path).sort(),
    WITH_WEEKS.map((name) => `/strava/stats/${name}`),
  );
  for (const [, parameter] of found) {
    assert.deepEqual(parameter, found[0]![1]);
  }
});

Deno.test(`week_start=monday: answers as without it, SEED=${SEED}`, async () => {
  await using test = await createTestApp({ synced: true });
  for (let seed = SEED; seed < SEED + HISTORIES; seed++) {
    await setHistory(test, createRandomHistory(seed));
    for (const path of PATHS) {
      assert.equal(
        await read(test, `${path}&week_start=monday`),
        await read(test, path),
        `seed ${seed}: ${path}`,
      );
    }
  }
});

Deno.test("week_start=sunday: moves a Sunday to the week that it begins", async () => {
  await using test = await createTestApp({ synced: true });
  const run = (id: number, date: string, distance: number) =>
    createAt(`${date}T08:00:00`, { id, distance });
  // The Sunday before, the Saturday, and today: Sunday 22 November 2026.
  const activities = [
    run(1, "2026-11-15", 5000),
    run(2, "2026-11-21", 7000),
    run(3, "2026-11-22", 11_000),
  ];
  await setHistory(test, { now: Date.UTC(2026, 10, 22, 12), activities });
  const get = (path: string): Promise<ReturnType<typeof getData>> =>
    getData(test, `${path}&week_start=sunday`);

  const { this_week, streaks } = await get("overview?");
  assert.deepEqual([this_week.from, this_week.to, this_week.total.distance], [
    ...["2026-11-22", "2026-11-28", 11_000],
  ]);
  assert.deepEqual(streaks.week.current, {
    ...{ length: 2, start: "2026-11-15", end: "2026-11-28" },
  });
  const { current, base } = await get("compare?preset=week_to_date");
  assert.deepEqual([current.from, current.to, current.total.distance], [
    ...["2026-11-22", "2026-11-22", 11_000],
  ]);
  assert.deepEqual([base.from, base.to, base.total.distance], [
    ...["2026-11-15", "2026-11-15", 5000],
  ]);
  const goal = await get("goal?metric=distance&target=70000&period=week");
  assert.deepEqual([goal.from, goal.to, goal.done, goal.expected], [
    ...["2026-11-22", "2026-11-28", 11_000, 10_000],
  ]);
  const { run: records } = await get("records?");
  assert.deepEqual(records.biggest_week, {
    ...{ value: 12_000, date: "2026-11-15", period: "2026-W46" },
  });
  const weeks = await get("eddington?by=week");
  assert.deepEqual(
    weeks.next_days.map((
      { date, amount }: { date: string; amount: number },
    ) => [
      date,
      amount,
    ]),
    [["2026-11-15", 12], ["2026-11-22", 11]],
  );
  const { weekdays } = await get("distribution?");
  assert.deepEqual(
    weekdays.map(({ weekday, count }: { weekday: number; count: number }) => [
      weekday,
      count,
    ]),
    [[7, 2], [1, 0], [2, 0], [3, 0], [4, 0], [5, 0], [6, 1]],
  );
});

Deno.test("week_start=sunday: begins no week before the year 1", async () => {
  await using test = await createTestApp({ synced: true });
  // 1 January of the year 1 was a Monday.
  const activities = ["0001-01-01", "9999-12-31"].map((date, index) =>
    createAt(`${date}T12:00:00`, { id: index + 1, distance: 9000 })
  );
  await setHistory(test, { now: Date.UTC(2026, 10, 22, 12), activities });

  for (const path of PATHS) await read(test, `${path}&week_start=sunday`);
  const { run } = await getData(test, "records?week_start=sunday");
  assert.deepEqual(run.biggest_week, {
    ...{ value: 9000, date: "0001-01-01", period: "0001-W01" },
  });
  const { week } = await getData(test, "streaks?week_start=sunday");
  assert.deepEqual(week.longest, {
    ...{ length: 1, start: "0001-01-01", end: "0001-01-06" },
  });
});

Deno.test("week_start: refuses two values, and a statistic without weeks", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const path of [
      "streaks?week_start=monday&week_start=sunday",
      "ytd?week_start=monday",
      "training-load?week_start=sunday",
    ]
  ) {
    const response = await test.get(`/strava/stats/${path}`);
    assert.equal(response.status, 400, path);
    const { reason, detail } = await response.json();
    assert.equal(reason, "invalid_input", path);
    assert.match(detail, /week_start/, path);
  }
});
