/** Strava's `sport_type` by FIT's sport; a sport that is missing is a `Workout`. */
const BY_SPORT: Readonly<Record<string, string>> = {
  running: "Run",
  cycling: "Ride",
  transition: "Transition",
  swimming: "Swim",
  basketball: "Basketball",
  soccer: "Soccer",
  tennis: "Tennis",
  walking: "Walk",
  cross_country_skiing: "NordicSki",
  alpine_skiing: "AlpineSki",
  snowboarding: "Snowboard",
  rowing: "Rowing",
  mountaineering: "Hike",
  hiking: "Hike",
  paddling: "Canoeing",
  e_biking: "EBikeRide",
  golf: "Golf",
  inline_skating: "InlineSkate",
  rock_climbing: "RockClimbing",
  sailing: "Sail",
  ice_skating: "IceSkate",
  snowshoeing: "Snowshoe",
  stand_up_paddleboarding: "StandUpPaddling",
  surfing: "Surfing",
  kayaking: "Kayaking",
  windsurfing: "Windsurf",
  kitesurfing: "Kitesurf",
  floor_climbing: "StairStepper",
  hiit: "HighIntensityIntervalTraining",
  wheelchair_push_walk: "Wheelchair",
  wheelchair_push_run: "Wheelchair",
  cricket: "Cricket",
  volleyball: "Volleyball",
  dance: "Dance",
  canoeing: "Canoeing",
};

/** Sub-sports that decide alone, when the sport is one of these or says nothing. */
const BY_SUB_SPORT: Readonly<Record<string, string>> = {
  lap_swimming: "Swim",
  open_water: "Swim",
  treadmill: "Run",
  indoor_running: "Run",
  indoor_walking: "Walk",
  spin: "Ride",
  indoor_cycling: "Ride",
  indoor_rowing: "Rowing",
  elliptical: "Elliptical",
  stair_climbing: "StairStepper",
  strength_training: "WeightTraining",
  yoga: "Yoga",
  pilates: "Pilates",
  hiit: "HighIntensityIntervalTraining",
  indoor_climbing: "RockClimbing",
  bouldering: "RockClimbing",
  pickleball: "Pickleball",
  padel: "Padel",
  squash: "Squash",
  badminton: "Badminton",
  racquetball: "Racquetball",
  table_tennis: "TableTennis",
};
const GENERAL = new Set(["generic", "fitness_equipment", "training", "racket"]);

/** Strava's finer `sport_type` by sport and sub-sport. */
const BY_BOTH: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  running: { trail: "TrailRun", virtual_activity: "VirtualRun" },
  cycling: {
    mountain: "MountainBikeRide",
    downhill: "MountainBikeRide",
    mountain_enduro: "MountainBikeRide",
    mountain_downhill: "MountainBikeRide",
    enduro: "MountainBikeRide",
    gravel_cycling: "GravelRide",
    hand_cycling: "Handcycle",
    indoor_hand_cycling: "Handcycle",
    e_bike_fitness: "EBikeRide",
    e_bike_mountain: "EMountainBikeRide",
    e_bike_enduro: "EMountainBikeRide",
    virtual_activity: "VirtualRide",
  },
  e_biking: {
    e_bike_mountain: "EMountainBikeRide",
    e_bike_enduro: "EMountainBikeRide",
  },
  rowing: { virtual_activity: "VirtualRow" },
  alpine_skiing: { backcountry: "BackcountrySki" },
};

const INDOOR = new Set([
  "treadmill",
  "spin",
  "indoor_cycling",
  "indoor_rowing",
  "indoor_skiing",
  "lap_swimming",
  "indoor_walking",
  "indoor_running",
  "indoor_climbing",
  "indoor_hand_cycling",
  "elliptical",
  "stair_climbing",
  "virtual_activity",
]);

/** Returns Strava's `sport_type` for FIT's sport and sub-sport; null if the file does not tell. */
export function toSportType(
  sport: string | null,
  subSport: string | null,
): string | null {
  const both = BY_BOTH[sport ?? ""]?.[subSport ?? ""];
  if (both) return both;
  if (sport === null || GENERAL.has(sport)) {
    const alone = BY_SUB_SPORT[subSport ?? ""];
    if (alone) return alone;
  }
  if (sport === null || sport === "generic" || sport === "all") return null;
  return BY_SPORT[sport] ?? "Workout";
}

/** Reports whether a sub-sport takes place indoors. */
export function isIndoor(subSport: string | null): boolean {
  return subSport !== null && INDOOR.has(subSport);
}
