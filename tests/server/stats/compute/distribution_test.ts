import assert from "node:assert/strict";
import { readDistribution } from "../../../../server/stats/compute/distribution.ts";
import { expectDistribution } from "../../../support/oracle_days.ts";
import {
  createRaw,
  rollActivities,
  toMetrics,
} from "../../../support/raw_days.ts";

Deno.test("readDistribution: the example of docs/statistics.md", () => {
  const figures = toMetrics([
    createRaw("2026-11-16T07:59:59", { distance: 4999.9 }),
    createRaw("2026-11-16T08:00:00", { distance: 5000 }),
    createRaw("2026-11-22T00:00:01", { distance: 12_000 }),
  ]);

  const { weekdays, hours, unknown_hour, sports } = readDistribution(figures);

  assert.deepEqual(weekdays.map(({ count }) => count), [2, 0, 0, 0, 0, 0, 1]);
  const used = hours.filter(({ count }) => count > 0);
  assert.deepEqual(used.map(({ hour, count }) => [hour, count]), [
    [7, 1],
    [8, 1],
  ]);
  assert.equal(unknown_hour.count, 1);
  assert.equal(unknown_hour.distance, 12_000);
  const [run] = sports;
  assert.equal(run?.band_width, 5000);
  assert.deepEqual(
    run.bands.map(({ from, to, count }) => [from, to, count]),
    [[0, 5000, 1], [5000, 10_000, 1], [10_000, 15_000, 1]],
  );
});

Deno.test("readDistribution: midnight and the seconds around the hidden one are hours", () => {
  const { hours, unknown_hour } = readDistribution(toMetrics([
    createRaw("2026-11-16T00:00:00"),
    createRaw("2026-11-16T00:00:02"),
    createRaw("2026-11-16T23:59:59"),
  ]));

  assert.equal(hours[0]?.count, 2);
  assert.equal(hours[23]?.count, 1);
  assert.equal(unknown_hour.count, 0);
});

Deno.test("readDistribution: the width asked for, and that of the group of the sport asked for", () => {
  const figures = toMetrics([
    createRaw("2026-11-16T08:00:00", {
      sport_type: "GravelRide",
      distance: 45_000,
    }),
  ]);
  const bandOf = (options: { sport?: string; bandWidth?: number }): unknown => {
    const [share] = readDistribution(figures, options).sports;
    return [share?.sport, share?.bands.map(({ from, to }) => [from, to])];
  };

  assert.deepEqual(bandOf({}), ["ride", [[40_000, 60_000]]]);
  assert.deepEqual(bandOf({ sport: "GravelRide" }), [
    "GravelRide",
    [[40_000, 60_000]],
  ]);
  assert.deepEqual(bandOf({ bandWidth: 10_000 }), ["ride", [[40_000, 50_000]]]);
});

Deno.test("readDistribution: no activity is seven days and 24 hours of nothing", () => {
  const { weekdays, hours, sports } = readDistribution([]);

  assert.equal(weekdays.length, 7);
  assert.equal(hours.length, 24);
  assert.ok([...weekdays, ...hours].every(({ count }) => count === 0));
  assert.deepEqual(sports, []);
});

for (const seed of [11, 20261126, Date.now() % 1e9]) {
  Deno.test(`readDistribution: equal to a filter for each part, seed ${seed}`, () => {
    const activities = rollActivities(seed);

    assert.deepEqual(
      readDistribution(toMetrics(activities)),
      expectDistribution(activities),
    );
  });
}
