import assert from "node:assert/strict";
import { SPORT_GROUPS, toActivityType } from "../../db/sports.ts";

/** Strava's values of ActivityType, and the further ones of SportType (specification of May 2026). */
const ACTIVITY_TYPES =
  `AlpineSki BackcountrySki Canoeing Crossfit EBikeRide Elliptical Golf Handcycle Hike IceSkate
  InlineSkate Kayaking Kitesurf NordicSki Ride RockClimbing RollerSki Rowing Run Sail Skateboard
  Snowboard Snowshoe Soccer StairStepper StandUpPaddling Surfing Swim Velomobile VirtualRide
  VirtualRun Walk WeightTraining Wheelchair Windsurf Workout Yoga`.split(/\s+/);
const NEWER_SPORT_TYPES =
  `Badminton Basketball Cricket Dance EMountainBikeRide GravelRide HighIntensityIntervalTraining
  MountainBikeRide Padel PhysicalTherapy Pickleball Pilates Racquetball Squash TableTennis Tennis
  TrailRun VirtualRow Volleyball`.split(/\s+/);

Deno.test("toActivityType: returns a sport that is in both lists unchanged", () => {
  assert.equal(ACTIVITY_TYPES.length, 37);
  for (const sport of ACTIVITY_TYPES) {
    assert.equal(toActivityType(sport), sport);
  }
});

Deno.test("toActivityType: maps each newer sport to an older one", () => {
  assert.equal(NEWER_SPORT_TYPES.length, 19);
  for (const sport of NEWER_SPORT_TYPES) {
    const type = toActivityType(sport);
    assert.ok(ACTIVITY_TYPES.includes(type), `${sport} is ${type}`);
    assert.notEqual(type, sport);
  }
  assert.equal(toActivityType("TrailRun"), "Run");
  assert.equal(toActivityType("GravelRide"), "Ride");
  assert.equal(toActivityType("MountainBikeRide"), "Ride");
  assert.equal(toActivityType("EMountainBikeRide"), "EBikeRide");
});

Deno.test("toActivityType: returns an unknown sport unchanged", () => {
  for (const sport of ["Quidditch", "", "constructor", "__proto__", "run"]) {
    assert.equal(toActivityType(sport), sport);
  }
});

Deno.test("SPORT_GROUPS: holds the documented sports, each in one group only", () => {
  const all = Object.values(SPORT_GROUPS).flat();
  assert.equal(new Set(all).size, all.length);
  for (const sport of all) {
    assert.ok([...ACTIVITY_TYPES, ...NEWER_SPORT_TYPES].includes(sport), sport);
  }
  assert.deepEqual([...SPORT_GROUPS.run].sort(), [
    "Run",
    "TrailRun",
    "VirtualRun",
  ]);
  assert.deepEqual([...SPORT_GROUPS.ride].sort(), [
    "EBikeRide",
    "EMountainBikeRide",
    "GravelRide",
    "Handcycle",
    "MountainBikeRide",
    "Ride",
    "Velomobile",
    "VirtualRide",
  ]);
  assert.deepEqual([...SPORT_GROUPS.swim], ["Swim"]);
});
