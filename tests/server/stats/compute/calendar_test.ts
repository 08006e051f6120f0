import assert from "node:assert/strict";
import {
  type CalendarYear,
  computeCalendar,
} from "../../../../server/stats/compute/calendar.ts";
import { toCalendar } from "../../../../server/stats/procedures/calendar.ts";
import type { DayLoad } from "../../../../server/stats/compute/load.ts";
import { expectCalendar } from "../../../support/oracle_days.ts";
import { expectLoads } from "../../../support/oracle_loads.ts";
import {
  createRandomActivities,
  createRaw,
  type RawActivity,
  toDays,
} from "../../../support/raw_days.ts";

Deno.test("computeCalendar: matches the example of docs/statistics.md", () => {
  const minutes = [20, 30, 40, 50, 60, 90];
  const activities = minutes.map((length, index) =>
    createRaw(`2025-01-0${index + 1}T08:00:00`, { moving_time: length * 60 })
  );

  const { quartiles, days } = compute(activities, 2025);

  assert.deepEqual(quartiles, [1800, 2400, 3600]);
  assert.deepEqual(days.map(({ level }) => level), [1, 1, 2, 3, 3, 4]);
});

Deno.test("computeCalendar: leaves out days without activities, and has no quartiles then", () => {
  const leap = compute([createRaw("2024-02-29T08:00:00")], 2024);

  assert.deepEqual(leap.days, [{
    date: "2024-02-29",
    count: 1,
    distance: 1000,
    movingTime: 300,
    elevationGain: 10,
    load: 5,
    loadSource: "estimate",
    level: 1,
  }]);
  assert.deepEqual(compute([], 2025), {
    year: 2025,
    days: [],
    quartiles: null,
  });
});

Deno.test("computeCalendar: gives equal days level 1, and days without time level 0", () => {
  const { days } = compute([
    createRaw("2025-05-01T08:00:00"),
    createRaw("2025-05-02T23:59:59"),
    createRaw("2025-05-03T08:00:00", { moving_time: 0 }),
  ], 2025);

  assert.deepEqual(days.map(({ level }) => level), [1, 1, 0]);
});

for (const seed of [9, 20261124, Date.now() % 1e9]) {
  Deno.test(`computeCalendar: equals a filter for each day, seed ${seed}`, () => {
    const activities = createRandomActivities(seed);
    for (const year of [2022, 2024, 2026]) {
      const own = activities.filter((a) =>
        a.start_date_local.startsWith(String(year))
      );
      assert.deepEqual(
        toCalendar(compute(own, year)),
        expectCalendar(activities, { year, loads: expectLoads(own) }),
      );
    }
  });
}

function compute(activities: RawActivity[], year: number): CalendarYear {
  const loads = [...expectLoads(activities)].map(([date, day]) => ({
    date,
    ...day as Omit<DayLoad, "date">,
  }));
  return computeCalendar(toDays(activities), { year, loads });
}
