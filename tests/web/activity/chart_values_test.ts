import assert from "node:assert/strict";
import {
  averageOf,
  changeRange,
  fillDistance,
  hasValues,
  pickRows,
  rangeOf,
} from "../../../web/src/pages/activity/chart_values.ts";
import { parseActivityId } from "../../../web/src/pages/activity/activity_id.ts";

Deno.test("averageOf: weighs values by their time, pauses only briefly", () => {
  assert.equal(averageOf([100, 200, null], [0, 10, 20]), 150);
  assert.equal(averageOf([100, 200, 7], [0, 10, 40]), 175);
  assert.equal(averageOf([100, 200, 7], [0, 30, 10_000]), 150);
  assert.equal(averageOf([], []), null);
  assert.equal(averageOf([null, 5], [0, 1]), 5);
});

Deno.test("fillDistance: never goes back", () => {
  assert.deepEqual(fillDistance([null, 5, 4, null, 9]), [0, 5, 5, 5, 9]);
});

Deno.test("rangeOf and hasValues: skip what is missing", () => {
  assert.deepEqual(rangeOf([null, 3, -1]), [-1, 3]);
  assert.equal(rangeOf([null]), undefined);
  assert.equal(hasValues([null, 0, 0]), false);
  assert.equal(hasValues(undefined), false);
  assert.equal(hasValues([0, 1]), true);
});

Deno.test("changeRange: zooms and moves within the whole", () => {
  assert.deepEqual(changeRange([0, 100], [0, 100], { scale: 0.5 }), [25, 75]);
  assert.deepEqual(changeRange([80, 100], [0, 100], { shift: 0.5 }), [80, 100]);
  assert.deepEqual(changeRange([10, 30], [0, 100], { shift: -1 }), [0, 20]);
  assert.equal(changeRange([25, 75], [0, 100], { scale: 2 }), undefined);
});

Deno.test("pickRows: spreads a bounded number of rows", () => {
  assert.deepEqual(pickRows(3, 60), [0, 1, 2]);
  const rows = pickRows(10_000, 60);
  assert.equal(rows.length, 60);
  assert.deepEqual([rows[0], rows.at(-1)], [0, 9_999]);
});

Deno.test("parseActivityId: takes ids only", () => {
  assert.equal(parseActivityId("4503599627370497"), 4_503_599_627_370_497);
  for (const text of ["0", "01", "1.5", "x", "", "-1", "9999999999999999"]) {
    assert.equal(parseActivityId(text), undefined, text);
  }
});
