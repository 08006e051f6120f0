/**
 * The years of one invented athlete: the shape of real training, and every oddity that real data has.
 * The same seed gives the same history.
 */
import { toCoarseType, toIsoSeconds } from "./strava_athletes.ts";
import { encodePolyline } from "./strava_polyline.ts";
import type { SummaryActivity } from "./strava_types.ts";
import { planDays, type Slot } from "./history_calendar.ts";
import { createWardrobe, type Wardrobe } from "./history_athlete.ts";
import { AWKWARD_NAMES, nameActivity } from "./history_names.ts";
import {
  type Place,
  readUtcOffset,
  toInstant,
  toTimezone,
} from "./history_places.ts";
import { createRandom, type Random } from "./history_random.ts";
import { takeId } from "./history_ids.ts";
import { drawRoute, measureEffort, measureSensors } from "./history_effort.ts";
import { findSport, pickSport, type Sport } from "./history_sports.ts";

export { generateAthlete } from "./history_athlete.ts";

export interface HistoryOptions {
  seed: number;
  athleteId: number;
  /** Default 8. */
  years?: number;
  /** How many activities, default 3000. */
  count?: number;
  /** Epoch milliseconds; nothing ends later. Default the present. */
  now?: number;
}

interface Scene {
  random: Random;
  wardrobe: Wardrobe;
  athleteId: number;
  now: number;
  ids: Set<number>;
}

/** Exactly `count` activities in the order of their days. */
export function generateHistory(
  { seed, athleteId, years = 8, count = 3000, now = Date.now() }:
    HistoryOptions,
): SummaryActivity[] {
  const random = createRandom(seed);
  const scene = {
    random,
    wardrobe: createWardrobe(seed),
    athleteId,
    now,
    ids: new Set<number>(),
  };
  const slots = planDays(random, { years, count, now });
  const history = slots.map((slot, index) => createDay(scene, slot, index));
  addTwins(scene, slots, history);
  for (const [index, name] of AWKWARD_NAMES.entries()) {
    const target = history[
      Math.floor((index + 1) * history.length / (AWKWARD_NAMES.length + 1))
    ];
    if (target) target.name = name;
  }
  return history;
}

function createDay(scene: Scene, slot: Slot, index: number): SummaryActivity {
  const { random } = scene;
  const sport = slot.sport
    ? findSport(slot.sport)
    : pickSport(random, slot.warmth);
  const manual = index % 83 === 41;
  const effort = measureEffort(random, {
    sport,
    manual,
    progress: slot.progress,
  });
  const start = placeStart(scene, slot, effort.elapsed_time);
  const hour = new Date(start.localMs).getUTCHours();
  const commute = sport.name === "Ride" && slot.workday &&
    effort.distance < 16_000;
  const trainer = sport.name === "VirtualRide" ||
    (sport.name === "Run" && random.chance(0.02));
  const indoor = sport.indoor === true || trainer;
  const route =
    manual || (indoor && sport.name !== "VirtualRide") || random.chance(0.02)
      ? []
      : drawRoute(random, start.place, effort.distance);
  const id = takeId(scene, start.utcMs + effort.elapsed_time * 1000);
  const upload = Math.round(id * 1.066) + random.whole(0, 999);
  const visibility = pickVisibility(random);
  const kudos = visibility === "only_me" ? 0 : random.whole(0, 24);
  const photos = random.chance(0.1) ? random.whole(1, 6) : 0;
  return {
    resource_state: 2,
    athlete: { id: scene.athleteId, resource_state: 1 },
    name: nameActivity(random, { sport: sport.name, hour, commute }),
    ...effort,
    type: toCoarseType(sport.name),
    sport_type: sport.name,
    ...(sport.workout
      ? { workout_type: pickWorkout(random, sport, start.utcMs) }
      : {}),
    id,
    start_date: toIsoSeconds(start.utcMs),
    start_date_local: toIsoSeconds(start.localMs),
    timezone: toTimezone(start.place.zone, start.utcMs),
    utc_offset: (start.localMs - start.utcMs) / 1000,
    location_city: null,
    location_state: null,
    location_country: null,
    achievement_count: random.chance(0.3) ? random.whole(1, 12) : 0,
    kudos_count: kudos,
    comment_count: kudos > 0 && random.chance(0.12) ? random.whole(1, 4) : 0,
    athlete_count: random.chance(0.15) ? random.whole(2, 6) : 1,
    photo_count: 0,
    map: {
      id: `a${id}`,
      summary_polyline: encodePolyline(route),
      resource_state: 2,
    },
    trainer,
    commute,
    manual,
    private: visibility === "only_me",
    visibility,
    flagged: false,
    gear_id: pickGear(random, scene.wardrobe, sport, slot.progress),
    start_latlng: route[0] ?? [],
    end_latlng: route.at(-1) ?? [],
    ...measureSensors(random, {
      sport,
      effort,
      place: start.place,
      slot,
      manual,
      indoor,
    }),
    heartrate_opt_out: false,
    upload_id: manual ? null : upload,
    ...(manual ? {} : { upload_id_str: String(upload) }),
    external_id: manual ? null : nameFile(random, sport, upload),
    from_accepted_tag: false,
    pr_count: random.chance(0.15) ? random.whole(1, 5) : 0,
    total_photo_count: photos,
    has_kudoed: false,
    ...(manual || start.utcMs < DEVICE_NAMES_FROM
      ? {}
      : { device_name: nameDevice(sport) }),
  };
}

