import assert from "node:assert/strict";
import {
  createPoint,
  type Point,
  setPosition,
  setValue,
} from "../../../server/recordings/points.ts";
import type { Pause } from "../../../server/recordings/recording.ts";
import { buildStreams } from "../../../server/recordings/streams.ts";
import {
  computeClimb,
  computeTotals,
} from "../../../server/recordings/totals.ts";

function climb(values: readonly number[], segments: readonly number[] = []) {
  return computeClimb(Float32Array.from(values), {
    time: Float64Array.from(values, (_, i) => i),
    segments,
  });
}

function totals(points: readonly Point[], pauses: readonly Pause[] = []) {
  const { streams } = buildStreams(points, { startSeconds: 0, pauses });
  return computeTotals({}, { streams, pauses, segments: [] });
}

/** Returns a point with a distance. */
function at(time: number, distance: number): Point {
  const point = createPoint(time);
  setValue(point, "distance", distance);
  return point;
}

Deno.test("computeClimb: counts changes of at least three metres", () => {
  assert.deepEqual(climb([0, 1, 0, 2, 0, 1, 0]), { up: 0, down: 0 });
  assert.deepEqual(climb([0, 2, 4, 3, 4, 8, 2]), { up: 8, down: 6 });
  assert.deepEqual(climb([NaN, 5, NaN, 9, NaN]), { up: 4, down: 0 });
  assert.deepEqual(climb([]), { up: 0, down: 0 });
});

Deno.test("computeClimb: ignores jumps of the sensor and gaps between segments", () => {
  assert.deepEqual(climb([10, 900, 905, 10, 14]), { up: 9, down: 0 });
  assert.deepEqual(climb([0, 4, 30, 34], [2]), { up: 8, down: 0 });
});

Deno.test("computeTotals: does not count drift in a pause as motion", () => {
  const points = [at(0, 0), at(10, 30), at(100, 70), at(110, 100)];

  const { movingSeconds } = totals(points, [
    { startSeconds: 10, endSeconds: 100 },
  ]);
  assert.equal(movingSeconds?.value, 20);
  assert.equal(totals(points).movingSeconds?.value, 110);
});

Deno.test("computeTotals: counts steps below 0.3 m/s as standing", () => {
  const { movingSeconds, averageSpeed, maxSpeed } = totals([
    at(0, 0),
    at(10, 30),
    at(20, 32),
    at(30, 62),
  ]);

  assert.equal(movingSeconds?.value, 20);
  assert.equal(averageSpeed?.value, 3.1);
  assert.equal(maxSpeed?.value, 3);
});

Deno.test("computeTotals: takes a maximum speed over at least five seconds", () => {
  const { maxSpeed } = totals([at(0, 0), at(1, 20), at(2, 21), at(6, 30)]);

  assert.equal(maxSpeed?.value, 5);
});

Deno.test("buildStreams: goes on when the device counts from 0 again", () => {
  const points = [at(0, 0), at(1, 100), at(2, 99), at(3, 0), at(4, 10)];
  const { streams } = buildStreams(points, { startSeconds: 0, pauses: [] });

  assert.deepEqual([...streams.distance!], [0, 100, 100, 100, 110]);
});

Deno.test("buildStreams: sums up positions over records without one", () => {
  const points = [0, 1, 2].map((i) => createPoint(i));
  setPosition(points[0]!, 50, 10);
  setPosition(points[2]!, 50 + 30 / 111_195, 10);
  const { streams } = buildStreams(points, { startSeconds: 0, pauses: [] });

  assert.ok(Number.isNaN(streams.distance![1]));
  assert.ok(Math.abs(streams.distance![2]! - 30) < 0.01);
  assert.deepEqual([...streams.moving], [0, 1, 1]);
});

Deno.test("buildStreams: takes a recording without records", () => {
  const { streams } = buildStreams([], { startSeconds: 0, pauses: [] });

  assert.equal(streams.time.length, 0);
  assert.equal(streams.latitude, null);
  assert.deepEqual(
    computeTotals({ timerSeconds: 5 }, { streams, pauses: [], segments: [] }),
    {
      timerSeconds: { value: 5, method: "device" },
      movingSeconds: { value: 5, method: "device" },
    },
  );
});
