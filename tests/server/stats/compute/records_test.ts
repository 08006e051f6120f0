import assert from "node:assert/strict";
import {
  computeRecords,
  type SportRecords,
} from "../../../../server/stats/compute/records.ts";
import type { NamedActivity } from "../../../../server/stats/named_activity.ts";
import { toSportRecords } from "../../../../server/stats/procedures/records.ts";
import { expectRecords, withoutNames } from "../../../support/oracle.ts";
import {
  createRandomActivities,
  createRaw,
  toMetrics,
} from "../../../support/raw_days.ts";

const TODAY = "2026-11-20";

Deno.test("computeRecords: matches the example of docs/statistics.md", () => {
  const half = createRaw("2026-11-01T09:00:00", {
    id: 1,
    distance: 21_097.5,
    moving_time: 6300,
    total_elevation_gain: 80,
  });
  const hills = createRaw("2026-11-03T18:00:00", {
    id: 2,
    distance: 8000,
    moving_time: 3200,
    total_elevation_gain: 310,
  });
  const sprint = createRaw("2026-11-05T18:00:00", {
    id: 3,
    distance: 1000,
    moving_time: 200,
    total_elevation_gain: 0,
  });
  const activities = toMetrics([half, hills, sprint]);

  const run = computeRecords(activities).get("run");

  const date = "2026-11-01";
  const activity = { id: 1, date };
  assert.deepEqual(run?.longestDistance, { value: 21_097.5, date, activity });
  assert.equal(run.mostClimbing?.activity.id, 2);
  assert.deepEqual(
    run.fastest.map(({ minDistance, speed, activity }) => [
      minDistance,
      speed,
      activity?.id,
    ]),
    [
      [1000, 5, 3],
      [5000, 3.349, 1],
      [10_000, 3.349, 1],
      [21_097.5, 3.349, 1],
      [42_195, null, undefined],
    ],
  );
  assert.deepEqual(run.biggestWeek, {
    value: 21_097.5,
    date: "2026-10-26",
    period: "2026-W44",
  });
  assert.equal(run.biggestMonth?.value, 30_097.5);
  const climbed = computeRecords(activities, { metric: "elevation_gain" }).get(
    "run",
  );
  assert.deepEqual(climbed?.biggestWeek, {
    value: 310,
    date: "2026-11-02",
    period: "2026-W45",
  });
});

Deno.test("computeRecords: keeps the earlier activity on a tie", () => {
  const run = computeRecords(
    toMetrics([
      createRaw("2026-11-03T08:00:00", { id: 5, distance: 7000 }),
      createRaw("2026-11-02T08:00:00", { id: 6, distance: 7000 }),
    ]),
  ).get("run");

  assert.equal(run?.longestDistance?.activity.id, 6);
  assert.equal(run.biggestDay?.period, "2026-11-02");
});

Deno.test("computeRecords: has no record for a value of 0", () => {
  const still = createRaw("2026-11-03T08:00:00", {
    sport_type: "Yoga",
    distance: 0,
    total_elevation_gain: 0,
  });
  const short = createRaw("2026-11-03T08:00:00", { distance: 999.9 });
  const records = computeRecords(toMetrics([still, short]));
  const fastest = { minDistance: 5000, speed: null, activity: null };

  assert.deepEqual(records.get("run")?.fastest[1], {
    ...fastest,
    reason: "too_short",
  });
  const yoga = records.get("Yoga");
  assert.deepEqual(yoga?.fastest[0], { ...fastest, reason: "no_activity" });
  assert.equal(yoga.biggestYear, null);
  assert.equal(yoga.longestDistance, null);
  assert.equal(yoga.longestTime?.value, 300);
  assert.equal(records.get("swim")?.longestTime, null);
  assert.deepEqual([...computeRecords([]).keys()], ["run", "ride", "swim"]);
});

Deno.test("computeRecords: has a speed only with moving time and enough distance", () => {
  const activities = toMetrics([
    createRaw("2026-11-03T08:00:00", { distance: 50_000, moving_time: 0 }),
    createRaw("2026-11-04T08:00:00", { distance: 1000, moving_time: 250 }),
  ]);
  const run = computeRecords(activities, { minDistance: 1000 }).get("run");

  assert.deepEqual(
    run?.fastest.map(({ minDistance, speed }) => [minDistance, speed]),
    [[1000, 4]],
  );
});

Deno.test("computeRecords: lists only the given sport, with its group's distances", () => {
  const gravel = toMetrics([
    createRaw("2026-11-03T08:00:00", { sport_type: "GravelRide" }),
  ]);
  const list = (sport: string, activities = gravel): string[] =>
    [...computeRecords(activities, { sport })].map(([name, { fastest }]) =>
      `${name} ${fastest[0]?.minDistance}`
    );

  assert.deepEqual(list("gravelride"), ["gravelride 20000"]);
  assert.deepEqual(list("ride"), ["ride 20000"]);
  assert.deepEqual(list("ride", []), ["ride 20000"]);
  assert.deepEqual(list("Ride", []), ["Ride 20000"]);
  assert.deepEqual(list("velomobile", []), ["velomobile 20000"]);
  assert.deepEqual(list("Quidditch", []), ["Quidditch 5000"]);
});

for (const seed of [3, 20261121, Date.now() % 1e9]) {
  for (const metric of ["distance", "moving_time", "elevation_gain"] as const) {
    Deno.test(`computeRecords: equals a plain search by ${metric}, seed ${seed}`, () => {
      const activities = createRandomActivities(seed);
      const rows = toMetrics(activities);
      const found = Object.entries(
        expectRecords(activities, { today: TODAY, metric }),
      ).map(([sport, records]) => {
        const entries = Object.entries(records as object)
          .filter(([name]) => !/^(metric|from|to|reason)$/.test(name));
        return [sport, Object.fromEntries(entries)];
      });

      const records = [...computeRecords(rows, { metric })].map((
        [sport, best],
      ) => [sport, toSportRecords(best as SportRecords<NamedActivity>)]);
      assert.deepEqual(
        Object.fromEntries(records),
        withoutNames(Object.fromEntries(found)),
      );
    });
  }
}
