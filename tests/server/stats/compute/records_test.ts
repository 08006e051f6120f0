import assert from "node:assert/strict";
import { listRecords } from "../../../../server/stats/compute/records.ts";
import { expectRecords, withoutNames } from "../../../support/oracle.ts";
import {
  createRaw,
  type RawActivity,
  rollActivities,
  toMetrics,
} from "../../../support/raw_days.ts";

const TODAY = "2026-11-20";

Deno.test("listRecords: the example of docs/statistics.md", () => {
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
  const figures = toMetrics([half, hills, sprint]);

  const run = listRecords(figures).get("run");

  const date = "2026-11-01";
  const activity = { id: 1, date };
  assert.deepEqual(run?.longest_distance, { value: 21_097.5, date, activity });
  assert.equal(run.most_climbing?.activity.id, 2);
  assert.deepEqual(
    run.fastest.map(({ min_distance, speed, activity }) => [
      min_distance,
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
  assert.deepEqual(run.biggest_week, {
    value: 21_097.5,
    date: "2026-10-26",
    period: "2026-W44",
  });
  assert.equal(run.biggest_month?.value, 30_097.5);
  const climbed = listRecords(figures, { metric: "elevation_gain" }).get("run");
  assert.deepEqual(climbed?.biggest_week, {
    value: 310,
    date: "2026-11-02",
    period: "2026-W45",
  });
});

Deno.test("listRecords: a record stays with who was first", () => {
  const run = listRecords(
    toMetrics([
      createRaw("2026-11-03T08:00:00", { id: 5, distance: 7000 }),
      createRaw("2026-11-02T08:00:00", { id: 6, distance: 7000 }),
    ]),
  ).get("run");

  assert.equal(run?.longest_distance?.activity.id, 6);
  assert.equal(run.biggest_day?.period, "2026-11-02");
});

Deno.test("listRecords: what the caller may not see makes no record, also not of a day", () => {
  const figures = toMetrics([
    createRaw("2026-11-02T08:00:00", { id: 5, distance: 7000 }),
    createRaw("2026-11-03T08:00:00", {
      ...{ id: 6, distance: 9000, visibility: "only_me" },
    }),
    createRaw("2026-11-03T09:00:00", {
      ...{ sport_type: "Hike", visibility: "only_me" },
    }),
  ], ["everyone"]);

  const records = listRecords(figures);

  assert.deepEqual([...records.keys()], ["run", "ride", "swim"]);
  const run = records.get("run");
  assert.equal(run?.longest_distance?.activity.id, 5);
  assert.equal(run.biggest_day?.date, "2026-11-02");
  assert.equal(run.biggest_year?.value, 7000);
});

Deno.test("listRecords: of nothing there is no record", () => {
  const still = createRaw("2026-11-03T08:00:00", {
    sport_type: "Yoga",
    distance: 0,
    total_elevation_gain: 0,
  });
  const short = createRaw("2026-11-03T08:00:00", { distance: 999.9 });
  const records = listRecords(toMetrics([still, short]));
  const fastest = { min_distance: 5000, speed: null, activity: null };

  assert.deepEqual(records.get("run")?.fastest[1], {
    ...fastest,
    reason: "too_short",
  });
  const yoga = records.get("Yoga");
  assert.deepEqual(yoga?.fastest[0], { ...fastest, reason: "no_activity" });
  assert.equal(yoga.biggest_year, null);
  assert.equal(yoga.longest_distance, null);
  assert.equal(yoga.longest_time?.value, 300);
  assert.equal(records.get("swim")?.longest_time, null);
  assert.deepEqual([...listRecords([]).keys()], ["run", "ride", "swim"]);
});

Deno.test("listRecords: without time there is no speed; the distance asked for is enough", () => {
  const figures = toMetrics([
    createRaw("2026-11-03T08:00:00", { distance: 50_000, moving_time: 0 }),
    createRaw("2026-11-04T08:00:00", { distance: 1000, moving_time: 250 }),
  ]);
  const run = listRecords(figures, { minDistance: 1000 }).get("run");

  assert.deepEqual(
    run?.fastest.map(({ min_distance, speed }) => [min_distance, speed]),
    [[1000, 4]],
  );
});

Deno.test("listRecords: a sport asked for is one, there or not, with the distances of its group", () => {
  const gravel = toMetrics([
    createRaw("2026-11-03T08:00:00", { sport_type: "GravelRide" }),
  ]);
  const list = (sport: string, figures = gravel): string[] =>
    [...listRecords(figures, { sport })].map(([name, { fastest }]) =>
      `${name} ${fastest[0]?.min_distance}`
    );

  assert.deepEqual(list("gravelride"), ["gravelride 20000"]);
  assert.deepEqual(list("ride"), ["ride 20000"]);
  assert.deepEqual(list("ride", []), ["ride 20000"]);
  assert.deepEqual(list("Ride", []), ["Ride 20000"]);
  assert.deepEqual(list("velomobile", []), ["velomobile 20000"]);
  assert.deepEqual(list("Quidditch", []), ["Quidditch 5000"]);
});

const isVisible = ({ visibility }: RawActivity): boolean =>
  visibility !== "only_me";

for (const seed of [3, 20261121, Date.now() % 1e9]) {
  for (const metric of ["distance", "moving_time", "elevation_gain"] as const) {
    Deno.test(`listRecords: equal to a plain search, by ${metric}, seed ${seed}`, () => {
      const activities = rollActivities(seed);
      const figures = toMetrics(activities, ["everyone", "followers_only"]);
      const found = Object.entries(
        expectRecords(activities, { today: TODAY, isVisible, metric }),
      ).map(([sport, records]) => {
        const entries = Object.entries(records as object)
          .filter(([name]) => !/^(metric|from|to|reason)$/.test(name));
        return [sport, Object.fromEntries(entries)];
      });

      assert.deepEqual(
        Object.fromEntries(listRecords(figures, { metric })),
        withoutNames(Object.fromEntries(found)),
      );
    });
  }
}
