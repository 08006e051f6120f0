/** Groups of sports that statistics report, and the rest. */
export const SPORT_GROUPS = ["run", "ride", "swim", "other"] as const;

/** A group of sports. */
export type SportGroup = (typeof SPORT_GROUPS)[number];

const GROUP_OF: Readonly<Record<string, SportGroup>> = {
  Run: "run",
  TrailRun: "run",
  VirtualRun: "run",
  Ride: "ride",
  GravelRide: "ride",
  MountainBikeRide: "ride",
  EBikeRide: "ride",
  EMountainBikeRide: "ride",
  VirtualRide: "ride",
  Velomobile: "ride",
  Handcycle: "ride",
  Swim: "swim",
};

/** Returns the group of a sport, as the server counts it. */
export function toSportGroup(sportType: string): SportGroup {
  return Object.hasOwn(GROUP_OF, sportType) ? GROUP_OF[sportType]! : "other";
}
