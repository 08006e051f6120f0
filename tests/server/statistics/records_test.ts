import assert from "node:assert/strict";
import { listRecords } from "../../../server/statistics/records.ts";
import { expectRecords } from "../../support/oracle.ts";
import {
  createRaw,
  type RawActivity,
  rollActivities,
  toFigures,
} from "../../support/raw_days.ts";

const TODAY = "2026-11-20";

Deno.test("listRecords: the example of docs/statistics.md", () => {
  const half = createRaw("2026-11-01T09:00:00", {
    id: 1,
    name: "Half marathon",
    distance: 21_097.5,
    moving_time: 6300,
    total_elevation_gain: 80,
  });
  const hills = createRaw("2026-11-03T18:00:00", {
    id: 2,
    name: "Hills",
    distance: 8000,
    moving_time: 3200,
    total_elevation_gain: 310,
  });
  const sprint = createRaw("2026-11-05T18:00:00", {
    id: 3,
    name: "Sprint",
    distance: 1000,
    moving_time: 200,
    total_elevation_gain: 0,
  });

  const [run, ...others] = listRecords(toFigures([half, hills, sprint]), {
    today: TODAY,
  });

  assert.deepEqual(others, []);
  assert.equal(run?.sport, "run");
  assert.equal(run.min_distance, 5000);
  const date = "2026-11-01";
  assert.deepEqual(run.all_time.longest_distance, {
    value: 21_097.5,
    activity: { id: 1, name: "Half marathon", date },
    reason: null,
  });
  assert.equal(run.all_time.most_climbing.activity?.id, 2);
  assert.equal(run.all_time.fastest.value, 3.349);
  assert.equal(run.all_time.fastest.activity?.id, 1);
  assert.deepEqual(run.all_time.biggest_week, {
    distance: { value: 21_097.5, period: "2026-W44", reason: null },
    moving_time: { value: 6300, period: "2026-W44", reason: null },
    elevation_gain: { value: 310, period: "2026-W45", reason: null },
  });
  assert.equal(run.all_time.biggest_month.distance.value, 30_097.5);
});

Deno.test("listRecords: windows hold today and the first of their days, and not the day before it", () => {
  const [run] = listRecords(
    toFigures([
      createRaw("2026-10-23T23:59:59", { distance: 9000 }),
      createRaw("2026-10-24T00:00:00", { distance: 8000 }),
      createRaw("2025-12-31T23:59:59", { distance: 99_000 }),
    ]),
    { today: TODAY },
  );

  assert.equal(run?.last_4_weeks.from, "2026-10-24");
  assert.equal(run.last_4_weeks.to, TODAY);
  assert.equal(run.last_4_weeks.longest_distance.value, 8000);
  assert.equal(run.last_12_weeks.longest_distance.value, 9000);
  assert.equal(run.this_year.longest_distance.value, 9000);
  assert.equal(run.last_52_weeks.longest_distance.value, 99_000);
  assert.equal(run.last_52_weeks.from, "2025-11-22");
});

Deno.test("listRecords: a record stays with who was first", () => {
  const [run] = listRecords(
    toFigures([
      createRaw("2026-11-03T08:00:00", { id: 5, distance: 7000 }),
      createRaw("2026-11-02T08:00:00", { id: 6, distance: 7000 }),
    ]),
    { today: TODAY },
  );

  assert.equal(run?.all_time.longest_distance.activity?.id, 6);
  assert.equal(run.all_time.biggest_day.distance.period, "2026-11-02");
});

Deno.test("listRecords: of nothing there is no record, and the reason stands beside it", () => {
  const still = createRaw("2026-11-03T08:00:00", {
    sport_type: "Yoga",
    distance: 0,
    total_elevation_gain: 0,
  });
  const short = createRaw("2026-11-03T08:00:00", { distance: 4999.9 });
  const [run, yoga] = listRecords(toFigures([still, short]), { today: TODAY });
  const nobody = { value: null, activity: null };
  const never = { value: null, period: null, reason: "no_activity" };

  assert.deepEqual(run?.all_time.fastest, { ...nobody, reason: "too_short" });
  assert.equal(yoga?.sport, "Yoga");
  assert.deepEqual(yoga.all_time.fastest, { ...nobody, reason: "no_activity" });
  assert.deepEqual(yoga.all_time.biggest_year.distance, never);
  assert.equal(yoga.all_time.biggest_year.moving_time.value, 300);
  assert.deepEqual(listRecords([], { today: TODAY }), []);
});

Deno.test("listRecords: without time there is no speed; the distance asked for is enough", () => {
  const figures = toFigures([
    createRaw("2026-11-03T08:00:00", { distance: 50_000, moving_time: 0 }),
    createRaw("2026-11-04T08:00:00", { distance: 1000, moving_time: 250 }),
  ]);
  const [run] = listRecords(figures, { today: TODAY, minDistance: 1000 });

  assert.equal(run?.min_distance, 1000);
  assert.equal(run.all_time.fastest.value, 4);
});

Deno.test("listRecords: a sport asked for is one, with the distance of its group", () => {
  const trail = toFigures([
    createRaw("2026-11-03T08:00:00", { sport_type: "GravelRide" }),
  ]);
  const list = (sport?: string): string[] =>
    listRecords(trail, { today: TODAY, sport }).map(({ sport, min_distance }) =>
      `${sport} ${min_distance}`
    );

  assert.deepEqual(list("gravelride"), ["gravelride 20000"]);
  assert.deepEqual(list("RIDE"), ["ride 20000"]);
  assert.deepEqual(list(), ["ride 20000"]);
});

const isVisible = ({ visibility }: RawActivity): boolean =>
  visibility !== "only_me";

for (const seed of [3, 20261121, Date.now() % 1e9]) {
  Deno.test(`listRecords: equal to a plain search, seed ${seed}`, () => {
    const activities = rollActivities(seed);
    const figures = toFigures(activities, ["everyone", "followers_only"]);

    assert.deepEqual(
      listRecords(figures, { today: TODAY }),
      expectRecords(activities, { today: TODAY, isVisible }),
    );
  });
}
