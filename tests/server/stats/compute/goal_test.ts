import assert from "node:assert/strict";
import { type Goal, toGoal } from "../../../../server/stats/compute/goal.ts";

/** A goal of 70 in the week of Monday 16 to Sunday 22 November 2026. */
function week(today: string, done: number): Goal {
  const period = { from: "2026-11-16", to: "2026-11-22" };
  return toGoal({ target: 70, done, period, today });
}

Deno.test("toGoal: the example of docs/statistics.md: 70 in a week, 32 done by Thursday", () => {
  assert.deepEqual(week("2026-11-19", 32), {
    expected: 40,
    difference: -8,
    projection: 56,
    projection_reason: null,
    needed_per_day: 9.5,
    needed_per_day_reason: null,
  });
});

Deno.test("toGoal: on the first day a day's part is expected, and all days are left", () => {
  const { expected, projection, needed_per_day } = week("2026-11-16", 14);
  assert.deepEqual([expected, projection, needed_per_day], [10, 98, 8]);
});

Deno.test("toGoal: on the last day all is expected, and today must bring the rest", () => {
  const { expected, projection, needed_per_day } = week("2026-11-22", 63);
  assert.deepEqual([expected, projection, needed_per_day], [70, 63, 7]);
});

Deno.test("toGoal: a period to come expects nothing and leads nowhere yet", () => {
  assert.deepEqual(week("2026-11-15", 0), {
    expected: 0,
    difference: 0,
    projection: null,
    projection_reason: "not_begun",
    needed_per_day: 10,
    needed_per_day_reason: null,
  });
  assert.deepEqual(week("2020-01-01", 0), week("2026-11-15", 0));
});

Deno.test("toGoal: a period that is over is as it was, and needs nothing any more", () => {
  assert.deepEqual(week("2026-11-23", 63), {
    expected: 70,
    difference: -7,
    projection: 63,
    projection_reason: null,
    needed_per_day: null,
    needed_per_day_reason: "period_over",
  });
  assert.deepEqual(week("2030-01-01", 63), week("2026-11-23", 63));
});

Deno.test("toGoal: a goal that is reached needs nothing more", () => {
  assert.equal(week("2026-11-18", 70).needed_per_day, 0);
  assert.equal(week("2026-11-18", 99).needed_per_day, 0);
});

Deno.test("toGoal: a period of one day", () => {
  const period = { from: "2024-02-29", to: "2024-02-29" };
  const goal = toGoal({ target: 10, done: 4, period, today: "2024-02-29" });
  assert.deepEqual(
    [goal.expected, goal.projection, goal.needed_per_day],
    [10, 4, 6],
  );
});
