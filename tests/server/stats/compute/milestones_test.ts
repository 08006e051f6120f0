import assert from "node:assert/strict";
import { readMilestones } from "../../../../server/stats/compute/milestones.ts";
import { withoutNames } from "../../../support/oracle.ts";
import { expectMilestones } from "../../../support/oracle_days.ts";
import {
  createRaw,
  type RawActivity,
  rollActivities,
  toMetrics,
} from "../../../support/raw_days.ts";

Deno.test("readMilestones: the example of docs/statistics.md", () => {
  const figures = toMetrics([
    createRaw("2026-11-01T08:00:00", { distance: 9999.9 }),
    createRaw("2026-11-02T23:59:59", { id: 5, distance: 0.1 }),
    createRaw("2026-11-03T08:00:00", { id: 6, distance: 42_195 }),
  ]);

  const { distance_km, distance_mi, count } = readMilestones(figures);

  const ten = { id: 5, date: "2026-11-02" };
  const long = { id: 6, date: "2026-11-03" };
  assert.deepEqual(distance_km, {
    total: 52.1,
    reached: [
      { value: 10, date: "2026-11-02", activity: ten, reason: null },
      { value: 20, date: "2026-11-03", activity: long, reason: null },
      { value: 50, date: "2026-11-03", activity: long, reason: null },
    ],
    next: { value: 100, remaining: 47.9 },
  });
  assert.deepEqual(distance_mi.reached.map(({ value }) => value), [10, 20]);
  assert.equal(distance_mi.total, 32.4);
  assert.deepEqual(count.reached.map(({ value, date }) => [value, date]), [
    [1, "2026-11-01"],
    [2, "2026-11-02"],
  ]);
  assert.deepEqual(count.next, { value: 5, remaining: 2 });
});

Deno.test("readMilestones: many sums of 0.1 cross a round number exactly when they reach it", () => {
  const figures = toMetrics(
    Array.from(
      { length: 1000 },
      (_, index) =>
        createRaw(`2025-01-01T08:${String(index % 60).padStart(2, "0")}:00`, {
          id: index + 1,
          total_elevation_gain: 0.1,
        }),
    ),
  );

  const { elevation_gain_m } = readMilestones(figures);

  assert.deepEqual(elevation_gain_m.reached.map(({ value }) => value), [100]);
  assert.equal(elevation_gain_m.total, 100);
});

Deno.test("readMilestones: a hidden activity is counted, and neither named nor dated", () => {
  const hidden = createRaw("2026-11-01T08:00:00", { visibility: "only_me" });

  const { count } = readMilestones(toMetrics([hidden], ["everyone"]));

  assert.deepEqual(count.reached, [
    { value: 1, date: null, activity: null, reason: "hidden" },
  ]);
});

Deno.test("readMilestones: without activities everything is ahead", () => {
  const { distance_km, count } = readMilestones([]);

  assert.deepEqual(distance_km, {
    total: 0,
    reached: [],
    next: { value: 10, remaining: 10 },
  });
  assert.deepEqual(count.next, { value: 1, remaining: 1 });
});

const isVisible = ({ visibility }: RawActivity): boolean =>
  visibility === "everyone";

for (const seed of [12, 20261127, Date.now() % 1e9]) {
  Deno.test(`readMilestones: equal to a search in running sums, seed ${seed}`, () => {
    const activities = rollActivities(seed);

    assert.deepEqual(
      readMilestones(toMetrics(activities, ["everyone"])),
      withoutNames(expectMilestones(activities, isVisible)),
    );
  });
}
