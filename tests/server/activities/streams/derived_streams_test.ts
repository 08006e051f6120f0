import assert from "node:assert/strict";
import {
  computeGrade,
  computeSpeed,
} from "../../../../server/activities/streams/derived_streams.ts";

function range(length: number, each: (i: number) => number): Float64Array {
  return Float64Array.from({ length }, (_, i) => each(i));
}

Deno.test("computeGrade: gives the slope of a steady climb and of a descent", () => {
  const distance = range(400, (i) => 3 * i);
  const altitude = range(400, (i) => i < 200 ? 0.15 * i : 30 - 0.3 * (i - 200));

  const grade = computeGrade({ altitude, distance });

  assert.equal(grade[100], 5);
  assert.equal(grade[300], -10);
  assert.equal(grade[0], 5);
  assert.equal(grade[399], -10);
});

Deno.test("computeGrade: has no value without a way, an altitude or sense", () => {
  const still = computeGrade({
    altitude: range(100, (i) => i % 3),
    distance: range(100, () => 7),
  });
  const gap = computeGrade({
    altitude: range(100, (i) => i === 50 ? NaN : 0),
    distance: range(100, (i) => 5 * i),
  });
  const cliff = computeGrade({
    altitude: range(100, (i) => i < 50 ? 0 : 900),
    distance: range(100, (i) => 5 * i),
  });

  assert.ok(still.every(Number.isNaN));
  assert.deepEqual([gap[49], gap[50], gap[51]], [0, NaN, 0]);
  assert.equal(cliff[50], NaN);
  assert.equal(cliff[10], 0);
  assert.deepEqual(
    [...computeGrade({
      altitude: range(0, () => 0),
      distance: range(0, () => 0),
    })],
    [],
  );
  assert.deepEqual(
    [...computeGrade({
      altitude: range(1, () => 9),
      distance: range(1, () => 0),
    })],
    [NaN],
  );
});

Deno.test("computeSpeed: gives the speed of at least five seconds, none after a pause", () => {
  const time = range(20, (i) => i < 10 ? i : 600 + i);
  const distance = range(20, (i) => 4 * i);

  const speed = computeSpeed({ time, distance });

  assert.deepEqual([...speed.slice(0, 4)], [NaN, 4, 4, 4]);
  assert.equal(speed[9], 4);
  assert.equal(speed[10], NaN);
  assert.equal(speed[16], 4);
});

Deno.test("computeSpeed: is quick for a million points without motion in time", () => {
  const time = range(1_000_000, () => 0);
  const begin = performance.now();

  const speed = computeSpeed({ time, distance: time });

  assert.ok(speed.every(Number.isNaN));
  assert.ok(performance.now() - begin < 3000);
});
