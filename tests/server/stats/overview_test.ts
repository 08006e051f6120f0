import assert from "node:assert/strict";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";
import {
  createRandomHistory,
  setHistory,
} from "../../support/random_history.ts";
import { SEED } from "../../support/seed.ts";

const HISTORIES = 500;

// deno-lint-ignore no-explicit-any -- a test looks into answers of every shape
async function getData(test: TestApp, path: string, key = false): Promise<any> {
  const response = await test.get(`/strava/stats/${path}`, { key });
  assert.equal(response.status, 200, path);
  return (await response.json()).data;
}

Deno.test(`GET /strava/stats/overview: equals the other statistics, SEED=${SEED}`, async () => {
  await using all = await createTestApp({ synced: true });
  await using visible = await createTestApp({
    synced: true,
    env: { PUBLIC_TOTALS: "visible" },
  });
  for (let seed = SEED; seed < SEED + HISTORIES; seed++) {
    const test = seed % 3 === 0 ? visible : all;
    await setHistory(test, createRandomHistory(seed));
    const key = seed % 3 === 1;
    const week = seed % 2 === 0 ? "" : "week_start=sunday";
    const at = `seed ${seed}`;

    const data = await getData(test, `overview?${week}`, key);
    // A new value needs a comparison below.
    assert.deepEqual(Object.keys(data), [
      "today",
      "ytd",
      "this_week",
      "this_month",
      "last_12_months",
      "streaks",
      "eddington",
      "training_load",
      "training_load_reason",
      "recent_activities",
      "next_milestones",
    ]);

    assert.deepEqual(data.ytd, await getData(test, "ytd", key), at);
    const swims = await getData(
      test,
      "goal?metric=count&target=1&sport=swim&period=year",
      key,
    );
    assert.equal(data.ytd.swim.count, swims.done, at);
    const weeks = await getData(test, `compare?preset=week&${week}`, key);
    assert.deepEqual(data.this_week, weeks.current, at);
    const month = await getData(test, "compare?preset=month", key);
    assert.deepEqual(data.this_month, month.current, at);
    const months = data.last_12_months as { month: string; total: unknown }[];
    assert.deepEqual(
      Object.fromEntries(months.map(({ month, total }) => [month, total])),
      await getData(test, "monthly", key),
      at,
    );
    const streaks = await getData(test, `streaks?${week}`, key);
    assert.deepEqual(data.streaks, streaks, at);
    for (const unit of ["km", "mi"]) {
      const { value, next, sports } = await getData(
        test,
        `eddington?unit=${unit}`,
        key,
      );
      assert.deepEqual(data.eddington[unit], { value, next, sports }, at);
    }
    const { days } = await getData(test, "training-load", key);
    assert.deepEqual(data.training_load, days.at(-1) ?? null, at);
    assert.equal(
      data.training_load_reason,
      days.length > 0 ? null : "no_activity",
    );
    if (days.length > 0) assert.equal(days.at(-1).date, data.today, at);
    const recent = await getData(test, "activities", key);
    assert.deepEqual(data.recent_activities, recent.slice(0, 5), at);
    const milestones = await getData(test, "milestones", key);
    for (const [name, next] of Object.entries(data.next_milestones)) {
      assert.deepEqual(next, milestones[name].next, at);
    }
  }
});

function run(id: number, visibility: string): ReturnType<
  typeof createActivity
> {
  return {
    ...createActivity({ id, distance: 12_000 }, ATHLETE_ID),
    name: `Number ${id}`,
    start_date: `2026-11-20T0${id}:00:00Z`,
    start_date_local: `2026-11-20T0${id}:00:00Z`,
    visibility: visibility as "everyone",
  };
}

Deno.test("GET /strava/stats/overview: matches the example of docs/statistics.md", async () => {
  await using test = await createTestApp({
    activities: [run(1, "everyone")],
    synced: true,
  });
  const data = await getData(test, "overview");

  for (const { total } of [data.this_week, data.this_month]) {
    assert.deepEqual([total.count, total.distance], [1, 12_000]);
  }
  assert.equal(data.ytd.run.distance, 12_000);
  assert.equal(data.last_12_months[0].total.distance, 12_000);
  assert.equal(data.streaks.day.current.length, 1);
  assert.equal(data.eddington.km.value, 1);
  assert.deepEqual(data.eddington.km.next, { value: 2, days_needed: 1 });
  assert.deepEqual(data.next_milestones.distance_km, {
    value: 20,
    remaining: 8,
  });
  assert.equal(data.training_load.load, 60);
});

Deno.test("GET /strava/stats/overview: counts no hidden activity of this week", async () => {
  await using test = await createTestApp({
    activities: [
      run(1, "everyone"),
      run(2, "only_me"),
      run(3, "followers_only"),
    ],
    synced: true,
  });
  const ids = async (key: boolean): Promise<number[]> =>
    (await getData(test, "overview", key)).recent_activities
      .map(({ id }: { id: number }) => id);

  assert.deepEqual(await ids(false), [1]);
  assert.deepEqual(await ids(true), [3, 2, 1]);
  const response = await test.get("/strava/stats/overview");
  const text = await response.text();
  assert.ok(!/Number [23]/.test(text), text);
  assert.equal(JSON.parse(text).data.this_week.total.count, 1);
});

Deno.test("GET /strava/stats/overview: returns reasons without activities", async () => {
  await using test = await createTestApp({ synced: true });
  const data = await getData(test, "overview");
  assert.equal(data.training_load, null);
  assert.equal(data.training_load_reason, "no_activity");
  assert.equal(data.eddington.mi.value, 0);
  assert.deepEqual(data.eddington.km.sports, []);
  assert.deepEqual(data.recent_activities, []);
  assert.equal(data.last_12_months.length, 12);
  assert.equal(data.streaks.day.reason, "no_activity");
});
