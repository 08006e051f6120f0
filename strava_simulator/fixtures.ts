import type { AthleteProfile, LatLng, SummaryActivity } from "./types.ts";

const PICTURES = "https://example.com/pictures/athletes";

/** Returns a plain profile. `generateAthlete` returns a realistic one. */
export function createProfile(
  profile: Partial<AthleteProfile> & { id: number },
): AthleteProfile {
  return {
    username: null,
    firstname: "Ada",
    lastname: "Example",
    bio: null,
    city: "Berlin",
    state: "Berlin",
    country: "Germany",
    sex: null,
    premium: false,
    created_at: "2016-03-01T08:00:00Z",
    updated_at: "2026-10-01T08:00:00Z",
    badge_type_id: 0,
    weight: null,
    profile_medium: `${PICTURES}/${profile.id}/medium.jpg`,
    profile: `${PICTURES}/${profile.id}/large.jpg`,
    follower_count: 0,
    friend_count: 0,
    athlete_type: 1,
    date_preference: "%d/%m/%Y",
    measurement_preference: "meters",
    ftp: null,
    bikes: [],
    shoes: [],
    ...profile,
  };
}

const COARSE_TYPES: Record<string, string> = {
  MountainBikeRide: "Ride",
  GravelRide: "Ride",
  EMountainBikeRide: "EBikeRide",
  TrailRun: "Run",
  VirtualRow: "Rowing",
};

const NEW_SPORTS = new Set(
  ("Badminton Basketball Cricket Dance HighIntensityIntervalTraining Padel PhysicalTherapy Pickleball " +
    "Pilates Racquetball Squash TableTennis Tennis Volleyball").split(" "),
);

/** Returns the coarse `type` of a sport. Sports newer than the old list became Workout. */
export function toCoarseType(sport: string): string {
  return COARSE_TYPES[sport] ?? (NEW_SPORTS.has(sport) ? "Workout" : sport);
}

/** Returns a complete activity from a few fields. Default: a one-hour run in UTC. */
export function createActivity(
  activity: Partial<SummaryActivity> & { id: number },
  athleteId: number,
): SummaryActivity {
  const { id, sport_type = "Run", utc_offset = 0, manual = false } = activity;
  const start = activity.start_date ?? "2026-01-01T08:00:00Z";
  const distance = activity.distance ?? 10_000;
  const moving = activity.moving_time ?? 3600;
  const visibility = activity.visibility ??
    (activity.private ? "only_me" : "everyone");
  const speed = moving > 0 ? Math.round(distance / moving * 1000) / 1000 : 0;
  const coordinates: LatLng = [];
  return {
    resource_state: 2,
    name: "Morning Run",
    distance,
    moving_time: moving,
    elapsed_time: moving,
    total_elevation_gain: 0,
    type: toCoarseType(sport_type),
    sport_type,
    start_date: start,
    start_date_local: toIsoSeconds(Date.parse(start) + utc_offset * 1000),
    timezone: "(GMT+00:00) GMT",
    utc_offset,
    location_city: null,
    location_state: null,
    location_country: null,
    achievement_count: 0,
    kudos_count: 0,
    comment_count: 0,
    athlete_count: 1,
    photo_count: 0,
    total_photo_count: 0,
    pr_count: 0,
    map: { id: `a${id}`, summary_polyline: "", resource_state: 2 },
    trainer: false,
    commute: false,
    manual,
    flagged: false,
    has_kudoed: false,
    gear_id: null,
    start_latlng: coordinates,
    end_latlng: coordinates,
    average_speed: speed,
    max_speed: manual ? 0 : speed,
    has_heartrate: false,
    heartrate_opt_out: false,
    display_hide_heartrate_option: false,
    ...(manual ? { upload_id: null, external_id: null } : {
      upload_id: id + 1,
      upload_id_str: String(id + 1),
      external_id: `device_${id}.fit`,
    }),
    from_accepted_tag: false,
    ...activity,
    athlete: { id: athleteId, resource_state: 1 },
    visibility,
    private: visibility === "only_me",
  };
}

/** Returns ISO 8601 to the second with a Z, the only form that Strava writes. */
export function toIsoSeconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
