import assert from "node:assert/strict";
import { createMeasure, type SumFormat } from "../../web/src/format/metric.ts";
import { toSportGroup } from "../../web/src/format/sports.ts";
import { SPORT_GROUPS } from "../../db/sports.ts";

function toFormat(units: "metric" | "imperial"): SumFormat {
  const metresPer = units === "metric" ? 1000 : 1609.344;
  return {
    units,
    distanceUnit: units === "metric" ? "km" : "mi",
    inDistanceUnit: (metres: number) => metres / metresPer,
    number: (value: number, digits = 0) => value.toFixed(digits),
  };
}

Deno.test("createMeasure: converts each sum to the visitor's unit", () => {
  const km = createMeasure("distance", toFormat("metric"));
  const miles = createMeasure("distance", toFormat("imperial"));
  const feet = createMeasure("elevation_gain", toFormat("imperial"));
  const hours = createMeasure("moving_time", toFormat("metric"));
  const count = createMeasure("count", toFormat("metric"));

  assert.equal(km.text(42_195), "42.2 km");
  assert.equal(km.text(421_950), "422 km");
  assert.equal(miles.text(42_195), "26.2 mi");
  assert.equal(feet.text(304.8), "1000 ft");
  assert.equal(hours.text(5400), "1.5 h");
  assert.equal(count.text(12), "12");
  assert.equal(km.inUnit(5000), 5);
});

Deno.test("toSportGroup: has the groups of the server", () => {
  for (const [group, types] of Object.entries(SPORT_GROUPS)) {
    for (const type of types) assert.equal(toSportGroup(type), group, type);
  }
  for (const other of ["Walk", "Quidditch", "constructor", "__proto__"]) {
    assert.equal(toSportGroup(other), "other");
  }
});
