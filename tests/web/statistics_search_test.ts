import assert from "node:assert/strict";
import {
  fromYears,
  parseStatisticsSearch,
  toYears,
} from "../../web/src/pages/statistics/search.ts";

Deno.test("parseStatisticsSearch: keeps known choices", () => {
  const search = {
    sport: "TrailRun",
    metric: "count",
    year: 2025,
    years: "2024,2025",
    window: "12w",
    by: "week",
    unit: "mi",
    preset: "month",
    from: "2025-01-01",
    to: "2025-02-28",
  };
  assert.deepEqual(parseStatisticsSearch(search), search);
});

Deno.test("parseStatisticsSearch: drops what is unknown or wrong", () => {
  assert.deepEqual(
    parseStatisticsSearch({
      sport: "<img src=x>",
      metric: "__proto__",
      year: 20255,
      years: "no",
      window: "1w",
      by: 7,
      from: "2025-13-01",
      to: ["2025-01-01"],
      other: 1,
    }),
    {},
  );
});

Deno.test("toYears: lists each year once, the newest first, and at most 20", () => {
  assert.deepEqual(toYears("2024,2026,2024,x,2025.5"), [2026, 2024]);
  assert.deepEqual(toYears(2025), [2025]);
  assert.deepEqual(toYears(undefined), []);
  const many = Array.from({ length: 60 }, (_, index) => 1950 + index);
  assert.equal(toYears(many.join(",")).length, 20);
});

Deno.test("fromYears: writes what toYears reads", () => {
  for (const years of [[2025], [2025, 2024]]) {
    assert.deepEqual(toYears(fromYears(years)), years);
  }
});
