import assert from "node:assert/strict";
import { SPORT_GROUPS } from "../../db/sports.ts";
import { sportTypes } from "../../web/src/texts/de/sport_types.ts";

Deno.test("sportTypes: has a German name for each sport of a group", () => {
  for (const type of Object.values(SPORT_GROUPS).flat()) {
    assert.match(sportTypes[type] ?? "", /^[A-ZÄÖÜ]/, type);
  }
});
