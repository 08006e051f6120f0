import assert from "node:assert/strict";
import {
  type CalendarYear,
  readCalendar,
} from "../../../../server/stats/compute/calendar.ts";
import type { DayLoad } from "../../../../server/stats/compute/load.ts";
import { expectCalendar } from "../../../support/oracle_days.ts";
import { expectLoads } from "../../../support/oracle_loads.ts";
import {
  createRaw,
  type RawActivity,
  rollActivities,
  toDays,
} from "../../../support/raw_days.ts";

Deno.test("readCalendar: the example of docs/statistics.md", () => {
  const minutes = [20, 30, 40, 50, 60, 90];
  const activities = minutes.map((length, index) =>
    createRaw(`2025-01-0${index + 1}T08:00:00`, { moving_time: length * 60 })
  );

  const { quartiles, days } = read(activities, 2025);

  assert.deepEqual(quartiles, [1800, 2400, 3600]);
  assert.deepEqual(days.map(({ level }) => level), [1, 1, 2, 3, 3, 4]);
});

Deno.test("readCalendar: days without activities are left out, and of none there are no quartiles", () => {
  const leap = read([createRaw("2024-02-29T08:00:00")], 2024);

  assert.deepEqual(leap.days, [{
    date: "2024-02-29",
    count: 1,
    distance: 1000,
    moving_time: 300,
    elevation_gain: 10,
    load: 5,
    load_source: "estimate",
    level: 1,
  }]);
  assert.deepEqual(read([], 2025), { year: 2025, days: [], quartiles: null });
});

Deno.test("readCalendar: where all days are alike all are level 1, without time level 0", () => {
  const { days } = read([
    createRaw("2025-05-01T08:00:00"),
    createRaw("2025-05-02T23:59:59"),
    createRaw("2025-05-03T08:00:00", { moving_time: 0 }),
  ], 2025);

  assert.deepEqual(days.map(({ level }) => level), [1, 1, 0]);
});

for (const seed of [9, 20261124, Date.now() % 1e9]) {
  Deno.test(`readCalendar: equal to a filter for each day, seed ${seed}`, () => {
    const activities = rollActivities(seed);
    for (const year of [2022, 2024, 2026]) {
      const own = activities.filter((a) =>
        a.start_date_local.startsWith(String(year))
      );
      assert.deepEqual(
        read(own, year),
        expectCalendar(activities, { year, loads: expectLoads(own) }),
      );
    }
  });
}

function read(activities: RawActivity[], year: number): CalendarYear {
  const loads = [...expectLoads(activities)].map(([date, day]) => ({
    date,
    ...day as Omit<DayLoad, "date">,
  }));
  return readCalendar(toDays(activities), { year, loads });
}
