import type { Random } from "./random.ts";

/** The figures of a sport. Speeds are a beginner's, in m/s. */
export interface Sport {
  name: string;
  /** Relative frequency in January and in July. */
  winter: number;
  summer: number;
  speed: number;
  /** Minutes. */
  minutes: [number, number];
  /** Metres up a kilometre. */
  climb: number;
  heartrate: number;
  cadence?: number;
  watts?: number;
  indoor?: boolean;
  /** Kind of gear that it uses. */
  gear?: "road" | "gravel" | "mountain" | "shoes" | "boots";
  /** Whether Strava sends `workout_type` for it. */
  workout?: "run" | "ride" | "other";
}

/** A sport that Strava does not list yet: new ones arrive unannounced. */
export const NEW_SPORT = "Canyoning";

export const SPORTS: readonly Sport[] = [
  {
    name: "Run",
    winter: 30,
    summer: 26,
    speed: 2.75,
    minutes: [25, 85],
    climb: 7,
    heartrate: 148,
    cadence: 82,
    gear: "shoes",
    workout: "run",
  },
  {
    name: "TrailRun",
    winter: 3,
    summer: 6,
    speed: 2.4,
    minutes: [40, 150],
    climb: 28,
    heartrate: 150,
    cadence: 80,
    gear: "shoes",
    workout: "run",
  },
  {
    name: "Ride",
    winter: 8,
    summer: 26,
    speed: 7,
    minutes: [35, 240],
    climb: 8,
    heartrate: 136,
    cadence: 84,
    watts: 165,
    gear: "road",
    workout: "ride",
  },
  {
    name: "GravelRide",
    winter: 3,
    summer: 7,
    speed: 6,
    minutes: [60, 240],
    climb: 11,
    heartrate: 138,
    cadence: 80,
    watts: 170,
    gear: "gravel",
    workout: "ride",
  },
  {
    name: "MountainBikeRide",
    winter: 1,
    summer: 4,
    speed: 4.4,
    minutes: [50, 170],
    climb: 24,
    heartrate: 142,
    cadence: 72,
    watts: 180,
    gear: "mountain",
    workout: "ride",
  },
  {
    name: "VirtualRide",
    winter: 16,
    summer: 1,
    speed: 8,
    minutes: [35, 95],
    climb: 9,
    heartrate: 145,
    cadence: 87,
    watts: 185,
    indoor: true,
    gear: "road",
    workout: "ride",
  },
  {
    name: "Swim",
    winter: 7,
    summer: 9,
    speed: 0.72,
    minutes: [25, 65],
    climb: 0,
    heartrate: 128,
    indoor: true,
  },
  {
    name: "Hike",
    winter: 2,
    summer: 6,
    speed: 1.1,
    minutes: [90, 420],
    climb: 32,
    heartrate: 108,
    gear: "boots",
  },
  {
    name: "Walk",
    winter: 7,
    summer: 6,
    speed: 1.35,
    minutes: [20, 100],
    climb: 6,
    heartrate: 95,
    workout: "other",
  },
  {
    name: "WeightTraining",
    winter: 10,
    summer: 5,
    speed: 0,
    minutes: [25, 70],
    climb: 0,
    heartrate: 112,
    indoor: true,
    workout: "other",
  },
  {
    name: "NordicSki",
    winter: 4,
    summer: 0,
    speed: 3.6,
    minutes: [50, 180],
    climb: 14,
    heartrate: 146,
  },
  {
    name: "Yoga",
    winter: 5,
    summer: 3,
    speed: 0,
    minutes: [15, 60],
    climb: 0,
    heartrate: 88,
    indoor: true,
    workout: "other",
  },
  {
    name: NEW_SPORT,
    winter: 0,
    summer: 0.7,
    speed: 0.6,
    minutes: [120, 300],
    climb: 20,
    heartrate: 118,
  },
];

/** Returns a sport for the season: `warmth` is 0 in January and 1 in July. */
export function pickSport(random: Random, warmth: number): Sport {
  const weights = SPORTS.map((sport) =>
    sport.winter + (sport.summer - sport.winter) * warmth
  );
  let rest = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, sport] of SPORTS.entries()) {
    rest -= weights[index] ?? 0;
    if (rest < 0) return sport;
  }
  return findSport("Run");
}

export function findSport(name: string): Sport {
  const sport = SPORTS.find((candidate) => candidate.name === name);
  if (!sport) throw new Error(`Sport "${name}" is not in the table`);
  return sport;
}
