import type { Wardrobe } from "./athlete.ts";
import type { Random } from "./random.ts";
import type { Sport } from "./sports.ts";
import type { SummaryActivity } from "../../strava_simulator/types.ts";

export function pickVisibility(random: Random): SummaryActivity["visibility"] {
  const draw = random.next();
  if (draw < 0.04) return "only_me";
  return draw < 0.1 ? "followers_only" : "everyone";
}

export function pickWorkout(
  random: Random,
  sport: Sport,
  startMs: number,
): number | null {
  if (sport.workout === "other") return startMs < Date.UTC(2025, 8) ? null : 30;
  if (random.chance(0.08)) return null;
  const kind = random.chance(0.75) ? 0 : random.whole(1, 3);
  if (sport.workout === "run") return kind;
  return kind === 0 ? 10 : 10 + Math.min(kind, 2);
}

/** Returns the year's shoes or the bike for the surface. The first road bike served 30 % of the time. */
export function pickGear(
  random: Random,
  wardrobe: Wardrobe,
  { gear }: Sport,
  progress: number,
): string | null {
  if (!gear || random.chance(0.06)) return null;
  if (gear === "road") {
    return progress < 0.3 ? wardrobe.oldRoad.id : wardrobe.road.id;
  }
  if (gear !== "shoes") return wardrobe[gear].id;
  const pair = wardrobe.shoes[Math.floor(progress * wardrobe.shoes.length)];
  return (pair ?? wardrobe.shoes[0]).id;
}

export function nameFile(random: Random, sport: Sport, upload: number): string {
  if (sport.name === "VirtualRide") return `zwift-activity-${upload}.fit`;
  return random.chance(0.7)
    ? `garmin_ping_${upload}`
    : `${upload.toString(16)}-activity.fit`;
}

export function nameDevice({ name, gear }: Sport): string {
  if (name === "VirtualRide") return "Zwift";
  return gear === "road" || gear === "gravel"
    ? "Garmin Edge 840"
    : "Garmin Forerunner 965";
}
