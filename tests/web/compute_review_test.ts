import assert from "node:assert/strict";
import type { CalendarDay } from "../../sdk/mod.ts";
import { computeReview } from "../../web/src/pages/statistics/review/compute_review.ts";

function toDay(date: string, distance: number): CalendarDay {
  return {
    ...{ date, distance, count: 1, moving_time: 60, elevation_gain: 1 },
    ...{ load: 1, load_source: "estimate", level: 1 },
  };
}

const OPTIONS = {
  ...{ year: 2026, before: [], today: "2026-11-28" },
  ...{ metric: "distance", weekStart: "monday" } as const,
};

Deno.test("computeReview: sums a year, its months and its biggest days and week", () => {
  const review = computeReview([
    toDay("2026-01-01", 5),
    toDay("2026-03-02", 10),
    toDay("2026-03-08", 12),
    toDay("2026-05-01", 20),
  ], OPTIONS);
  assert.equal(review.total.distance, 47);
  assert.equal(review.activeDays, 4);
  assert.equal(review.days, 332);
  assert.deepEqual(
    review.months.map(({ distance }) => distance),
    [5, 0, 22, 0, 20, 0, 0, 0, 0, 0, 0, 0],
  );
  assert.deepEqual(
    review.topDays.map(({ distance }) => distance),
    [20, 12, 10, 5],
  );
  assert.deepEqual(
    [review.topWeek?.start, review.topWeek?.total.distance],
    ["2026-03-02", 22],
  );
});

Deno.test("computeReview: compares a year that is not over with the same days", () => {
  const before = [toDay("2025-11-28", 3), toDay("2025-11-29", 4)];
  assert.equal(
    computeReview([], { ...OPTIONS, before }).before.distance,
    3,
  );
  assert.equal(
    computeReview([], { ...OPTIONS, before, today: "2027-01-01" })
      .before.distance,
    7,
  );
});

Deno.test("computeReview: has no biggest day or week without the sum", () => {
  const review = computeReview([toDay("2026-01-01", 0)], OPTIONS);
  assert.deepEqual([review.topDays, review.topWeek], [[], undefined]);
  const sunday = computeReview([
    toDay("2026-03-01", 1),
    toDay("2026-03-02", 1),
  ], { ...OPTIONS, weekStart: "sunday" });
  assert.equal(sunday.topWeek?.start, "2026-03-01");
});
