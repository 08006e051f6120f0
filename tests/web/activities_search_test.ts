import assert from "node:assert/strict";
import {
  parseActivitySearch,
  toExportAddress,
  toListInput,
} from "../../web/src/pages/activities/search.ts";
import { choose, NOTHING } from "../../web/src/pages/activities/selection.ts";

Deno.test("parseActivitySearch: drops unknown and wrong values", () => {
  assert.deepEqual(
    parseActivitySearch({
      q: "hills",
      from: "2026-1-1",
      to: "2026-11-28",
      min: -5,
      max: "x",
      sort: "name",
      view: "list",
      more: 1,
      sport: { a: 1 },
    }),
    { q: "hills", to: "2026-11-28" },
  );
  assert.deepEqual(parseActivitySearch({}), {});
  // The router reads a search for a number as a number.
  assert.deepEqual(parseActivitySearch({ q: 10, min: 5000 }), {
    q: "10",
    min: 5000,
  });
  assert.equal(parseActivitySearch({ q: "x".repeat(999) }).q?.length, 200);
});

Deno.test("toExportAddress: has the filters of the list, not its order", () => {
  const search = parseActivitySearch({
    q: 'a&b "c"',
    sport: "run",
    min: 5000,
    sort: "distance",
    view: "cards",
  });
  const address = new URL(toExportAddress(search), "http://localhost/base/");
  assert.equal(address.pathname, "/base/strava/activities/export");
  assert.deepEqual(Object.fromEntries(address.searchParams), {
    format: "csv",
    bom: "true",
    q: 'a&b "c"',
    sport: "run",
    min_distance: "5000",
  });
  assert.equal(toListInput(search).sort, "distance");
});

Deno.test("choose: ticks one, and with a range all from the last one", () => {
  const shown = [1, 2, 3, 4, 5];
  const pick = (id: number, isRange = false) => ({ id, isRange });
  const two = choose(NOTHING, shown, pick(2));
  assert.deepEqual([...two.ids], [2]);
  const range = choose(two, shown, pick(5, true));
  assert.deepEqual([...range.ids].sort(), [2, 3, 4, 5]);
  const left = choose(range, shown, pick(3, true));
  assert.deepEqual([...left.ids], [2]);
  assert.deepEqual([...choose(two, shown, pick(2)).ids], []);
});

Deno.test("choose: takes one if the start of the range is gone", () => {
  const start = choose(NOTHING, [1, 2, 3], { id: 1, isRange: false });
  const { ids } = choose(start, [2, 3], { id: 3, isRange: true });
  assert.deepEqual([...ids].sort(), [1, 3]);
});