/** `device_name` joined the summary on 27 October 2025. */
const DEVICE_NAMES_FROM = Date.UTC(2025, 9, 27);

interface Start {
  place: Place;
  utcMs: number;
  localMs: number;
}

/** The slot's wall clock as an instant; a hidden start is one second past local midnight. */
function placeStart(scene: Scene, slot: Slot, elapsedSeconds: number): Start {
  const { place } = slot;
  const hidden = !slot.fixed && scene.random.chance(0.006);
  const wall = hidden
    ? Math.floor(slot.localMs / 86_400_000) * 86_400_000 + 1000
    : slot.localMs;
  const latest = scene.now - elapsedSeconds * 1000 - 60_000;
  const utcMs = Math.min(
    toInstant(place.zone, wall),
    Math.floor(latest / 1000) * 1000,
  );
  return {
    place,
    utcMs,
    localMs: utcMs + readUtcOffset(place.zone, utcMs) * 1000,
  };
}

function pickVisibility(random: Random): SummaryActivity["visibility"] {
  const draw = random.next();
  if (draw < 0.04) return "only_me";
  return draw < 0.1 ? "followers_only" : "everyone";
}

function pickWorkout(
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

/** The shoes of the year and the bike for the ground; the first road bike lasted three tenths of the time. */
function pickGear(
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

function nameFile(random: Random, sport: Sport, upload: number): string {
  if (sport.name === "VirtualRide") return `zwift-activity-${upload}.fit`;
  return random.chance(0.7)
    ? `garmin_ping_${upload}`
    : `${upload.toString(16)}-activity.fit`;
}

function nameDevice({ name, gear }: Sport): string {
  if (name === "VirtualRide") return "Zwift";
  return gear === "road" || gear === "gravel"
    ? "Garmin Edge 840"
    : "Garmin Forerunner 965";
}

/** Second recordings of the same outing by another device: same second, other id and file. */
function addTwins(
  scene: Scene,
  slots: readonly Slot[],
  history: SummaryActivity[],
): void {
  for (let index = 10; index < history.length; index += 200) {
    const [first, second] = [history[index - 1], history[index]];
    if (!first || !second || slots[index]?.fixed) continue;
    if (first.manual || second.manual) continue;
    const endMs = Date.parse(first.start_date) + first.elapsed_time * 1000;
    const id = takeId(scene, endMs);
    const upload = Math.round(id * 1.066);
    history[index] = {
      ...first,
      id,
      map: { ...first.map, id: `a${id}` },
      upload_id: upload,
      upload_id_str: String(upload),
      external_id: `watch-${id}.fit`,
    };
  }
}
