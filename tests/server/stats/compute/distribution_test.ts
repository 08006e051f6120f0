import assert from "node:assert/strict";
import { computeDistribution } from "../../../../server/stats/compute/distribution.ts";
import { toDistribution } from "../../../../server/stats/procedures/distribution.ts";
import { expectDistribution } from "../../../support/oracle_days.ts";
import {
  createRandomActivities,
  createRaw,
  toMetrics,
} from "../../../support/raw_days.ts";

Deno.test("computeDistribution: matches the example of docs/statistics.md", () => {
  const activities = toMetrics([
    createRaw("2026-11-16T07:59:59", { distance: 4999.9 }),
    createRaw("2026-11-16T08:00:00", { distance: 5000 }),
    createRaw("2026-11-22T00:00:01", { distance: 12_000 }),
  ]);

  const { weekdays, hours, unknownHour, sports } = computeDistribution(
    activities,
  );

  assert.deepEqual(weekdays.map(({ count }) => count), [2, 0, 0, 0, 0, 0, 1]);
  const used = hours.filter(({ count }) => count > 0);
  assert.deepEqual(used.map(({ hour, count }) => [hour, count]), [
    [7, 1],
    [8, 1],
  ]);
  assert.equal(unknownHour.count, 1);
  assert.equal(unknownHour.distance, 12_000);
  const [run] = sports;
  assert.equal(run?.bandWidth, 5000);
  assert.deepEqual(
    run.bands.map(({ from, to, count }) => [from, to, count]),
    [[0, 5000, 1], [5000, 10_000, 1], [10_000, 15_000, 1]],
  );
});

Deno.test("computeDistribution: counts midnight and 00:00:02 in hour 0", () => {
  const { hours, unknownHour } = computeDistribution(toMetrics([
    createRaw("2026-11-16T00:00:00"),
    createRaw("2026-11-16T00:00:02"),
    createRaw("2026-11-16T23:59:59"),
  ]));

  assert.equal(hours[0]?.count, 2);
  assert.equal(hours[23]?.count, 1);
  assert.equal(unknownHour.count, 0);
});

Deno.test("computeDistribution: uses the given band width, or that of the sport's group", () => {
  const activities = toMetrics([
    createRaw("2026-11-16T08:00:00", {
      sport_type: "GravelRide",
      distance: 45_000,
    }),
  ]);
  const bandOf = (options: { sport?: string; bandWidth?: number }): unknown => {
    const [share] = computeDistribution(activities, options).sports;
    return [share?.sport, share?.bands.map(({ from, to }) => [from, to])];
  };

  assert.deepEqual(bandOf({}), ["ride", [[40_000, 60_000]]]);
  assert.deepEqual(bandOf({ sport: "GravelRide" }), [
    "GravelRide",
    [[40_000, 60_000]],
  ]);
  assert.deepEqual(bandOf({ bandWidth: 10_000 }), ["ride", [[40_000, 50_000]]]);
});

Deno.test("computeDistribution: has 7 weekdays and 24 hours without activities", () => {
  const { weekdays, hours, sports } = computeDistribution([]);

  assert.equal(weekdays.length, 7);
  assert.equal(hours.length, 24);
  assert.ok([...weekdays, ...hours].every(({ count }) => count === 0));
  assert.deepEqual(sports, []);
});

for (const seed of [11, 20261126, Date.now() % 1e9]) {
  Deno.test(`computeDistribution: equals a filter for each part, seed ${seed}`, () => {
    const activities = createRandomActivities(seed);

    assert.deepEqual(
      toDistribution(computeDistribution(toMetrics(activities))),
      expectDistribution(activities),
    );
  });
}
