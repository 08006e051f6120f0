import assert from "node:assert/strict";
import type { AmountRow } from "../../../../db/activity_metrics.ts";
import {
  computeCumulative,
  DAYS,
} from "../../../../server/stats/compute/cumulative.ts";
import { expectCumulative } from "../../../support/oracle_days.ts";
import {
  createRandomActivities,
  createRaw,
  inOrder,
  type RawActivity,
} from "../../../support/raw_days.ts";

const TODAY = "2026-11-20";
const METRICS = ["distance", "moving_time", "elevation_gain", "count"] as const;
const LEAP_DAY = DAYS.indexOf("02-29");

Deno.test("computeCumulative: matches the example of docs/statistics.md", () => {
  const rows = toAmounts("distance", [
    createRaw("2024-02-28T08:00:00", { distance: 5000 }),
    createRaw("2024-02-29T08:00:00", { distance: 3000 }),
    createRaw("2025-02-28T08:00:00", { distance: 4000 }),
    createRaw("2025-03-01T08:00:00", { distance: 2000 }),
  ]);
  const sums = computeCumulative(rows, { today: TODAY });
  const around = [LEAP_DAY - 1, LEAP_DAY + 2] as const;

  assert.deepEqual(Object.keys(sums), ["2024", "2025", "2026"]);
  assert.deepEqual(DAYS.slice(...around), ["02-28", "02-29", "03-01"]);
  assert.deepEqual(sums["2024"]?.slice(...around), [5000, 8000, 8000]);
  assert.deepEqual(sums["2025"]?.slice(...around), [4000, 4000, 6000]);
  assert.equal(sums["2024"].at(-1), 8000);
});

Deno.test("computeCumulative: starts each year at 0, and has null for future days", () => {
  const rows = toAmounts("count", [
    createRaw("2025-12-31T23:59:00", { utc_offset: -28_800 }),
    createRaw("2026-01-02T08:00:00"),
    createRaw("2026-01-04T08:00:00", { utc_offset: 50_400 }),
  ]);
  const { 2026: year, 2027: later } = computeCumulative(rows, {
    years: [2026, 2027],
    today: "2026-01-03",
  });

  assert.deepEqual(year?.slice(0, 5), [0, 1, 1, null, null]);
  assert.equal(year.length, 366);
  assert.ok(later?.every((sum) => sum === null));
});

for (const metric of METRICS) {
  for (const seed of [10, 20261125, Date.now() % 1e9]) {
    Deno.test(`computeCumulative: equals sums from 1 January of ${metric}, seed ${seed}`, () => {
      const activities = createRandomActivities(seed);
      const years = [2026, 2024, 2023, 2019];
      const rows = toAmounts(metric, activities);

      assert.deepEqual(
        {
          metric,
          days: DAYS,
          years: computeCumulative(rows, { years, today: TODAY }),
        },
        expectCumulative(activities, {
          ...{ metric, today: TODAY },
          years: years.map(String),
        }),
      );
    });
  }
}

function toAmounts(
  metric: typeof METRICS[number],
  activities: readonly RawActivity[],
): AmountRow[] {
  const field = metric === "elevation_gain" ? "total_elevation_gain" : metric;
  return inOrder(activities).map((activity) => ({
    date: activity.start_date_local.slice(0, 10),
    amount: field === "count" ? 1 : activity[field],
  }));
}
