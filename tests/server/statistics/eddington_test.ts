import assert from "node:assert/strict";
import { listEddington } from "../../../server/statistics/eddington.ts";
import { expectEddington } from "../../support/oracle_days.ts";
import {
  createRaw,
  rollActivities,
  toSportDays,
} from "../../support/raw_days.ts";

Deno.test("listEddington: the example of docs/statistics.md", () => {
  const rows = toSportDays([
    createRaw("2025-06-01T08:00:00", { distance: 2500 }),
    createRaw("2025-06-02T08:00:00", { distance: 1999.9 }),
    createRaw("2025-06-02T20:00:00", {
      distance: 1000,
      sport_type: "TrailRun",
    }),
    createRaw("2026-06-03T08:00:00", { distance: 3000 }),
  ]);

  const [run, ...others] = listEddington(rows);

  assert.deepEqual(others, []);
  assert.deepEqual(run, {
    sport: "run",
    km: {
      number: 2,
      days_to_next: 2,
      history: [
        { number: 1, date: "2025-06-01" },
        { number: 2, date: "2025-06-02" },
      ],
      years: [
        { year: 2025, number: 2, days_to_next: 3 },
        { year: 2026, number: 1, days_to_next: 1 },
      ],
    },
    mi: {
      number: 1,
      days_to_next: 2,
      history: [{ number: 1, date: "2025-06-01" }],
      years: [
        { year: 2025, number: 1, days_to_next: 2 },
        { year: 2026, number: 1, days_to_next: 2 },
      ],
    },
  });
});

Deno.test("listEddington: a day is its local date, and its parts add up without noise", () => {
  const rows = toSportDays([
    // As doubles these three are 999.9999999999999.
    createRaw("2025-12-31T06:00:00", { distance: 0.3 }),
    createRaw("2025-12-31T07:00:00", { distance: 515.3 }),
    createRaw("2025-12-31T23:59:00", { distance: 484.4, utc_offset: -28_800 }),
    createRaw("2026-01-01T00:00:00", { distance: 999.9 }),
  ]);

  const [run] = listEddington(rows);

  assert.deepEqual(run?.km.years, [
    { year: 2025, number: 1, days_to_next: 2 },
    { year: 2026, number: 0, days_to_next: 1 },
  ]);
});

Deno.test("listEddington: nothing covered is 0, nothing done is an empty list", () => {
  const still = createRaw("2025-12-31T08:00:00", {
    sport_type: "Yoga",
    distance: 0,
  });
  const [yoga] = listEddington(toSportDays([still]));

  assert.equal(yoga?.km.number, 0);
  assert.deepEqual(yoga.km.history, []);
  assert.deepEqual(listEddington([]), []);
});

for (const seed of [7, 20261122, Date.now() % 1e9]) {
  Deno.test(`listEddington: equal to a count of every day anew, seed ${seed}`, () => {
    const activities = rollActivities(seed);

    assert.deepEqual(
      listEddington(toSportDays(activities)),
      expectEddington(activities),
    );
  });
}
