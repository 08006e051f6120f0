import assert from "node:assert/strict";
import {
  computeMilestones,
  computeNextMilestones,
} from "../../../../server/stats/compute/milestones.ts";
import { sumActivities } from "../../../../server/stats/compute/sums.ts";
import { toLadders } from "../../../../server/stats/procedures/milestones.ts";
import { withoutNames } from "../../../support/oracle.ts";
import { expectMilestones } from "../../../support/oracle_days.ts";
import {
  createRandomActivities,
  createRaw,
  toMetrics,
} from "../../../support/raw_days.ts";

Deno.test("computeMilestones: matches the example of docs/statistics.md", () => {
  const activities = toMetrics([
    createRaw("2026-11-01T08:00:00", { distance: 9999.9 }),
    createRaw("2026-11-02T23:59:59", { id: 5, distance: 0.1 }),
    createRaw("2026-11-03T08:00:00", { id: 6, distance: 42_195 }),
  ]);

  const { distanceKm, distanceMi, count } = computeMilestones(activities);

  const ten = { id: 5, date: "2026-11-02" };
  const long = { id: 6, date: "2026-11-03" };
  assert.deepEqual(distanceKm, {
    total: 52.1,
    reached: [
      { value: 10, date: "2026-11-02", activity: ten },
      { value: 20, date: "2026-11-03", activity: long },
      { value: 50, date: "2026-11-03", activity: long },
    ],
    next: { value: 100, remaining: 47.9 },
  });
  assert.deepEqual(distanceMi.reached.map(({ value }) => value), [10, 20]);
  assert.equal(distanceMi.total, 32.4);
  assert.deepEqual(count.reached.map(({ value, date }) => [value, date]), [
    [1, "2026-11-01"],
    [2, "2026-11-02"],
  ]);
  assert.deepEqual(count.next, { value: 5, remaining: 2 });
});

Deno.test("computeMilestones: adds 0.1 many times without rounding noise", () => {
  const activities = toMetrics(
    Array.from(
      { length: 1000 },
      (_, index) =>
        createRaw(`2025-01-01T08:${String(index % 60).padStart(2, "0")}:00`, {
          id: index + 1,
          total_elevation_gain: 0.1,
        }),
    ),
  );

  const { elevationGainM } = computeMilestones(activities);

  assert.deepEqual(elevationGainM.reached.map(({ value }) => value), [100]);
  assert.equal(elevationGainM.total, 100);
});

Deno.test("computeMilestones: has only next milestones without activities", () => {
  const { distanceKm, count } = computeMilestones([]);

  assert.deepEqual(distanceKm, {
    total: 0,
    reached: [],
    next: { value: 10, remaining: 10 },
  });
  assert.deepEqual(count.next, { value: 1, remaining: 1 });
});

Deno.test("computeNextMilestones: equals the next milestones of the activities", () => {
  for (const seed of [13, 20261128]) {
    const activities = toMetrics(createRandomActivities(seed));
    const all = computeMilestones(activities);

    assert.deepEqual(computeNextMilestones(sumActivities(activities)), {
      distanceKm: all.distanceKm.next,
      distanceMi: all.distanceMi.next,
      movingTimeHours: all.movingTimeHours.next,
      elevationGainM: all.elevationGainM.next,
      count: all.count.next,
    });
  }
});

for (const seed of [12, 20261127, Date.now() % 1e9]) {
  Deno.test(`computeMilestones: equals a search in running sums, seed ${seed}`, () => {
    const activities = createRandomActivities(seed);

    assert.deepEqual(
      toLadders(computeMilestones(toMetrics(activities))),
      withoutNames(expectMilestones(activities)),
    );
  });
}
