import assert from "node:assert/strict";
import { DAYS, listCumulative } from "../../../server/statistics/cumulative.ts";
import { expectCumulative } from "../../support/oracle_days.ts";
import { createRaw, rollActivities, toDays } from "../../support/raw_days.ts";

const TODAY = "2026-11-20";
const LEAP_DAY = DAYS.indexOf("02-29");

Deno.test("listCumulative: the example of docs/statistics.md", () => {
  const rows = toDays([
    createRaw("2024-02-28T08:00:00", { distance: 5000 }),
    createRaw("2024-02-29T08:00:00", { distance: 3000 }),
    createRaw("2025-02-28T08:00:00", { distance: 4000 }),
    createRaw("2025-03-01T08:00:00", { distance: 2000 }),
  ]);
  const [common, leap] = listCumulative(rows, {
    years: [2025, 2024],
    today: TODAY,
  });
  const around = [LEAP_DAY - 1, LEAP_DAY + 2] as const;

  assert.deepEqual(DAYS.slice(...around), ["02-28", "02-29", "03-01"]);
  assert.deepEqual(leap?.distance.slice(...around), [5000, 8000, 8000]);
  assert.deepEqual(common?.distance.slice(...around), [4000, 4000, 6000]);
  assert.equal(leap.distance.at(-1), 8000);
});

Deno.test("listCumulative: a year begins at 0 and ends today; the days to come are null", () => {
  const rows = toDays([
    createRaw("2025-12-31T23:59:00", { utc_offset: -28_800 }),
    createRaw("2026-01-02T08:00:00"),
  ]);
  const [year] = listCumulative(rows, { years: [2026], today: "2026-01-03" });

  assert.deepEqual(year?.count.slice(0, 5), [0, 1, 1, null, null]);
  assert.equal(year.count.length, 366);
});

Deno.test("listCumulative: an activity of tomorrow is not lost, a year to come has nothing yet", () => {
  const rows = toDays([createRaw("2026-01-02T08:00:00")]);
  const [later, now] = listCumulative(rows, {
    years: [2027, 2026],
    today: "2026-01-01",
  });

  assert.deepEqual(now?.moving_time.slice(0, 3), [0, 300, null]);
  assert.ok(later?.distance.every((sum) => sum === null));
});

for (const seed of [10, 20261125, Date.now() % 1e9]) {
  Deno.test(`listCumulative: equal to sums from the first of January anew, seed ${seed}`, () => {
    const activities = rollActivities(seed);
    const years = [2026, 2024, 2023, 2019];
    const rows = toDays(activities);

    assert.deepEqual(
      { days: DAYS, years: listCumulative(rows, { years, today: TODAY }) },
      expectCumulative(activities, { years, today: TODAY }),
    );
  });
}
