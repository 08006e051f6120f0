import assert from "node:assert/strict";
import {
  addDays,
  toDate,
  toDayNumber,
  toWeekday,
  toWeekName,
} from "../../../../server/stats/compute/days.ts";
import * as oracle from "../../../support/oracle.ts";

Deno.test("toWeekName: numbers weeks at the turns of years, also with 53 weeks", () => {
  for (
    const [date, week] of [
      ["2020-12-31", "2020-W53"],
      ["2021-01-03", "2020-W53"],
      ["2021-01-04", "2021-W01"],
      ["2024-12-29", "2024-W52"],
      ["2024-12-30", "2025-W01"],
      ["2026-12-31", "2026-W53"],
      ["2027-01-03", "2026-W53"],
      ["1969-12-28", "1969-W52"],
      ["0001-01-01", "0001-W01"],
      ["9999-12-31", "9999-W52"],
    ] as const
  ) {
    assert.equal(toWeekName(toDayNumber(date)), week, date);
  }
});

Deno.test("toWeekName: numbers weeks from Sunday by the year of their Wednesday", () => {
  for (
    const [date, week] of [
      ["2020-12-31", "2020-W53"],
      ["2021-01-02", "2020-W53"],
      ["2021-01-03", "2021-W01"],
      ["2024-12-28", "2024-W52"],
      ["2024-12-29", "2025-W01"],
      ["2026-01-03", "2025-W53"],
      ["1970-01-01", "1969-W53"],
      ["0001-01-01", "0001-W01"],
      ["9999-12-31", "9999-W52"],
    ] as const
  ) {
    const day = toDayNumber(date);
    assert.equal(toWeekName(day, { weekStart: "sunday" }), week, date);
  }
});

Deno.test("days: agree with a plain count over every day of 12 years", () => {
  for (const date of oracle.daysBetween("2017-01-02", "2028-12-31")) {
    const day = toDayNumber(date);
    assert.equal(toDate(day), date);
    assert.equal(addDays(date, 1), oracle.nextDay(date));
    for (const weekStart of ["monday", "sunday"] as const) {
      const week = oracle.weekOf(date, weekStart);
      assert.equal(toWeekName(day, { weekStart }), week);
    }
  }
  assert.equal(toWeekday(toDayNumber("2026-11-16")), 1);
  assert.equal(toWeekday(toDayNumber("2026-11-22")), 7);
  assert.equal(toWeekday(toDayNumber("1969-12-28")), 7);
});
