import assert from "node:assert/strict";
import { parseValue } from "../../web/src/pages/settings/parse_value.ts";

Deno.test("parseValue: reads numbers with a point or a comma", () => {
  assert.deepEqual(parseValue("weight", " 71.5 "), { value: 71.5 });
  assert.deepEqual(parseValue("weight", "71,5"), { value: 71.5 });
  assert.deepEqual(parseValue("ftp", "250"), { value: 250 });
});

Deno.test("parseValue: reads paces as metres a second", () => {
  assert.deepEqual(parseValue("threshold_speed", "4:00"), {
    value: 1000 / 240,
  });
  assert.deepEqual(parseValue("speed_zones", "6:00 5:00"), {
    bounds: [1000 / 360, 1000 / 300],
  });
});

Deno.test("parseValue: sorts the bounds of zones", () => {
  assert.deepEqual(parseValue("heartrate_zones", "160 120 140"), {
    bounds: [120, 140, 160],
  });
});

Deno.test("parseValue: refuses what is not a number or is too many", () => {
  for (const typed of ["", "x", "-1", "0", "1e3", "1 2", "NaN", "70kg"]) {
    assert.equal(parseValue("weight", typed), undefined, typed);
  }
  for (const typed of ["4", "4:60", "0:00", "400:00"]) {
    assert.equal(parseValue("threshold_speed", typed), undefined, typed);
  }
});
