import assert from "node:assert/strict";
import {
  computeChange,
  type Preset,
  resolvePreset,
} from "../../../../server/stats/compute/compare.ts";

for (
  const [preset, today, current, base] of [
    [
      "year_to_date",
      "2026-11-20",
      "2026-01-01 2026-11-20",
      "2025-01-01 2025-11-20",
    ],
    [
      "year_to_date",
      "2024-02-29",
      "2024-01-01 2024-02-29",
      "2023-01-01 2023-02-28",
    ],
    [
      "year_to_date",
      "2025-03-01",
      "2025-01-01 2025-03-01",
      "2024-01-01 2024-03-01",
    ],
    [
      "month_to_date",
      "2026-11-20",
      "2026-11-01 2026-11-20",
      "2026-10-01 2026-10-20",
    ],
    [
      "month_to_date",
      "2026-03-31",
      "2026-03-01 2026-03-31",
      "2026-02-01 2026-02-28",
    ],
    [
      "month_to_date",
      "2026-01-05",
      "2026-01-01 2026-01-05",
      "2025-12-01 2025-12-05",
    ],
    [
      "week_to_date",
      "2026-11-20",
      "2026-11-16 2026-11-20",
      "2026-11-09 2026-11-13",
    ],
    [
      "week_to_date",
      "2027-01-01",
      "2026-12-28 2027-01-01",
      "2026-12-21 2026-12-25",
    ],
    ["week", "2026-11-20", "2026-11-16 2026-11-22", "2026-11-09 2026-11-15"],
    ["month", "2024-03-15", "2024-03-01 2024-03-31", "2024-02-01 2024-02-29"],
    ["year", "2026-11-20", "2026-01-01 2026-12-31", "2025-01-01 2025-12-31"],
  ] as [Preset, string, string, string][]
) {
  Deno.test(`resolvePreset: resolves ${preset} on ${today}`, () => {
    const spans = resolvePreset(preset, today);
    assert.equal(`${spans.current.from} ${spans.current.to}`, current);
    assert.equal(`${spans.base.from} ${spans.base.to}`, base);
  });
}

Deno.test("computeChange: matches the example of docs/statistics.md", () => {
  assert.deepEqual(computeChange(120_000, 80_000), {
    difference: 40_000,
    percent: 50,
    reason: null,
  });
});

Deno.test("computeChange: is negative for less, and has no percentage of zero", () => {
  assert.equal(computeChange(60, 80).percent, -25);
  assert.equal(computeChange(0, 80).percent, -100);
  for (const current of [0, 5]) {
    assert.deepEqual(computeChange(current, 0), {
      difference: current,
      percent: null,
      reason: "base_is_zero",
    });
  }
});
