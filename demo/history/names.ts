import type { Random } from "./random.ts";

const NOUNS: Record<string, string> = {
  TrailRun: "Trail Run",
  GravelRide: "Gravel Ride",
  MountainBikeRide: "Mountain Bike Ride",
  VirtualRide: "Virtual Ride",
  WeightTraining: "Weight Training",
  NordicSki: "Nordic Ski",
};

const OWN: Record<string, readonly [string, ...string[]]> = {
  Run: [
    "Long run with Mia",
    "Tempo Tuesday",
    "6 x 800 m",
    "Easy shake-out",
    "Tiergarten loops",
    "parkrun Hasenheide",
    "Lauf zur Arbeit",
    "Half marathon 🏅",
  ],
  TrailRun: [
    "Müggelberge hills",
    "Lost again, happily",
    "Mud, roots and a fox",
  ],
  Ride: [
    "To the lake and back",
    "Coffee ride with Jonas & Elif",
    "Havelchaussee repeats",
    "Headwind both ways",
    "Berlin – Usedom, day 1",
  ],
  GravelRide: [
    "Spreewald gravel",
    "Sand, so much sand",
    "Überland with the club",
  ],
  VirtualRide: ["Sweet spot 3 x 15", "Zwift - Watopia", "Recovery spin"],
  Swim: ["Intervals, 40 x 50", "Stadtbad before work", "Technique"],
  Hike: ["Sächsische Schweiz", "Up to the hut", "Family hike"],
  WeightTraining: ["Legs", "Core and squats"],
  Yoga: ["Stretching", "Yoga with Nora"],
  NordicSki: ["Classic technique", "Fresh tracks ⛷️"],
};

/** Returns a name by the athlete or Strava's default name. */
export function nameActivity(
  random: Random,
  { sport, hour, commute }: { sport: string; hour: number; commute: boolean },
): string {
  if (commute) return hour < 12 ? "To work" : "Home from work";
  const own = OWN[sport];
  if (own && random.chance(0.22)) return random.pick(own);
  return `${toDaytime(hour)} ${NOUNS[sport] ?? sport}`;
}

function toDaytime(hour: number): string {
  if (hour < 4 || hour >= 21) return "Night";
  if (hour < 11) return "Morning";
  if (hour < 14) return "Lunch";
  return hour < 17 ? "Afternoon" : "Evening";
}

/** Names that break careless code: empty, multi-code-point emoji, markup, very long. */
export const AWKWARD_NAMES: readonly string[] = [
  "",
  "🏃🏽‍♀️💨 PB!! 🎉",
  "<b>Bold</b> & <script>alert('run')</script>",
  "The day we set out for a short spin, took the wrong ferry, met a brass band, " +
  "repaired two punctures with a banknote and came home by the last train. "
    .repeat(3).trim(),
  "Zweite Runde: \"locker\", O'Brien's Weg\\Nord",
];
