import assert from "node:assert/strict";
import {
  computeGoal,
  type Goal,
} from "../../../../server/stats/compute/goal.ts";

/** Computes a goal of 70 in the week of Monday 16 to Sunday 22 November 2026. */
function computeWeek(today: string, done: number): Goal {
  const period = { from: "2026-11-16", to: "2026-11-22" };
  return computeGoal({ target: 70, done, period, today });
}

Deno.test("computeGoal: matches the example of docs/statistics.md", () => {
  assert.deepEqual(computeWeek("2026-11-19", 32), {
    expected: 40,
    difference: -8,
    projection: 56,
    projectionReason: null,
    neededPerDay: 9.5,
    neededPerDayReason: null,
  });
});

Deno.test("computeGoal: expects one day's part on the first day, with all days left", () => {
  const { expected, projection, neededPerDay } = computeWeek("2026-11-16", 14);
  assert.deepEqual([expected, projection, neededPerDay], [10, 98, 8]);
});

Deno.test("computeGoal: expects the whole target on the last day", () => {
  const { expected, projection, neededPerDay } = computeWeek("2026-11-22", 63);
  assert.deepEqual([expected, projection, neededPerDay], [70, 63, 7]);
});

Deno.test("computeGoal: expects and projects nothing before the period", () => {
  assert.deepEqual(computeWeek("2026-11-15", 0), {
    expected: 0,
    difference: 0,
    projection: null,
    projectionReason: "not_begun",
    neededPerDay: 10,
    neededPerDayReason: null,
  });
  assert.deepEqual(computeWeek("2020-01-01", 0), computeWeek("2026-11-15", 0));
});

Deno.test("computeGoal: stays the same after the period, and needs nothing more", () => {
  assert.deepEqual(computeWeek("2026-11-23", 63), {
    expected: 70,
    difference: -7,
    projection: 63,
    projectionReason: null,
    neededPerDay: null,
    neededPerDayReason: "period_over",
  });
  assert.deepEqual(
    computeWeek("2030-01-01", 63),
    computeWeek("2026-11-23", 63),
  );
});

Deno.test("computeGoal: needs 0 per day once the goal is reached", () => {
  assert.equal(computeWeek("2026-11-18", 70).neededPerDay, 0);
  assert.equal(computeWeek("2026-11-18", 99).neededPerDay, 0);
});

Deno.test("computeGoal: handles a period of one day", () => {
  const period = { from: "2024-02-29", to: "2024-02-29" };
  const goal = computeGoal({
    target: 10,
    done: 4,
    period,
    today: "2024-02-29",
  });
  assert.deepEqual(
    [goal.expected, goal.projection, goal.neededPerDay],
    [10, 4, 6],
  );
});
