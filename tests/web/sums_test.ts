import assert from "node:assert/strict";
import {
  sumByMonth,
  sumByWeek,
  toDaySums,
  toLevel,
} from "../../web/src/pages/statistics/sums.ts";
import { listDays } from "../../web/src/format/days.ts";

const LEAP_DAYS = listDays(2024).map((day) => day.slice(5));

/** Returns the running sums of a year up to a day, as `stats.cumulative` has them. */
function run(
  amounts: Record<string, number>,
  until = "12-31",
): (number | null)[] {
  let sum = 0;
  return LEAP_DAYS.map((day) =>
    day > until ? null : (sum += amounts[day] ?? 0)
  );
}

Deno.test("toDaySums: leaves out 29 February of a common year and days to come", () => {
  const days = toDaySums({
    days: LEAP_DAYS,
    years: {
      "2025": run({ "02-28": 4, "03-01": 2 }, "03-02"),
      "2024": run({ "02-29": 3.3, "03-01": 0.1 }),
    },
  });
  const active = days.filter(({ value }) => value > 0);
  assert.deepEqual(
    active.map(({ date, value }) => [date, Math.round(value * 10) / 10]),
    [["2024-02-29", 3.3], ["2024-03-01", 0.1], ["2025-02-28", 4], [
      "2025-03-01",
      2,
    ]],
  );
  assert.equal(days.at(-1)?.date, "2025-03-02");
  assert.equal(days.length, 366 + 31 + 28 + 2);
});

Deno.test("toDaySums: has no days without years", () => {
  assert.deepEqual(toDaySums({ days: LEAP_DAYS, years: {} }), []);
});

Deno.test("sumByMonth: adds up the days of each month", () => {
  const days = [
    { date: "2025-12-31", value: 1 },
    { date: "2026-01-01", value: 2 },
    { date: "2026-01-31", value: 4 },
  ];
  assert.deepEqual([...sumByMonth(days)], [["2025-12", 1], ["2026-01", 6]]);
});

Deno.test("sumByWeek: counts a week in the year that has most of its days", () => {
  // Sunday 3 January 2021: in 2020-W53 from Monday, in 2021-W01 from Sunday.
  const days = [
    { date: "2020-12-28", value: 1 },
    { date: "2021-01-03", value: 2 },
    { date: "2021-01-04", value: 4 },
  ];
  assert.deepEqual(sumByWeek(days, { year: 2020, weekStart: "monday" }), [
    { start: "2020-12-28", value: 3 },
  ]);
  assert.deepEqual(sumByWeek(days, { year: 2021, weekStart: "monday" }), [
    { start: "2021-01-04", value: 4 },
  ]);
  // The week of Monday 30 December 2024 has its Thursday in 2025.
  assert.deepEqual(
    sumByWeek([{ date: "2024-12-30", value: 1 }], {
      year: 2025,
      weekStart: "monday",
    }),
    [{ start: "2024-12-30", value: 1 }],
  );
  assert.deepEqual(sumByWeek(days, { year: 2021, weekStart: "sunday" }), [
    { start: "2021-01-03", value: 6 },
  ]);
});

Deno.test("toLevel: has quarters of the greatest value, and 0 for nothing", () => {
  assert.deepEqual(
    [0, 1, 25, 26, 75, 100].map((value) => toLevel(value, 100)),
    [0, 1, 1, 2, 3, 4],
  );
  assert.equal(toLevel(0, 0), 0);
});
