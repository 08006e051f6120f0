import assert from "node:assert/strict";
import type { DayLoad } from "../../../../server/stats/compute/load.ts";
import {
  computeEstimatedShare,
  computeTrainingDays,
  FORMULA,
  type TrainingDay,
} from "../../../../server/stats/compute/training_load.ts";

function day(date: string, load: number, estimated = 0): DayLoad {
  return { date, load, estimated, source: "suffer_score" };
}

function isNear(
  actual: number | null,
  expected: number,
  digits = 1e-9,
): void {
  assert.ok(actual !== null, `null, not ${expected}`);
  assert.ok(Math.abs(actual - expected) < digits, `${actual}, not ${expected}`);
}

/** Computes days from 1 January on with these loads. */
function computeSeries(...loads: number[]): TrainingDay[] {
  const days = loads.map((load, index) =>
    day(new Date(Date.UTC(2025, 0, 1 + index)).toISOString().slice(0, 10), load)
  );
  return computeTrainingDays(days, { today: days.at(-1)!.date });
}

Deno.test("FORMULA: has a name and a version", () => {
  assert.equal(FORMULA, "paceline-training-load/1");
});

Deno.test("computeTrainingDays: is empty without a load up to today", () => {
  assert.deepEqual(computeTrainingDays([], { today: "2025-01-01" }), []);
  assert.deepEqual(
    computeTrainingDays([day("2025-01-02", 50)], { today: "2025-01-01" }),
    [],
  );
});

Deno.test("computeTrainingDays: matches the example of docs/statistics.md", () => {
  const [first, second, third] = computeTrainingDays([
    day("2025-01-01", 100),
    day("2025-01-03", 50),
  ], { today: "2025-01-03" });

  isNear(first!.ctl, 2.353, 5e-4);
  isNear(first!.atl, 13.312, 5e-4);
  assert.equal(first!.tsb, 0);
  assert.equal(second!.load, 0);
  assert.equal(second!.source, null);
  isNear(second!.ctl, 2.297, 5e-4);
  isNear(second!.atl, 11.540, 5e-4);
  isNear(second!.tsb, -10.959, 1e-3);
  isNear(third!.ctl, 3.420, 5e-4);
  isNear(third!.atl, 16.660, 5e-4);
  isNear(third!.tsb, -9.243, 1e-3);
});

Deno.test("computeTrainingDays: includes rest days and leap days up to today", () => {
  const days = computeTrainingDays([day("2024-02-27", 70)], {
    today: "2024-03-02",
  });
  assert.deepEqual(days.map(({ date, load }) => [date, load]), [
    ["2024-02-27", 70],
    ["2024-02-28", 0],
    ["2024-02-29", 0],
    ["2024-03-01", 0],
    ["2024-03-02", 0],
  ]);
});

Deno.test("computeTrainingDays: converges to a constant load", () => {
  const { ctl, atl, tsb } = computeSeries(...Array(1000).fill(60)).at(-1)!;
  isNear(ctl, 60, 1e-6);
  isNear(atl, 60, 1e-6);
  isNear(tsb, 0, 1e-6);
});

Deno.test("computeTrainingDays: has an ACWR from the 28th day on", () => {
  const days = computeSeries(...Array(21).fill(40), ...Array(7).fill(80));

  assert.deepEqual(days[26]!.acwr, {
    value: null,
    reason: "too_little_history",
  });
  // 80 over (21 * 40 + 7 * 80) / 28 = 50
  assert.deepEqual(days[27]!.acwr, { value: 1.6, reason: null });
});

Deno.test("computeTrainingDays: has no ACWR and monotony after weeks of rest", () => {
  const days = computeSeries(50, ...Array(28).fill(0));
  assert.deepEqual(days[27]!.acwr, { value: 0, reason: null });
  assert.deepEqual(days[28]!.acwr, { value: null, reason: "no_load" });
  assert.deepEqual(days[7]!.monotony, { value: null, reason: "no_load" });
  assert.equal(days[7]!.strain, null);
});

