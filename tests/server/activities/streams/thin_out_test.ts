import assert from "node:assert/strict";
import { choosePlaces } from "../../../../server/activities/streams/thin_out.ts";
import { createRandomNumbers } from "../../../support/raw_days.ts";
import { SEED } from "../../../support/seed.ts";

/** Returns the least and the greatest value, gaps left out. */
function findRange(values: readonly number[]): [number, number] | undefined {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0
    ? undefined
    : [Math.min(...known), Math.max(...known)];
}

Deno.test(`choosePlaces: keeps ends, order and the peaks of all streams (seed ${SEED})`, () => {
  const random = createRandomNumbers(SEED);
  for (let round = 0; round < 300; round++) {
    const points = 1 + Math.floor(random() * 3000);
    const limit = 50 + Math.floor(random() * 1000);
    const gaps = random() < 0.3 ? random() : 0;
    const streams = Array.from(
      { length: Math.floor(random() * 10) },
      () =>
        Array.from(
          { length: points },
          () => random() < gaps ? NaN : Math.round(random() * 400),
        ),
    );

    const places = [...choosePlaces(points, { streams, limit })];

    const about = `round ${round}: ${points} points, ${limit} at most`;
    assert.ok(places.length <= limit, about);
    assert.equal(places.length, Math.min(points, places.length), about);
    if (points <= limit) assert.equal(places.length, points, about);
    else assert.ok(places.length > limit / 3, `${about}: ${places.length}`);
    assert.equal(places[0], 0, about);
    assert.equal(places.at(-1), points - 1, about);
    assert.ok(places.every((at, i) => i === 0 || at > places[i - 1]!), about);
    for (const values of streams) {
      const kept = places.map((at) => values[at]!);
      assert.deepEqual(findRange(kept), findRange(values), about);
    }
  }
});

Deno.test("choosePlaces: keeps a peak of a single second in six hours", () => {
  const watts = new Float64Array(21_600).fill(200);
  watts[12_345] = 1200;
  watts[345] = 0;
  const heartRate = new Float32Array(21_600).fill(140);
  heartRate[777] = 191;

  const places = choosePlaces(21_600, {
    streams: [watts, heartRate],
    limit: 1000,
  });

  for (const at of [345, 777, 12_345]) assert.ok(places.includes(at), `${at}`);
});

Deno.test("choosePlaces: spreads the places of streams without peaks", () => {
  const places = [...choosePlaces(10_001, { streams: [], limit: 51 })];

  assert.deepEqual(places.slice(0, 3), [0, 200, 400]);
  assert.equal(places.length, 51);
});
