import assert from "node:assert/strict";
import { checkRatios, type Ratios } from "../../bench/ratios.ts";
import stored from "../../bench/ratios.json" with { type: "json" };

const NAMES = Object.keys(stored) as (keyof typeof stored)[];

Deno.test("checkRatios: accepts ratios down to two thirds of the stored ones", async () => {
  const measure = () => Promise.resolve(scale(0.7));
  assert.ok(await checkRatios(NAMES, { measure }));
});

Deno.test("checkRatios: measures low reads again, and fails the third time", async () => {
  const measured: (readonly string[])[] = [];
  const lines: string[] = [];
  const isMet = await checkRatios(NAMES, {
    measure(names) {
      measured.push(names);
      const low = scale(0.6)["ytd"]!;
      return Promise.resolve({ ...scale(1), ytd: low });
    },
    say: (line) => void lines.push(line),
  });
  assert.equal(isMet, false);
  assert.match(lines[0]!, /^FELL: ytd, kept: \d+\.\d % instead of \d+\.\d %$/);
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