Deno.test("computeTrainingDays: matches the example of monotony and strain", () => {
  const days = computeSeries(100, 0, 100, 0, 100, 0, 50);

  assert.deepEqual(days[5]!.monotony, {
    value: null,
    reason: "too_little_history",
  });
  assert.equal(days[5]!.strain, null);
  // Mean 50, deviation sqrt(6 * 50^2 / 7) = 46.291
  isNear(days[6]!.monotony.value, 1.0801, 5e-5);
  isNear(days[6]!.strain, 378.04, 5e-3);
});

Deno.test("computeTrainingDays: has no monotony for equal loads with rounding noise", () => {
  for (const load of [60, 0.1 + 0.2, 45.12845740627171]) {
    assert.deepEqual(computeSeries(...Array(7).fill(load))[6]!.monotony, {
      value: null,
      reason: "no_variation",
    });
  }
  const noisy = computeSeries(0.3, 0.1 + 0.2, 0.3, 0.3, 0.3, 0.1 + 0.2, 0.3);
  assert.equal(noisy[6]!.monotony.reason, "no_variation");
});

Deno.test("computeTrainingDays: has the least monotony for one training a week", () => {
  isNear(
    computeSeries(0, 0, 0, 70, 0, 0, 0)[6]!.monotony.value,
    1 / Math.sqrt(6),
  );
});

Deno.test("computeTrainingDays: leaves out up to five stray first days", () => {
  const start = (...dates: string[]): string | undefined =>
    computeTrainingDays(
      [...dates, "2025-01-01", "2025-01-02"].map((date) => day(date, 50)),
      { today: "2025-01-03" },
    )[0]?.date;
  const ofWeek = [1, 2, 3, 4, 5, 6].map((number) => `1970-01-0${number}`);

  assert.equal(start("0001-01-01", "1970-01-01", "2000-01-01"), "2025-01-01");
  assert.equal(start(...ofWeek.slice(1)), "2025-01-01");
  assert.equal(start(...ofWeek), "1970-01-01");
  assert.equal(start("1900-01-01", ...ofWeek, "2000-01-01"), "1970-01-01");
  assert.equal(start("2015-01-04"), "2015-01-04");
  assert.equal(start("2015-01-03"), "2025-01-01");
});

Deno.test("computeTrainingDays: limits the series to a century", () => {
  const days = computeTrainingDays([
    ...[1, 2, 3, 4, 5, 6].map((number) => day(`0001-01-0${number}`, 500)),
    day("2025-01-01", 50),
  ], { today: "2025-01-01" });
  assert.equal(days.length, 36_525);
  assert.equal(days.at(-1)!.load, 50);
  isNear(days.at(-1)!.ctl, 50 * (1 - Math.exp(-1 / 42)));
});

Deno.test("computeTrainingDays: with from returns the same days from there on", () => {
  const loads = [day("2025-01-01", 75), day("2025-01-20", 25, 25)];
  const all = computeTrainingDays(loads, { today: "2025-03-01" });
  for (const from of ["2024-12-01", "2025-01-01", "2025-02-10", "2025-03-02"]) {
    assert.deepEqual(
      computeTrainingDays(loads, { today: "2025-03-01", from }),
      all.filter(({ date }) => date >= from),
    );
  }
});

Deno.test("computeEstimatedShare: returns the share of the load, or null without load", () => {
  const days = computeTrainingDays([
    day("2025-01-01", 75),
    day("2025-01-03", 25, 25),
    day("2025-01-04", 100, 25),
  ], { today: "2025-01-05" });
  assert.equal(computeEstimatedShare(days), 0.25);
  assert.equal(computeEstimatedShare(days.slice(0, 2)), 0);
  assert.equal(computeEstimatedShare(days.slice(4)), null);
  assert.equal(computeEstimatedShare([]), null);
});
