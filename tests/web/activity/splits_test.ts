import assert from "node:assert/strict";
import { computeSplits } from "../../../web/src/pages/activity/splits.ts";

Deno.test("computeSplits: cuts between two points and keeps the rest", () => {
  // 3 m/s with a point every 100 seconds.
  const time = Array.from({ length: 9 }, (_, index) => index * 100);
  const splits = computeSplits({
    time,
    distance: time.map((seconds) => seconds * 3),
    altitude: time.map((seconds) => 100 + seconds / 10),
    heartrate: time.map((seconds) => seconds <= 300 ? 140 : 160),
  }, 1000);
  assert.deepEqual(
    splits.map((split) => [
      Math.round(split.distance),
      Math.round(split.movingTime * 10) / 10,
      Math.round(split.climb! * 10) / 10,
      Math.round(split.heartRate!),
    ]),
    [[1000, 333.3, 33.3, 142], [1000, 333.3, 33.3, 160], [
      400,
      133.3,
      13.3,
      160,
    ]],
  );
  assert.equal(splits[0]!.to, splits[1]!.from);
});

Deno.test("computeSplits: counts a pause as elapsed and not as moving", () => {
  const [split] = computeSplits({
    time: [0, 250, 650, 900],
    distance: [0, 500, 500, 1000],
    moving: [false, true, false, true],
  }, 1000);
  assert.equal(split!.movingTime, 500);
  assert.equal(split!.elapsedTime, 900);
  assert.equal(split!.climb, null);
  assert.equal(split!.heartRate, null);
});

Deno.test("computeSplits: carries a distance over gaps and backward steps", () => {
  const splits = computeSplits({
    time: [0, 100, 200, 300, 400],
    distance: [null, 600, 590, null, 1500],
  }, 1000);
  assert.deepEqual(splits.map(({ distance }) => distance), [1000, 500]);
  assert.equal(
    splits.reduce((sum, { elapsedTime }) => sum + elapsedTime, 0),
    400,
  );
});

Deno.test("computeSplits: finds nothing without distances or points", () => {
  assert.deepEqual(computeSplits({}, 1000), []);
  assert.deepEqual(computeSplits({ time: [0], distance: [0] }, 1000), []);
  assert.deepEqual(computeSplits({ time: [0, 9], distance: [0, 0] }, 1000), []);
  assert.deepEqual(computeSplits({ time: [0, 9] }, 1000), []);
});

Deno.test("computeSplits: cuts several parts between the same two points", () => {
  const splits = computeSplits({
    time: [0, 1000],
    distance: [0, 3000],
    moving: [false, true],
  }, 1000);
  assert.equal(splits.length, 3);
  for (const { movingTime } of splits) {
    assert.ok(Math.abs(movingTime - 1000 / 3) < 1e-9);
  }
});

Deno.test("computeSplits: is as long and lasts as long as a random activity", () => {
  const seed = 7;
  let state = seed;
  const random = (): number =>
    (state = state * 16_807 % 2_147_483_647) / 2_147_483_647;
  const time = [0];
  const distance = [0];
  for (let index = 1; index < 20_000; index++) {
    time.push(time.at(-1)! + 1 + Math.floor(random() * 3));
    distance.push(distance.at(-1)! + (random() < 0.1 ? 0 : random() * 9));
  }
  const splits = computeSplits({ time, distance }, 1609.344);
  const total = splits.reduce((sum, split) => sum + split.distance, 0);
  const seconds = splits.reduce((sum, split) => sum + split.elapsedTime, 0);
  assert.ok(Math.abs(total - distance.at(-1)!) < 1e-6, `seed ${seed}`);
  // Up to a last part that is too short, and a standstill at the end.
  assert.ok(Math.abs(seconds - time.at(-1)!) < 30, `seed ${seed}`);
});
