import assert from "node:assert/strict";
import type { SummaryActivity } from "../../../strava_simulator/types.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { nextDay } from "../../support/oracle.ts";
import {
  createRandomHistory,
  findToday,
  setHistory,
} from "../../support/random_history.ts";
import { SEED } from "../../support/seed.ts";

const HISTORIES = 500;

// deno-lint-ignore no-explicit-any -- a test looks into answers of every shape
async function getData(test: TestApp, path: string): Promise<any> {
  const response = await test.get(`/strava/stats/${path}`, { key: true });
  const body = await response.json();
  assert.equal(response.status, 200, `${path}: ${JSON.stringify(body)}`);
  assert.equal(body.type, path.split("?")[0]);
  return body.data;
}

/** Reports whether two numbers differ by rounding only. */
function isNear(actual: number | null, expected: number | null): boolean {
  if (actual === null || expected === null) return actual === expected;
  return Math.abs(actual - expected) <= 2e-6 * Math.max(1, Math.abs(expected));
}

// The oracle: plain loops over the days. It shares nothing with the code under test.

const DAYS: readonly string[] = listDays("2017-01-02", "2030-12-31");

const BEFORE: ReadonlyMap<string, string> = new Map(
  DAYS.slice(1).map((day, index) => [day, DAYS[index]!]),
);

const WEEKS = ["monday", "sunday"] as const;
type WeekStart = typeof WEEKS[number];

/** The first day of each day's week. The first of all days is a Monday. */
const FIRST_DAYS: Record<WeekStart, ReadonlyMap<string, string>> = {
  monday: new Map(DAYS.map((day, index) => [day, DAYS[index - index % 7]!])),
  sunday: new Map(
    DAYS.map((day, index) => [day, DAYS[index - (index + 1) % 7]!]),
  ),
};

function getDayBefore(date: string): string {
  return BEFORE.get(date)!;
}

function listDays(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = nextDay(day)) days.push(day);
  return days;
}

function findPeriod(
  length: string,
  { today, week }: { today: string; week: WeekStart },
): [string, string] {
  if (length === "year") {
    return [today.slice(0, 4) + "-01-01", today.slice(0, 4) + "-12-31"];
  }
  const isSame = (day: string): boolean =>
    length === "week"
      ? FIRST_DAYS[week].get(day) === FIRST_DAYS[week].get(today)
      : day.slice(0, 7) === today.slice(0, 7);
  let [from, to] = [today, today];
  while (isSame(getDayBefore(from))) from = getDayBefore(from);
  while (isSame(nextDay(to))) to = nextDay(to);
  return [from, to];
}

function sumMetric(
  activities: readonly SummaryActivity[],
  days: readonly string[],
  metric: string,
): number {
  const counted = activities.filter((activity) =>
    days.includes(activity.start_date_local.slice(0, 10))
  );
  if (metric === "count") return counted.length;
  const field = metric === "elevation_gain" ? "total_elevation_gain" : metric;
  let tenths = 0;
  for (const activity of counted) {
    const value = activity[field as keyof SummaryActivity] as number | null;
    tenths += Math.round((value ?? 0) * 10);
  }
  return tenths / 10;
}

const METRICS = ["distance", "moving_time", "elevation_gain", "count"] as const;

Deno.test(`GET /strava/stats/goal and compare: equal a plain count, SEED=${SEED}`, async () => {
  await using test = await createTestApp({ synced: true });
  for (let seed = SEED; seed < SEED + HISTORIES; seed++) {
    const history = createRandomHistory(seed);
    const { random, activities } = history;
    await setHistory(test, history);
    const today = findToday(history);
    const at = `seed ${seed}`;

    const metric = random.pick(METRICS);
    const target = random.whole(1, 1_000_000);
    const length = random.pick(["week", "month", "year"]);
    const week = random.pick(WEEKS);
    const data = await getData(
      test,
      `goal?metric=${metric}&target=${target}&period=${length}&week_start=${week}`,
    );
    const [from, to] = findPeriod(length, { today, week });
    const days = listDays(from, to);
    const past = days.filter((day) => day <= today);
    const done = sumMetric(activities, past, metric);
    const begun = days.filter((day) => day <= today).length;
    const left = days.filter((day) => day >= today).length;
    // A new value needs a comparison below.
    assert.deepEqual(Object.keys(data), [
      ...["metric", "unit", "target", "from", "to", "done", "expected"],
      ...["difference", "projection", "projection_reason", "needed_per_day"],
      "needed_per_day_reason",
    ]);
    assert.deepEqual([data.from, data.to], [from, to], at);
    assert.equal(data.done, done, at);
    const expected = target / days.length * begun;
    assert.ok(isNear(data.expected, expected), at);
    assert.ok(isNear(data.difference, done - expected), at);
    assert.ok(isNear(data.projection, done / begun * days.length), at);
    const needed = done > target ? 0 : (target - done) / left;
    assert.ok(isNear(data.needed_per_day, needed), at);

    const preset = random.pick([length, `${length}_to_date`]);
    const compared = await getData(
      test,
      `compare?preset=${preset}&week_start=${week}`,
    );
    const end = preset === length ? to : today;
    assert.deepEqual([compared.current.from, compared.current.to], [from, end]);
    assert.equal(compared.current.total[metric], done, at);
    const [baseFrom, baseTo] = findPeriod(length, {
      today: getDayBefore(from),
      week,
    });
    assert.equal(compared.base.from, baseFrom, at);
    const before = listDays(baseFrom, baseTo);
    const baseEnd = preset === length
      ? baseTo
      : length === "year"
      ? before.findLast((day) => day.slice(5) <= today.slice(5))
      : length === "month"
      ? before.findLast((day) => day.slice(8) <= today.slice(8))
      : before[begun - 1];
    assert.equal(compared.base.to, baseEnd, `${at}: ${preset} ${today}`);
  }
});

