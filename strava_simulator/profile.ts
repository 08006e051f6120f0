import { notFound, toJson } from "./responses.ts";
import { type ApiCall, requireScope } from "./simulation.ts";
import type { AthleteProfile, Gear } from "./types.ts";

/** Returns an athlete's summary, as in the code exchange and in `GET /athlete` without `profile:read_all`. */
export function toSummaryAthlete(
  profile: AthleteProfile,
): Record<string, unknown> {
  const {
    follower_count: _followers,
    friend_count: _friends,
    athlete_type: _type,
    date_preference: _dates,
    measurement_preference: _units,
    ftp: _ftp,
    bikes: _bikes,
    shoes: _shoes,
    ...summary
  } = profile;
  return {
    ...summary,
    resource_state: 2,
    summit: profile.premium,
    friend: null,
    follower: null,
  };
}

/** Serves `GET /athlete`. */
export function getAthlete(call: ApiCall): Response {
  const { profile } = call.athlete;
  if (!call.scopes.has("profile:read_all")) {
    return toJson(toSummaryAthlete(profile));
  }
  const active = profile.bikes.filter((bike) => !bike.retired);
  return toJson({
    ...toSummaryAthlete(profile),
    resource_state: 3,
    blocked: false,
    can_follow: true,
    follower_count: profile.follower_count,
    friend_count: profile.friend_count,
    mutual_friend_count: 0,
    athlete_type: profile.athlete_type,
    date_preference: profile.date_preference,
    measurement_preference: profile.measurement_preference,
    clubs: [],
    postable_clubs_count: 0,
    ftp: profile.ftp,
    bikes: active.map(toGearSummary),
    shoes: profile.shoes.filter((shoe) => !shoe.retired).map(toGearSummary),
    is_winback_via_upload: false,
    is_winback_via_view: false,
  });
}

/** Serves `GET /gear/{id}`: the only way to see retired gear. */
export function getGear(call: ApiCall, id: string): Response {
  const { bikes, shoes } = call.athlete.profile;
  const gear = [...bikes, ...shoes].find((item) => item.id === id);
  if (!gear) throw notFound("Gear");
  return toJson({ ...gear, resource_state: 3 });
}

/** Serves `GET /athlete/zones`: power zones only where the FTP is set; the last zone is open. */
export function getZones(call: ApiCall): Response {
  requireScope(call, "profile:read_all");
  const { ftp } = call.athlete.profile;
  return toJson({
    heart_rate: {
      custom_zones: false,
      zones: toZones([0, 115, 152, 171, 190]),
    },
    ...(ftp === null ? {} : {
      power: {
        zones: toZones(
          [0, 0.55, 0.75, 0.9, 1.05, 1.2, 1.5].map((f) => Math.round(f * ftp)),
        ),
      },
    }),
  });
}

function toZones(bounds: readonly number[]): { min: number; max: number }[] {
  return bounds.map((min, index) => ({ min, max: bounds[index + 1] ?? -1 }));
}

/** Returns the part of a bike or pair of shoes that `GET /athlete` and an activity's detail show. */
export function toGearSummary(
  gear: Gear,
): Pick<
  Gear,
  | "id"
  | "primary"
  | "name"
  | "nickname"
  | "resource_state"
  | "retired"
  | "distance"
  | "converted_distance"
> {
  const { id, primary, name, nickname, retired, distance, converted_distance } =
    gear;
  return {
    id,
    primary,
    name,
    nickname,
    resource_state: 2,
    retired,
    distance,
    converted_distance,
  };
}
