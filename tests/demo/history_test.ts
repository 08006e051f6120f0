import assert from "node:assert/strict";
import {
  generateAthlete,
  generateHistory,
} from "../../demo/history/history.ts";
import { AWKWARD_NAMES } from "../../demo/history/names.ts";
import { decodePolyline } from "../../strava_simulator/polyline.ts";
import type { SummaryActivity } from "../../strava_simulator/types.ts";
import { SEED } from "../support/seed.ts";

const NOW = Date.UTC(2026, 10, 20, 12);
const HISTORY = generateHistory({ seed: SEED, athleteId: 7, now: NOW });

/** Checks every item. A failure names the seed and the activity. */
function checkEach(
  check: (activity: SummaryActivity) => boolean,
  what: string,
): void {
  const wrong = HISTORY.filter((activity) => !check(activity));
  assert.deepEqual(wrong.slice(0, 3), [], `${what}; seed ${SEED}`);
}

function countOf(check: (activity: SummaryActivity) => boolean): number {
  return HISTORY.filter(check).length;
}

Deno.test("generateHistory: depends on the seed only", () => {
  const options = { seed: 5, athleteId: 7, count: 200, now: NOW };

  assert.deepEqual(generateHistory(options), generateHistory(options));
  assert.notDeepEqual(
    generateHistory({ ...options, seed: 6 }),
    generateHistory(options),
  );
});

Deno.test("generateHistory: returns the exact count within the years", () => {
  for (const count of [0, 1, 2, 50, 3000]) {
    const history = generateHistory({
      seed: SEED,
      athleteId: 7,
      count,
      years: 3,
      now: NOW,
    });
    assert.equal(history.length, count);
    for (const { start_date, elapsed_time } of history) {
      assert.ok(
        Date.parse(start_date) + elapsed_time * 1000 <= NOW,
        `seed ${SEED}`,
      );
      assert.ok(
        Date.parse(start_date) > Date.UTC(2023, 10, 17),
        `seed ${SEED}`,
      );
    }
  }
});

Deno.test("generateHistory: assigns unique, safe ids that are not in date order", () => {
  const byDate = HISTORY.toSorted((a, b) =>
    a.start_date < b.start_date ? -1 : 1
  );
  const late = byDate.filter((item, index) => {
    const tenLater = byDate[index + 10];
    return tenLater && item.id > tenLater.id;
  });

  assert.equal(new Set(HISTORY.map(({ id }) => id)).size, HISTORY.length);
  checkEach(({ id }) => Number.isSafeInteger(id) && id > 1e9, "ids");
  assert.ok(
    late.length > 10 && late.length < 150,
    `${late.length} late, seed ${SEED}`,
  );
});

Deno.test("generateHistory: uses the zone's local time, summer time included", () => {
  checkEach((activity) => {
    const zone = activity.timezone.replace(/^\(.*\) /, "");
    const shown = Temporal.Instant.from(activity.start_date).toZonedDateTimeISO(
      zone,
    );
    const local = Date.parse(activity.start_date_local) -
      Date.parse(activity.start_date);
    return shown.offsetNanoseconds / 1e9 === activity.utc_offset &&
      local === activity.utc_offset * 1000 &&
      `${shown.toPlainDateTime().toString({ smallestUnit: "second" })}Z` ===
        activity.start_date_local;
  }, "offsets");
  const zones = new Map([
    ["Europe/Berlin", "+01:00"],
    ["America/New_York", "-05:00"],
    ["Asia/Tokyo", "+09:00"],
    ["Australia/Sydney", "+10:00"],
    ["Asia/Kathmandu", "+05:45"],
  ]);
  const found = new Set(HISTORY.map(({ timezone }) => timezone));
  assert.deepEqual(
    found,
    new Set([...zones].map(([name, offset]) => `(GMT${offset}) ${name}`)),
  );
});

Deno.test("generateHistory: contains the days that break date arithmetic", () => {
  const has = (date: string): boolean =>
    HISTORY.some(({ start_date_local }) => start_date_local.startsWith(date));
  for (const year of [2020, 2021, 2022, 2023, 2024, 2025]) {
    assert.ok(has(`${year}-12-31T23:`), `${year}, seed ${SEED}`);
    assert.ok(has(`${year}-01-01T00:`), `${year}, seed ${SEED}`);
  }
  assert.ok(has("2020-02-29") && has("2024-02-29"));
  for (
    const day of [
      "2024-03-31T01:45",
      "2024-10-27T02:30",
      "2025-03-30",
      "2025-10-26",
    ]
  ) {
    assert.ok(has(day), `${day}, seed ${SEED}`);
  }
  assert.ok(
    countOf(({ start_date, start_date_local }) =>
      start_date.slice(0, 4) !== start_date_local.slice(0, 4)
    ) > 0,
  );
  assert.ok(
    countOf(({ start_date_local }) =>
      start_date_local.endsWith("T00:00:01Z")
    ) >= 3,
  );
  const starts = HISTORY.map(({ start_date }) => start_date);
  assert.ok(
    new Set(starts).size < starts.length,
    "some start in the same second",
  );
});