Deno.test(`GET /strava/stats/compare: equals a plain count of two periods, SEED=${SEED}`, async () => {
  await using test = await createTestApp({ synced: true });
  for (let seed = SEED; seed < SEED + HISTORIES; seed++) {
    const history = createRandomHistory(seed);
    const { random, activities } = history;
    await setHistory(test, history);
    const day = (back: number): string =>
      new Date(history.now - back * 86_400_000).toISOString().slice(0, 10);
    const [late, early] = [random.whole(0, 200), random.whole(0, 200)];
    const current = [day(late + random.whole(0, 100)), day(late)] as const;
    const base = [day(early + random.whole(0, 100)), day(early)] as const;
    const isRun = random.chance(0.5);

    const data = await getData(
      test,
      `compare?from=${current[0]}&to=${current[1]}&base_from=${
        base[0]
      }&base_to=${base[1]}${isRun ? "&sport=run" : ""}`,
    );

    const counted = activities.filter((activity) =>
      !isRun || /Run$/.test(activity.sport_type)
    );
    for (const metric of METRICS) {
      const at = `seed ${seed}: ${metric}`;
      const now = sumMetric(counted, listDays(...current), metric);
      const before = sumMetric(counted, listDays(...base), metric);
      assert.equal(data.current.total[metric], now, at);
      assert.equal(data.base.total[metric], before, at);
      assert.equal(data.current.days, listDays(...current).length, at);
      const { difference, percent, reason } = data.change[metric];
      assert.ok(isNear(difference, now - before), at);
      assert.ok(
        isNear(percent, before === 0 ? null : (now / before - 1) * 100),
        at,
      );
      assert.equal(reason, before === 0 ? "base_is_zero" : null, at);
    }
  }
});

Deno.test("GET /strava/stats/goal: returns the unit of the metric", async () => {
  await using test = await createTestApp({ synced: true });
  for (
    const [metric, unit] of [
      ["distance", "metres"],
      ["elevation_gain", "metres"],
      ["moving_time", "seconds"],
      ["count", "activities"],
    ] as const
  ) {
    const query = `metric=${metric}&target=12.5&from=2026-11-20&to=2026-11-21`;
    const data = await getData(test, `goal?${query}`);
    assert.deepEqual([data.unit, data.target, data.done], [unit, 12.5, 0]);
    assert.equal(data.expected, 6.25);
    assert.equal(data.needed_per_day, 6.25);
  }
});

/** Shortens a query for a test name. */
function toShort(query: string): string {
  return query.length > 40 ? `${query.slice(0, 40)}...` : query;
}

for (
  const [query, path] of [
    ["goal?target=5&period=week", "metric"],
    ["goal?metric=count&period=week", "target"],
    ["goal?metric=count&target=0&period=week", "target"],
    ["goal?metric=count&target=-1&period=week", "target"],
    ["goal?metric=count&target=1e999&period=week", "target"],
    ["goal?metric=load&target=5&period=week", "metric"],
    ["goal?metric=count&target=5&period=day", "period"],
    ["goal?metric=count&target=5", "period"],
    ["goal?metric=count&target=5&from=2026-01-01", "period"],
    ["goal?metric=count&target=5&period=week&to=2026-01-01", "period"],
    ["goal?metric=count&target=5&from=2026-01-02&to=2026-01-01", "from"],
    ["compare?preset=decade", "preset"],
    ["compare?from=2026-01-01&to=2026-01-02", "preset"],
    ["compare?preset=year&from=2026-01-01", "preset"],
    [
      "compare?from=2026-01-02&to=2026-01-01&base_from=2025-01-01&base_to=2025-01-02",
      "from",
    ],
    [
      "compare?from=2026-01-01&to=2026-01-02&base_from=2025-01-02&base_to=2025-01-01",
      "base_from",
    ],
    [
      "compare?preset=year&from=2026-01-01&to=2026-01-02&base_from=2025-01-01&base_to=2025-01-02",
      "preset",
    ],
  ] as const
) {
  Deno.test(`GET ${toShort(query)}: answers 400 and names ${path}`, async () => {
    await using test = await createTestApp({ synced: true });
    const response = await test.get(`/strava/stats/${query}`);
    assert.equal(response.status, 400);
    const { reason, issues } = await response.json();
    assert.equal(reason, "invalid_input");
    assert.deepEqual(
      issues.map((issue: { path: string }) => issue.path),
      [path],
    );
  });
}

Deno.test("GET /strava/stats/goal: explains how to give a period", async () => {
  await using test = await createTestApp({ synced: true });
  const periods = "period=week&from=2026-01-01&to=2026-01-02";
  const response = await test.get(
    `/strava/stats/goal?metric=count&target=5&${periods}`,
  );
  const { detail } = await response.json();
  assert.equal(
    detail,
    '"period" must be given, or both `from` and `to`',
  );
});

Deno.test("GET /strava/stats/compare: compares years to date without parameters", async () => {
  await using test = await createTestApp({ synced: true });
  const data = await getData(test, "compare");
  assert.equal(data.current.from, "2026-01-01");
  assert.equal(data.current.to, "2026-11-20");
  assert.equal(data.base.to, "2025-11-20");
  assert.deepEqual(data.change.count, {
    difference: 0,
    percent: null,
    reason: "base_is_zero",
  });
});
