import assert from "node:assert/strict";
import { sortedMonths, sortedYears } from "@paceline/sdk";

function total(count: number) {
  return { count, distance: 0, moving_time: 0, elevation_gain: 0 };
}

Deno.test("sortedMonths: returns months newest first, with their totals", () => {
  const data = {
    "2025-11": total(1),
    "2025-12": total(2),
    "2024-12": total(3),
  };
  const months = sortedMonths(data);
  const oldestFirst = sortedMonths(data, { order: "asc" });

  assert.deepEqual(oldestFirst, months.toReversed());
  assert.deepEqual(months.map(({ month, count }) => [month, count]), [
    ["2025-12", 2],
    ["2025-11", 1],
    ["2024-12", 3],
  ]);
});

Deno.test("sortedYears: returns years newest first despite ascending object keys", () => {
  const years = sortedYears({
    "2025": { Run: total(1) },
    "2023": {},
    "2024": {},
  });

  assert.deepEqual(years.map(({ year }) => year), [2025, 2024, 2023]);
  assert.equal(years[0]!.sports["Run"]!.count, 1);
  const data = { "2025": {}, "2023": {}, "2024": {} };
  assert.deepEqual(
    sortedYears(data, { order: "asc" }).map(({ year }) => year),
    [2023, 2024, 2025],
  );
  assert.deepEqual(sortedYears({}), []);
});
