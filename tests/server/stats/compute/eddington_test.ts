import assert from "node:assert/strict";
import { readEddington } from "../../../../server/stats/compute/eddington.ts";
import { expectEddington } from "../../../support/oracle_days.ts";
import {
  createRaw,
  rollActivities,
  toDistances,
} from "../../../support/raw_days.ts";

Deno.test("readEddington: the example of docs/statistics.md", () => {
  const rows = toDistances([
    createRaw("2025-06-01T08:00:00", { distance: 2500 }),
    createRaw("2025-06-02T08:00:00", { distance: 1999.9 }),
    createRaw("2025-06-02T20:00:00", {
      distance: 1000,
      sport_type: "TrailRun",
    }),
    createRaw("2026-06-03T08:00:00", { distance: 3000 }),
  ]);

  assert.deepEqual(readEddington(rows, { unit: "km" }), {
    ...number(2, 2),
    history: [
      { value: 1, date: "2025-06-01" },
      { value: 2, date: "2025-06-02" },
    ],
    years: [
      { year: 2025, ...number(2, 3) },
      { year: 2026, ...number(1, 1) },
    ],
    sports: [{ sport: "run", ...number(2, 2) }],
  });
  assert.deepEqual(readEddington(rows, { unit: "mi" }), {
    ...number(1, 2),
    history: [{ value: 1, date: "2025-06-01" }],
    years: [
      { year: 2025, ...number(1, 2) },
      { year: 2026, ...number(1, 2) },
    ],
    sports: [{ sport: "run", ...number(1, 2) }],
  });
});

/** A number, and how many days the next one needs. */
function number(
  value: number,
  days_needed: number,
): { value: number; next: { value: number; days_needed: number } } {
  return { value, next: { value: value + 1, days_needed } };
}

Deno.test("readEddington: sports add up within a day, and each has its own number", () => {
  const rows = toDistances([
    createRaw("2025-06-01T08:00:00", { distance: 1500 }),
    createRaw("2025-06-01T09:00:00", { distance: 600, sport_type: "Swim" }),
    createRaw("2025-06-02T08:00:00", { distance: 2000 }),
  ]);

  const { value, sports } = readEddington(rows, { unit: "km" });

  assert.equal(value, 2);
  assert.deepEqual(sports, [
    { sport: "run", ...number(1, 1) },
    { sport: "swim", ...number(0, 1) },
  ]);
});

Deno.test("readEddington: a day is its local date, and its parts add up without noise", () => {
  const rows = toDistances([
    // As doubles these three are 999.9999999999999.
    createRaw("2025-12-31T06:00:00", { distance: 0.3 }),
    createRaw("2025-12-31T07:00:00", { distance: 515.3 }),
    createRaw("2025-12-31T23:59:00", { distance: 484.4, utc_offset: -28_800 }),
    createRaw("2026-01-01T00:00:00", { distance: 999.9 }),
  ]);

  const { years } = readEddington(rows, { unit: "km" });

  assert.deepEqual(years, [
    { year: 2025, ...number(1, 2) },
    { year: 2026, ...number(0, 1) },
  ]);
});

Deno.test("readEddington: nothing covered is 0, and so is nothing done", () => {
  const still = createRaw("2025-12-31T08:00:00", {
    sport_type: "Yoga",
    distance: 0,
  });
  const none = { ...number(0, 1), history: [] };

  assert.deepEqual(readEddington(toDistances([still]), { unit: "km" }), {
    ...none,
    years: [{ year: 2025, ...number(0, 1) }],
    sports: [{ sport: "Yoga", ...number(0, 1) }],
  });
  assert.deepEqual(readEddington([], { unit: "mi" }), {
    ...none,
    years: [],
    sports: [],
  });
});

for (const seed of [7, 20261122, Date.now() % 1e9]) {
  Deno.test(`readEddington: equal to a count of every day anew, seed ${seed}`, () => {
    const activities = rollActivities(seed);

    for (const unit of ["km", "mi"] as const) {
      assert.deepEqual(
        { unit, ...readEddington(toDistances(activities), { unit }) },
        expectEddington(activities, unit),
      );
    }
  });
}
