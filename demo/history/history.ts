/**
 * Generates years of training of an invented athlete, with the oddities of real data. The same seed
 * gives the same history.
 */
import { toCoarseType, toIsoSeconds } from "../../strava_simulator/fixtures.ts";
import { encodePolyline } from "../../strava_simulator/polyline.ts";
import type { SummaryActivity } from "../../strava_simulator/types.ts";
import { planDays, type Slot } from "./calendar.ts";
import { createWardrobe, type Wardrobe } from "./athlete.ts";
import { AWKWARD_NAMES, nameActivity } from "./names.ts";
import { type Place, readUtcOffset, toInstant, toTimezone } from "./places.ts";
import { createRandom, type Random } from "./random.ts";
import {
  nameDevice,
  nameFile,
  pickGear,
  pickVisibility,
  pickWorkout,
} from "./details.ts";
import { takeId } from "./ids.ts";
import {
  drawRoute,
  type Effort,
  measureEffort,
  measureSensors,
} from "./effort.ts";
import { findSport, pickSport, type Sport } from "./sports.ts";

export { generateAthlete } from "./athlete.ts";

export interface HistoryOptions {
  seed: number;
  athleteId: number;
  /** Number of years. Default: 8. */
  years?: number;
  /** Number of activities. Default: 3000. */
  count?: number;
  /** Epoch milliseconds that no activity ends after. Default: the present. */
  now?: number;
}

interface Scene {
  random: Random;
  wardrobe: Wardrobe;
  athleteId: number;
  now: number;
  ids: Set<number>;
}

/** Returns exactly `count` activities in the order of their days. */
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
  const manual = index % 83 === 41;
  const outing = planOuting(random, slot, manual);
  const { sport, effort, commute, trainer, indoor } = outing;
  const start = placeStart(scene, slot, effort.elapsed_time);
  const hour = new Date(start.localMs).getUTCHours();
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

interface Outing {
  sport: Sport;
  effort: Effort;
  commute: boolean;
  trainer: boolean;
  indoor: boolean;
}

/** Returns sport and duration. A ride on a workday is often a commute. */
function planOuting(random: Random, slot: Slot, manual: boolean): Outing {
  const usual = slot.sport
    ? findSport(slot.sport)
    : pickSport(random, slot.warmth);
  const commute = usual.name === "Ride" && slot.workday && random.chance(0.3);
  const sport: Sport = commute ? { ...usual, minutes: [14, 32] } : usual;
  const effort = measureEffort(random, {
    sport,
    manual,
    progress: slot.progress,
  });
  const trainer = sport.name === "VirtualRide" ||
    (sport.name === "Run" && random.chance(0.02));
  return {
    sport,
    effort,
    commute,
    trainer,
    indoor: sport.indoor === true || trainer,
  };
}

/** `device_name` joined the summary on 27 October 2025. */
const DEVICE_NAMES_FROM = Date.UTC(2025, 9, 27);

interface Start {
  place: Place;
  utcMs: number;
  localMs: number;
}

/** Returns the slot's wall clock as an instant. A hidden start is one second past local midnight. */
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

/** Returns second recordings of the same activity by another device: same start, other id and file. */
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
