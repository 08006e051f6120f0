import assert from "node:assert/strict";
import { loadOf, sumByDay } from "../../../../server/stats/compute/load.ts";

const HEART = { rest: 60, max: 190 };

const RUN = {
  sport_type: "Run",
  moving_time: 2700,
  average_heartrate: 150,
  suffer_score: null,
};

function isNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, not ${expected}`);
}

Deno.test("loadOf: Strava's score wins, 0 too", () => {
  for (const suffer_score of [0, 87.5]) {
    assert.deepEqual(loadOf({ ...RUN, suffer_score }, HEART), {
      load: suffer_score,
      source: "suffer_score",
    });
  }
});

Deno.test("loadOf: the example of docs/statistics.md: 45 minutes at 150 of 60 to 190", () => {
  const { load, source } = loadOf(RUN, HEART);

  assert.equal(source, "heart_rate");
  assert.equal(load.toFixed(1), "45.1");
});

Deno.test("loadOf: an hour at 85 % of the reserve is 100, half an hour 50", () => {
  const at = { ...RUN, average_heartrate: 145, moving_time: 3600 };
  isNear(loadOf(at, { rest: 60, max: 160 }).load, 100);
  isNear(
    loadOf({ ...at, moving_time: 1800 }, { rest: 60, max: 160 }).load,
    50,
  );
});

Deno.test("loadOf: a heart rate below rest counts as rest, one above the highest as the highest", () => {
  const at = (average_heartrate: number): number =>
    loadOf({ ...RUN, average_heartrate }, HEART).load;
  assert.equal(at(40), 0);
  assert.equal(at(60), 0);
  assert.equal(at(230), at(190));
  // 0.75 * 100 * 1/0.85 * e^(1.92 * 0.15)
  isNear(at(190), 75 / 0.85 * Math.exp(1.92 * 0.15));
});

for (
  const [sport_type, hourly] of [
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
  Deno.test(`loadOf: without a heart rate an hour of "${sport_type}" is estimated at ${hourly}`, () => {
    const hour = { ...RUN, sport_type, moving_time: 3600 };
    const expected = { load: hourly, source: "estimate" };
    assert.deepEqual(
      loadOf({ ...hour, average_heartrate: null }, HEART),
      expected,
    );
    // A sensor that recorded nothing, a highest that nobody knows, or that is not above rest.
    assert.deepEqual(
      loadOf({ ...hour, average_heartrate: 0 }, HEART),
      expected,
    );
    assert.deepEqual(loadOf(hour, { rest: 60, max: null }), expected);
    assert.deepEqual(loadOf(hour, { rest: 60, max: 60 }), expected);
  });
}

Deno.test("loadOf: no time is no load, and time below 0 is none", () => {
  for (const moving_time of [0, -5]) {
    assert.equal(loadOf({ ...RUN, moving_time }, HEART).load, 0);
    assert.equal(
      loadOf({ ...RUN, moving_time, average_heartrate: null }, HEART).load,
      0,
    );
  }
});

Deno.test("sumByDay: adds the loads of a day, and says where they do not agree", () => {
  const estimate = { ...RUN, average_heartrate: null, moving_time: 1800 };
  const scored = { ...RUN, suffer_score: 70 };

  const days = sumByDay([
    { ...scored, date: "2025-01-01" },
    { ...scored, date: "2025-01-01" },
    { ...scored, date: "2025-01-03" },
    { ...estimate, date: "2025-01-03" },
    { ...scored, date: "2025-01-03" },
    { ...estimate, date: "2025-01-04" },
  ], HEART);

  assert.deepEqual(days, [
    { date: "2025-01-01", load: 140, estimated: 0, source: "suffer_score" },
    { date: "2025-01-03", load: 170, estimated: 30, source: "mixed" },
    { date: "2025-01-04", load: 30, estimated: 30, source: "estimate" },
  ]);
  assert.deepEqual(sumByDay([], HEART), []);
});
