import assert from "node:assert/strict";
import {
  computeLoad,
  sumLoadsByDay,
} from "../../../../server/stats/compute/load.ts";

const HEART_RATES = { rest: 60, max: 190 };

const RUN = {
  sportType: "Run",
  movingTime: 2700,
  averageHeartrate: 150,
  sufferScore: null,
};

function isNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, not ${expected}`);
}

Deno.test("computeLoad: prefers Strava's score, even if it is 0", () => {
  for (const sufferScore of [0, 87.5]) {
    assert.deepEqual(computeLoad({ ...RUN, sufferScore }, HEART_RATES), {
      load: sufferScore,
      source: "suffer_score",
    });
  }
});

Deno.test("computeLoad: matches the example of docs/statistics.md", () => {
  const { load, source } = computeLoad(RUN, HEART_RATES);

  assert.equal(source, "heart_rate");
  assert.equal(load.toFixed(1), "45.1");
});

Deno.test("computeLoad: is 100 for an hour at 85 % of the reserve", () => {
  const at = { ...RUN, averageHeartrate: 145, movingTime: 3600 };
  isNear(computeLoad(at, { rest: 60, max: 160 }).load, 100);
  isNear(
    computeLoad({ ...at, movingTime: 1800 }, { rest: 60, max: 160 }).load,
    50,
  );
});

Deno.test("computeLoad: clamps the heart rate to rest and maximum", () => {
  const at = (averageHeartrate: number): number =>
    computeLoad({ ...RUN, averageHeartrate }, HEART_RATES).load;
  assert.equal(at(40), 0);
  assert.equal(at(60), 0);
  assert.equal(at(230), at(190));
  // 0.75 * 100 * 1/0.85 * e^(1.92 * 0.15)
  isNear(at(190), 75 / 0.85 * Math.exp(1.92 * 0.15));
});

for (
  const [sportType, hourly] of [
    ["Run", 60],
    ["TrailRun", 60],
    ["VirtualRun", 60],
    ["Ride", 45],
    ["EBikeRide", 45],
    ["Handcycle", 45],
    ["Swim", 50],
    ["Walk", 30],
    ["Quidditch", 30],
    ["constructor", 30],
    ["", 30],
  ] as const
) {
  Deno.test(`computeLoad: estimates an hour of "${sportType}" at ${hourly}`, () => {
    const hour = { ...RUN, sportType, movingTime: 3600 };
    const expected = { load: hourly, source: "estimate" };
    assert.deepEqual(
      computeLoad({ ...hour, averageHeartrate: null }, HEART_RATES),
      expected,
    );
    // A sensor that recorded nothing, an unknown maximum, and a maximum that is not above rest.
    assert.deepEqual(
      computeLoad({ ...hour, averageHeartrate: 0 }, HEART_RATES),
      expected,
    );
    assert.deepEqual(computeLoad(hour, { rest: 60, max: null }), expected);
    assert.deepEqual(computeLoad(hour, { rest: 60, max: 60 }), expected);
  });
}

Deno.test("computeLoad: is 0 without moving time and for a negative one", () => {
  for (const movingTime of [0, -5]) {
    assert.equal(computeLoad({ ...RUN, movingTime }, HEART_RATES).load, 0);
    assert.equal(
      computeLoad({ ...RUN, movingTime, averageHeartrate: null }, HEART_RATES)
        .load,
      0,
    );
  }
});

Deno.test("sumLoadsByDay: adds the loads of a day, and reports mixed sources", () => {
  const estimate = { ...RUN, averageHeartrate: null, movingTime: 1800 };
  const scored = { ...RUN, sufferScore: 70 };

  const days = sumLoadsByDay([
    { ...scored, date: "2025-01-01" },
    { ...scored, date: "2025-01-01" },
    { ...scored, date: "2025-01-03" },
    { ...estimate, date: "2025-01-03" },
    { ...scored, date: "2025-01-03" },
    { ...estimate, date: "2025-01-04" },
  ], HEART_RATES);

  assert.deepEqual(days, [
    { date: "2025-01-01", load: 140, estimated: 0, source: "suffer_score" },
    { date: "2025-01-03", load: 170, estimated: 30, source: "mixed" },
    { date: "2025-01-04", load: 30, estimated: 30, source: "estimate" },
  ]);
  assert.deepEqual(sumLoadsByDay([], HEART_RATES), []);
});