Deno.test("generateHistory: mixes sports, visibilities and names realistically", () => {
  const sports = new Set(HISTORY.map(({ sport_type }) => sport_type));
  for (
    const sport
      of ("Run TrailRun Ride GravelRide MountainBikeRide VirtualRide Swim Hike Walk " +
        "WeightTraining NordicSki Yoga Canyoning").split(" ")
  ) assert.ok(sports.has(sport), `${sport}, seed ${SEED}`);
  checkEach(
    ({ sport_type, type }) =>
      type ===
        ({
          TrailRun: "Run",
          GravelRide: "Ride",
          MountainBikeRide: "Ride",
        }[sport_type] ??
          sport_type),
    "types",
  );
  for (const visibility of ["everyone", "followers_only", "only_me"]) {
    assert.ok(
      countOf((activity) => activity.visibility === visibility) > 50,
      visibility,
    );
  }
  checkEach(
    (activity) => activity.private === (activity.visibility === "only_me"),
    "private",
  );
  const names = new Set(HISTORY.map(({ name }) => name));
  for (const name of AWKWARD_NAMES) assert.ok(names.has(name), name);
  assert.ok(countOf(({ commute }) => commute) > 30, `commutes, seed ${SEED}`);
  assert.ok(countOf(({ trainer }) => trainer) > 30, `trainer, seed ${SEED}`);
});

Deno.test("generateHistory: trains more in summer than in winter and gets faster", () => {
  const inMonths = (...months: number[]): number =>
    countOf(({ start_date_local }) =>
      months.includes(Number(start_date_local.slice(5, 7)))
    );
  const pace = (year: string): number => {
    const runs = HISTORY.filter(({ sport_type, start_date_local }) =>
      sport_type === "Run" && start_date_local.startsWith(year)
    );
    return runs.reduce((sum, run) => sum + run.average_speed, 0) / runs.length;
  };

  assert.ok(
    inMonths(5, 6, 7, 8) > inMonths(11, 12, 1, 2) * 1.2,
    `seed ${SEED}`,
  );
  assert.ok(pace("2026") > pace("2019") * 1.05, `seed ${SEED}`);
});

Deno.test("generateHistory: omits the fields that Strava omits", () => {
  checkEach(
    (item) => item.has_heartrate === ("average_heartrate" in item),
    "heart rate",
  );
  checkEach(
    (item) => item.has_heartrate === ("suffer_score" in item),
    "suffer score",
  );
  checkEach(
    (item) => !item.manual || !("upload_id_str" in item),
    "manual without upload_id_str",
  );
  checkEach(
    (item) =>
      item.manual
        ? item.upload_id === null && item.external_id === null &&
          item.max_speed === 0 &&
          !item.has_heartrate && !("elev_high" in item) &&
          item.map.summary_polyline === ""
        : String(item.upload_id) === item.upload_id_str &&
          item.external_id !== null,
    "manual",
  );
  checkEach(
    (item) =>
      (item.map.summary_polyline === "") === (item.start_latlng.length === 0),
    "coordinates",
  );
  checkEach(
    (item) =>
      !["Swim", "Hike", "NordicSki"].includes(item.sport_type) ||
      !("workout_type" in item),
    "workout",
  );
  checkEach(
    (item) => ("max_watts" in item) === (item.device_watts === true),
    "max_watts of a meter only",
  );
  checkEach(
    (item) =>
      ("device_name" in item) ===
        (!item.manual && item.start_date >= "2025-10-27"),
    "device_name",
  );
  checkEach(
    (item) => item.map.id === `a${item.id}` && item.athlete.id === 7,
    "ids within",
  );
  checkEach((item) => item.moving_time <= item.elapsed_time + 1, "times");
  assert.ok(countOf(({ manual }) => manual) >= 30);
  assert.ok(countOf(({ suffer_score }) => suffer_score === null) > 50);
});

Deno.test("generateHistory: draws routes that match start, end and distance", () => {
  checkEach(({ map, start_latlng: start, end_latlng: end, distance }) => {
    const points = decodePolyline(map.summary_polyline);
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) return start.length === 0;
    const near = (a: number, b: number | undefined): boolean =>
      Math.abs(a - (b ?? NaN)) < 2e-5;
    const ends = near(first[0], start[0]) && near(first[1], start[1]) &&
      near(last[0], end[0]);
    const length = points.reduce((sum, point, index) => {
      const [lat, lng] = points[index - 1] ?? point;
      const east = (point[1] - lng) * Math.cos(lat * Math.PI / 180);
      return sum + Math.hypot(point[0] - lat, east) * 111_000;
    }, 0);
    return ends && length > distance * 0.8 && length < distance * 1.5;
  }, "routes");
});

Deno.test("generateAthlete: owns the gear of the history, retired gear included", () => {
  const { bikes, shoes, id } = generateAthlete({ seed: SEED, athleteId: 7 });
  const owned = new Map([...bikes, ...shoes].map((gear) => [gear.id, gear]));

  checkEach(({ gear_id }) => gear_id === null || owned.has(gear_id), "gear");
  checkEach(
    ({ type, gear_id }) =>
      gear_id === null || gear_id.startsWith("b") === type.endsWith("Ride"),
    "kind of gear",
  );
  assert.equal(id, 7);
  assert.ok(
    countOf(({ gear_id }) => owned.get(gear_id ?? "")?.retired === true) > 100,
  );
});
