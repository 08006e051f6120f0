/** Strava's sport types by the group that the statistics speak of; others stand for themselves. */
export const SPORT_GROUPS = {
  run: ["Run", "TrailRun", "VirtualRun"],
  ride: [
    "Ride",
    "GravelRide",
    "MountainBikeRide",
    "EBikeRide",
    "EMountainBikeRide",
    "VirtualRide",
    "Velomobile",
    "Handcycle",
  ],
  swim: ["Swim"],
} as const satisfies Record<string, readonly string[]>;

export type SportGroup = keyof typeof SPORT_GROUPS;

/** Sport types since 2022 that have no activity type of their own, and the one Strava gives them. */
const OLDER_TYPE: Readonly<Record<string, string>> = {
  Badminton: "Workout",
  Basketball: "Workout",
  Cricket: "Workout",
  Dance: "Workout",
  EMountainBikeRide: "EBikeRide",
  GravelRide: "Ride",
  HighIntensityIntervalTraining: "Workout",
  MountainBikeRide: "Ride",
  Padel: "Workout",
  PhysicalTherapy: "Workout",
  Pickleball: "Workout",
  Pilates: "Workout",
  Racquetball: "Workout",
  Squash: "Workout",
  TableTennis: "Workout",
  Tennis: "Workout",
  TrailRun: "Run",
  VirtualRow: "Rowing",
  Volleyball: "Workout",
};

/**
 * The older `type` for a `sport_type`; a sport that nobody knows keeps its own name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(toActivityType("TrailRun"), "Run");
 * assert.equal(toActivityType("Quidditch"), "Quidditch");
 * ```
 */
export function toActivityType(sportType: string): string {
  return Object.hasOwn(OLDER_TYPE, sportType)
    ? OLDER_TYPE[sportType]!
    : sportType;
}
