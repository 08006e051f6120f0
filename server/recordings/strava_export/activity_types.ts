import { parseSportName } from "../sports.ts";

/** Strava's `sport_type` by the names of an export in other languages than English. */
const TYPES: Readonly<Record<string, string>> = {
  // German
  lauf: "Run",
  traillauf: "TrailRun",
  radfahrt: "Ride",
  "virtuelle radfahrt": "VirtualRide",
  "mountainbike-fahrt": "MountainBikeRide",
  "e-bike-fahrt": "EBikeRide",
  spaziergang: "Walk",
  wanderung: "Hike",
  schwimmen: "Swim",
  krafttraining: "WeightTraining",
  rudern: "Rowing",
  skilanglauf: "NordicSki",
  training: "Workout",
  // French
  "course à pied": "Run",
  natation: "Swim",
  marche: "Walk",
  vélo: "Ride",
  randonnée: "Hike",
  // Dutch
  hardloopsessie: "Run",
  fietsrit: "Ride",
  wandeling: "Walk",
  zwemsessie: "Swim",
  // Spanish
  carrera: "Run",
};

/** Returns Strava's `sport_type` for a name in an export; null if it is not known. */
export function parseActivityType(name: string): string | null {
  const key = name.trim().toLowerCase();
  return Object.hasOwn(TYPES, key) ? TYPES[key]! : parseSportName(name);
}
