import assert from "node:assert/strict";
import { computeStreaks } from "../../../../server/stats/compute/streaks.ts";
import { dayOf } from "../../../support/oracle.ts";
import { expectStreaks } from "../../../support/oracle_days.ts";
import { createRandomActivities } from "../../../support/raw_days.ts";

const TODAY = "2026-11-20";

Deno.test("computeStreaks: matches the example of docs/statistics.md", () => {
  const dates = ["2024-02-28", "2024-02-29", "2024-03-01", "2024-12-31"];
  dates.push("2025-01-06");

  const { day, week, month } = computeStreaks(dates, { today: "2025-02-28" });

  assert.deepEqual(day, {
    longest: { length: 3, start: "2024-02-28", end: "2024-03-01" },
    current: null,
    reason: "ended",
  });
  assert.deepEqual(week, {
    longest: { length: 2, start: "2024-12-30", end: "2025-01-12" },
    current: null,
    reason: "ended",
  });
  const winter = { length: 2, start: "2024-02-01", end: "2024-03-31" };
  const turn = { length: 2, start: "2024-12-01", end: "2025-01-31" };
  assert.deepEqual(month, { longest: winter, current: turn, reason: null });
});

Deno.test("computeStreaks: counts a streak that ended yesterday as current", () => {
  const daysOf = (date: string): unknown =>
    computeStreaks([date], { today: TODAY }).day.current;

  assert.deepEqual(daysOf("2026-11-19"), {
    length: 1,
    start: "2026-11-19",
    end: "2026-11-19",
  });
  assert.equal(daysOf("2026-11-18"), null);
  assert.ok(daysOf("2026-11-20"));
});

Deno.test("computeStreaks: counts a streak of last week or month as current", () => {
  const read = (date: string): [boolean, boolean] => {
    const { week, month } = computeStreaks([date], { today: TODAY });
    return [week.current !== null, month.current !== null];
  };

  assert.deepEqual(read("2026-11-09"), [true, true]); // Monday of last week
  assert.deepEqual(read("2026-11-08"), [false, true]);
  assert.deepEqual(read("2026-10-01"), [false, true]);
  assert.deepEqual(read("2026-09-30"), [false, false]);
});

Deno.test("computeStreaks: continues weeks over a year with 53 weeks", () => {
  const dates = ["2026-12-27", "2027-01-03", "2027-01-04"];

  const { week } = computeStreaks(dates, { today: "2027-01-05" });

  assert.deepEqual(week.current, {
    length: 3,
    start: "2026-12-21",
    end: "2027-01-10",
  });
});

Deno.test("computeStreaks: returns null and a reason without activities", () => {
  const empty = { longest: null, current: null, reason: "no_activity" };

  assert.deepEqual(computeStreaks([], { today: TODAY }), {
    day: empty,
    week: empty,
    month: empty,
  });
});

for (const seed of [8, 20261123, Date.now() % 1e9]) {
  for (const today of ["2026-11-20", "2026-12-02", "2027-03-01"]) {
    Deno.test(`computeStreaks: equals a plain count of days, seed ${seed}, ${today}`, () => {
      const activities = createRandomActivities(seed, 700);
      const dates = [...new Set(activities.map(dayOf))].sort();

      assert.deepEqual(
        computeStreaks(dates, { today }),
        expectStreaks(activities, today),
      );
    });
  }
}
