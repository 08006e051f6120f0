/**
 * Strava's sport types by the group that statistics report. A sport type in no group is reported
 * under its own name.
 */
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

/** Returns the group with exactly this name, if there is one. */
export function toSportGroup(name: string): SportGroup | undefined {
  return Object.hasOwn(SPORT_GROUPS, name) ? name as SportGroup : undefined;
}

/** The older activity type that Strava gives each sport type added since 2022. */
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
 * Returns the older `type` for a `sport_type`; an unknown sport keeps its own name.
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
