import type { SummaryActivity } from "../../strava_simulator/types.ts";
import type { Slot } from "./calendar.ts";
import type { Place } from "./places.ts";
import type { Random } from "./random.ts";
import type { Sport } from "./sports.ts";
import type { Point } from "../../strava_simulator/polyline.ts";

export type Effort = Pick<
  SummaryActivity,
  | "distance"
  | "moving_time"
  | "elapsed_time"
  | "total_elevation_gain"
  | "average_speed"
  | "max_speed"
>;

function round(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}

/** Returns distance, times, climbing and speed. With `progress` the athlete gets a sixth faster and goes a little longer. */
export function measureEffort(
  random: Random,
  { sport, manual, progress }: {
    sport: Sport;
    manual: boolean;
    progress: number;
  },
): Effort {
  const [shortest, longest] = sport.minutes;
  const length = random.next() ** 2 * (0.8 + 0.4 * progress); // most are short, a few are long
  const moving = Math.round((shortest + (longest - shortest) * length) * 60);
  const speed = sport.speed * (0.94 + 0.16 * progress) * random.near(1, 0.08);
  const distance = manual
    ? Math.round(speed * moving / 100) * 100
    : round(speed * moving, 1);
  const outdoors = !sport.indoor || sport.name === "VirtualRide";
  const climb = outdoors && !manual
    ? sport.climb * distance / 1000 * random.near(1, 0.5)
    : 0;
  const pause = random.chance(0.35)
    ? 0
    : Math.round(moving * random.next() ** 3 * 0.5);
  const slip = !manual && random.chance(0.002) ? -1 : 0; // Strava's own rounding at times
  return {
    distance,
    moving_time: moving,
    elapsed_time: moving + (manual ? 0 : slip || pause),
    total_elevation_gain: round(Math.max(0, climb), 1),
    average_speed: moving > 0 ? round(distance / moving, 3) : 0,
    max_speed: manual ? 0 : round(speed * random.between(1.25, 1.9), 3),
  };
}

/** Returns an irregular loop of about the distance, starting near the place. */
export function drawRoute(
  random: Random,
  place: Place,
  distance: number,
): Point[] {
  if (distance === 0) return [];
  const radius = distance / (2 * Math.PI) / 111_000;
  const stretch = 1 / Math.cos(place.lat * Math.PI / 180);
  const heading = random.between(0, 2 * Math.PI);
  const waves = [random.between(0, 6), random.between(0, 6)];
  const [lat, lng] = [
    place.lat + random.near(0, 0.01),
    place.lng + random.near(0, 0.01),
  ];
  const count = Math.min(60, 16 + Math.floor(distance / 1000));
  return Array.from({ length: count }, (_, index): Point => {
    const turn = index / (count - 1) * 2 * Math.PI;
    const wobble = 1 + 0.15 * Math.sin(3 * turn + (waves[0] ?? 0)) +
      0.07 * Math.sin(7 * turn + (waves[1] ?? 0));
    const north = radius * wobble *
      (Math.cos(turn + heading) - Math.cos(heading));
    const east = radius * wobble *
      (Math.sin(turn + heading) - Math.sin(heading));
    return [round(lat + north, 6), round(lng + east * stretch, 6)];
  });
}

type Sensors = Pick<
  SummaryActivity,
  | "has_heartrate"
  | "display_hide_heartrate_option"
  | "average_heartrate"
  | "max_heartrate"
  | "suffer_score"
  | "elev_high"
  | "elev_low"
  | "average_temp"
  | "average_cadence"
  | "average_watts"
  | "max_watts"
  | "weighted_average_watts"
  | "kilojoules"
  | "device_watts"
>;

interface Recording {
  sport: Sport;
  effort: Effort;
  place: Place;
  slot: Slot;
  manual: boolean;
  indoor: boolean;
}

/** Returns the values that the devices of the time recorded. Others are absent. */
export function measureSensors(random: Random, recording: Recording): Sensors {
  const { manual, sport, slot } = recording;
  const heart = !manual &&
    random.chance(0.6 + 0.4 * Math.min(1, slot.progress * 3));
  return {
    has_heartrate: heart,
    display_hide_heartrate_option: heart,
    ...(heart ? measureHeart(random, recording) : {}),
    ...(manual ? {} : measureAltitude(random, recording)),
    ...(!manual && random.chance(0.66)
      ? {
        average_temp: Math.round(recording.indoor ? 22 : 3 + 20 * slot.warmth),
      }
      : {}),
    ...(!manual && sport.cadence !== undefined && random.chance(0.85)
      ? { average_cadence: round(random.near(sport.cadence, 4), 1) }
      : {}),
    ...(manual || sport.watts === undefined
      ? {}
      : measurePower(random, recording, sport.watts)),
  };
}

function measureHeart(
  random: Random,
  { sport, effort, slot }: Recording,
): Partial<Sensors> {
  const average = round(random.near(sport.heartrate, 9), 1);
  const score = round(
    effort.moving_time / 60 * Math.max(0.1, (average - 85) / 55),
    0,
  );
  return {
    average_heartrate: average,
    max_heartrate: Math.round(average + random.between(8, 32)),
    suffer_score: slot.progress < 0.2 ? null : score, // the athlete subscribed later
  };
}

/** Returns the altitude range. Absent in the pool and the gym; rarely a barometer is wrong. */
function measureAltitude(
  random: Random,
  { sport, effort, place, indoor }: Recording,
): Partial<Sensors> {
  if (indoor && sport.name !== "VirtualRide") return {};
  const low = place.altitude + random.between(-5, 10);
  const high = low + 3 + effort.total_elevation_gain * random.between(0.2, 0.7);
  return {
    elev_high: round(high, 1),
    elev_low: random.chance(0.0007) ? -7958.2 : round(low, 1),
  };
}

/** Returns power: from a meter on the trainer, and on other bikes in the second half; before that Strava's estimate, without a maximum. */
function measurePower(
  random: Random,
  { sport, effort, slot }: Recording,
  usual: number,
): Partial<Sensors> {
  const average = round(
    random.near(usual * (0.85 + 0.3 * slot.progress), 20),
    1,
  );
  const metered = sport.name === "VirtualRide" || slot.progress > 0.5;
  return {
    average_watts: average,
    kilojoules: round(average * effort.moving_time / 1000, 1),
    device_watts: metered,
    ...(metered
      ? {
        max_watts: Math.round(average * random.between(2, 4.2)),
        weighted_average_watts: Math.round(
          average * random.between(1.02, 1.18),
        ),
      }
      : {}),
  };
}
