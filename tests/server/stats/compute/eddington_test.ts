import assert from "node:assert/strict";
import { computeEddington } from "../../../../server/stats/compute/eddington.ts";
import { toEddington } from "../../../../server/stats/procedures/eddington.ts";
import { expectEddington } from "../../../support/oracle_eddington.ts";
import {
  createRandomActivities,
  createRaw,
  toDistances,
} from "../../../support/raw_days.ts";

Deno.test("computeEddington: matches the example of docs/statistics.md", () => {
  const rows = toDistances([
    createRaw("2025-06-01T08:00:00", { distance: 2500 }),
    createRaw("2025-06-02T08:00:00", { distance: 1999.9 }),
    createRaw("2025-06-02T20:00:00", {
      distance: 1000,
      sport_type: "TrailRun",
    }),
    createRaw("2026-06-03T08:00:00", { distance: 3000 }),
  ]);

  assert.deepEqual(computeEddington(rows, { unit: "km" }), {
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
  assert.deepEqual(computeEddington(rows, { unit: "mi" }), {
    ...number(1, 2),
    history: [{ value: 1, date: "2025-06-01" }],
    years: [
      { year: 2025, ...number(1, 2) },
      { year: 2026, ...number(1, 2) },
    ],
    sports: [{ sport: "run", ...number(1, 2) }],
  });
});

/** Builds an Eddington number and the days that the next one needs. */
function number(
  value: number,
  daysNeeded: number,
): { value: number; next: { value: number; daysNeeded: number } } {
  return { value, next: { value: value + 1, daysNeeded } };
}

Deno.test("computeEddington: adds up the sports of a day, and counts each sport alone", () => {
  const rows = toDistances([
    createRaw("2025-06-01T08:00:00", { distance: 1500 }),
    createRaw("2025-06-01T09:00:00", { distance: 600, sport_type: "Swim" }),
    createRaw("2025-06-02T08:00:00", { distance: 2000 }),
  ]);

  const { value, sports } = computeEddington(rows, { unit: "km" });

  assert.equal(value, 2);
  assert.deepEqual(sports, [
    { sport: "run", ...number(1, 1) },
    { sport: "swim", ...number(0, 1) },
  ]);
});

Deno.test("computeEddington: adds up local days without rounding noise", () => {
  const rows = toDistances([
    // As doubles these three are 999.9999999999999.
    createRaw("2025-12-31T06:00:00", { distance: 0.3 }),
    createRaw("2025-12-31T07:00:00", { distance: 515.3 }),
    createRaw("2025-12-31T23:59:00", { distance: 484.4, utc_offset: -28_800 }),
    createRaw("2026-01-01T00:00:00", { distance: 999.9 }),
  ]);

  const { years } = computeEddington(rows, { unit: "km" });

  assert.deepEqual(years, [
    { year: 2025, ...number(1, 2) },
    { year: 2026, ...number(0, 1) },
  ]);
});

Deno.test("computeEddington: is 0 without distance and without activities", () => {
  const still = createRaw("2025-12-31T08:00:00", {
    sport_type: "Yoga",
    distance: 0,
  });
  const zero = { ...number(0, 1), history: [] };

  assert.deepEqual(computeEddington(toDistances([still]), { unit: "km" }), {
    ...zero,
    years: [{ year: 2025, ...number(0, 1) }],
    sports: [{ sport: "Yoga", ...number(0, 1) }],
  });
  assert.deepEqual(computeEddington([], { unit: "mi" }), {
    ...zero,
    years: [],
    sports: [],
  });
});

for (const seed of [7, 20261122, Date.now() % 1e9]) {
  Deno.test(`computeEddington: equals a plain count of the days, seed ${seed}`, () => {
    const activities = createRandomActivities(seed);
    const rows = toDistances(activities);

    for (const unit of ["km", "mi"] as const) {
      const { metric, by, next_days: _, ...expected } = expectEddington(
        activities,
        { unit },
      );
      assert.deepEqual([metric, by], ["distance", "day"]);
      assert.deepEqual(
        { unit, ...toEddington(computeEddington(rows, { unit })) },
        expected,
      );
    }
  });
}
