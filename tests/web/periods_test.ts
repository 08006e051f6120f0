import assert from "node:assert/strict";
import { toCompareInput } from "../../web/src/pages/statistics/compare/periods.ts";
import {
  listBands,
  toMileBands,
} from "../../web/src/pages/statistics/distribution/bands.ts";
import { findMost } from "../../web/src/pages/statistics/distribution/find_most.ts";
import {
  toPeriodEnd,
  toSportOrder,
} from "../../web/src/pages/statistics/records/record_periods.ts";

Deno.test("toCompareInput: compares this year with the last by default", () => {
  assert.deepEqual(toCompareInput({}, "2026-11-28"), {
    preset: "year_to_date",
  });
});

Deno.test("toCompareInput: compares 30 days with the 30 before", () => {
  assert.deepEqual(toCompareInput({ preset: "30d" }, "2026-03-01"), {
    from: "2026-01-31",
    to: "2026-03-01",
    base_from: "2026-01-01",
    base_to: "2026-01-30",
  });
});

Deno.test("toCompareInput: orders days that were chosen the wrong way round", () => {
  assert.deepEqual(
    toCompareInput({
      preset: "week",
      from: "2026-02-01",
      to: "2026-01-01",
      base_from: "2025-01-01",
      base_to: "2025-02-01",
    }, "2026-03-01"),
    {
      from: "2026-01-01",
      to: "2026-02-01",
      base_from: "2025-01-01",
      base_to: "2025-02-01",
    },
  );
});

Deno.test("toCompareInput: keeps the preset while a day is missing", () => {
  assert.deepEqual(
    toCompareInput({ preset: "month", from: "2026-02-01" }, "2026-03-01"),
    { preset: "month" },
  );
});

Deno.test("listBands: fills gaps, and counts far bands in the last one", () => {
  assert.deepEqual(
    listBands([
      { from: 0, to: 5000, count: 1 },
      { from: 10_000, to: 15_000, count: 2 },
    ], 5000),
    [
      { from: 0, to: 5000, count: 1 },
      { from: 5000, to: 10_000, count: 0 },
      { from: 10_000, to: 15_000, count: 2 },
    ],
  );
  const far = listBands([
    { from: 0, to: 5000, count: 1 },
    { from: 500_000, to: 505_000, count: 3 },
  ], 5000);
  assert.equal(far.length, 16);
  assert.deepEqual(far.at(-1), { from: 75_000, to: 505_000, count: 3 });
  assert.deepEqual(listBands([], 5000), []);
});

Deno.test("toMileBands: has whole miles, and half a mile for short bands", () => {
  const miles = [5000, 20_000, 1000].map((width) =>
    toMileBands(width) / 1609.344
  );
  assert.deepEqual(miles, [3, 12, 0.5]);
});

Deno.test("findMost: finds the first greatest value above 0", () => {
  const toValue = (value: number): number => value;
  assert.equal(findMost([1, 3, 3, 2], toValue), 3);
  assert.equal(findMost([0, 0], toValue), undefined);
  assert.equal(findMost([], toValue), undefined);
});

Deno.test("toPeriodEnd: ends days, weeks, months and years", () => {
  assert.equal(toPeriodEnd("day", "2024-02-01"), "2024-02-01");
  assert.equal(toPeriodEnd("week", "2025-12-29"), "2026-01-04");
  assert.equal(toPeriodEnd("month", "2024-02-01"), "2024-02-29");
  assert.equal(toPeriodEnd("month", "2025-12-01"), "2025-12-31");
  assert.equal(toPeriodEnd("year", "2025-01-01"), "2025-12-31");
});

Deno.test("toSportOrder: has the groups first, then other sports by name", () => {
  const sports = ["Yoga", "swim", "Hike", "run", "ride"];
  assert.deepEqual(sports.sort(toSportOrder), [
    ...["run", "ride", "swim"],
    ...["Hike", "Yoga"],
  ]);
});
