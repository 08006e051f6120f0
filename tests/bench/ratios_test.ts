import assert from "node:assert/strict";
import { checkRatios, type Ratios } from "../../bench/ratios.ts";
import stored from "../../bench/ratios.json" with { type: "json" };

const NAMES = Object.keys(stored) as (keyof typeof stored)[];

Deno.test("checkRatios: accepts ratios down to two thirds of the stored ones", async () => {
  assert.ok(await checkRatios(NAMES, () => Promise.resolve(scale(0.7))));
});

Deno.test("checkRatios: measures low reads again, and fails the third time", async () => {
  const measured: (readonly string[])[] = [];
  const isMet = await checkRatios(NAMES, (names) => {
    measured.push(names);
    const low = scale(0.6)["ytd"]!;
    return Promise.resolve({ ...scale(1), ytd: low });
  });
  assert.equal(isMet, false);
  assert.deepEqual(measured, [NAMES, ["ytd"], ["ytd"]]);
});

/** Returns the stored ratios times a factor. */
function scale(factor: number): Record<string, Ratios> {
  return Object.fromEntries(
    NAMES.map((name) => {
      const { kept, unchanged, miss, query } = stored[name];
      return [name, {
        kept: kept * factor,
        unchanged: unchanged * factor,
        miss: miss * factor,
        query: query * factor,
      }];
    }),
  );
}
