import assert from "node:assert/strict";
import { readCalendar } from "../../../server/statistics/calendar.ts";
import { expectCalendar } from "../../support/oracle_days.ts";
import { createRaw, rollActivities, toDays } from "../../support/raw_days.ts";

Deno.test("readCalendar: the example of docs/statistics.md", () => {
  const minutes = [20, 30, 40, 50, 60, 90];
  const activities = minutes.map((length, index) =>
    createRaw(`2025-01-0${index + 1}T08:00:00`, { moving_time: length * 60 })
  );

  const { quartiles, days } = readCalendar(toDays(activities), { year: 2025 });

  assert.deepEqual(quartiles, [1800, 2400, 3600]);
  assert.deepEqual(days.slice(0, 7).map(({ level }) => level), [
    1,
    1,
    2,
    3,
    3,
    4,
    0,
  ]);
});

Deno.test("readCalendar: every day is there, 29 February in leap years", () => {
  const leap = readCalendar([], { year: 2024 });
  const common = readCalendar([], { year: 2025 });

  assert.equal(leap.days.length, 366);
  assert.equal(leap.days[59]?.date, "2024-02-29");
  assert.equal(common.days.length, 365);
  assert.equal(common.days[59]?.date, "2025-03-01");
  assert.equal(common.days.at(-1)?.date, "2025-12-31");
  assert.equal(common.quartiles, null);
  assert.deepEqual(common.days[0], {
    date: "2025-01-01",
    count: 0,
    distance: 0,
    moving_time: 0,
    elevation_gain: 0,
    load: null,
    load_reason: "not_available",
    level: 0,
  });
});

Deno.test("readCalendar: where all days are alike all are level 1, without time level 0", () => {
  const rows = toDays([
    createRaw("2025-05-01T08:00:00"),
    createRaw("2025-05-02T23:59:59"),
    createRaw("2025-05-03T08:00:00", { moving_time: 0 }),
  ]);

  const { days } = readCalendar(rows, { year: 2025 });

  const active = days.filter(({ count }) => count > 0);
  assert.deepEqual(active.map(({ level }) => level), [1, 1, 0]);
});

for (const seed of [9, 20261124, Date.now() % 1e9]) {
  Deno.test(`readCalendar: equal to a filter for each day, seed ${seed}`, () => {
    const activities = rollActivities(seed);
    for (const year of [2022, 2024, 2026]) {
      const own = activities.filter((a) =>
        a.start_date_local.startsWith(String(year))
      );
      assert.deepEqual(
        readCalendar(toDays(own), { year }),
        expectCalendar(activities, year),
      );
    }
  });
}
