/**
 * The shapes Strava puts on the wire, as its specification and recorded answers show them.
 * They are declared here once more, apart from the server's, so that the simulator cannot share a mistake with the code it tests.
 */

export type Visibility = "everyone" | "followers_only" | "only_me";

/** A coordinate pair in degrees, or the empty list Strava sends where there is none. */
export type LatLng = [number, number] | [];

/** One item of `GET /athlete/activities`; a key marked optional is absent, not null, where it does not apply. */
export interface SummaryActivity {
  resource_state: number;
  athlete: { id: number; resource_state: number };
  id: number;
  name: string;
  /** Metres. */
  distance: number;
  /** Seconds. */
  moving_time: number;
  /** Seconds. */
  elapsed_time: number;
  /** Metres. */
  total_elevation_gain: number;
  /** The coarse type of before June 2022, still sent. */
  type: string;
  sport_type: string;
  /** UTC. */
  start_date: string;
  /** Wall clock at the start, with a wrong Z. */
  start_date_local: string;
  /** The zone's standard offset in brackets, wrong in summer, then its IANA name. */
  timezone: string;
  /** Seconds from UTC at the start, summer time included. */
  utc_offset: number;
  location_city: null;
  location_state: null;
  location_country: null;
  achievement_count: number;
  kudos_count: number;
  comment_count: number;
  athlete_count: number;
  photo_count: number;
  total_photo_count: number;
  pr_count: number;
  map: { id: string; summary_polyline: string; resource_state: number };
  trainer: boolean;
  commute: boolean;
  manual: boolean;
  private: boolean;
  visibility: Visibility;
  flagged: boolean;
  has_kudoed: boolean;
  gear_id: string | null;
  start_latlng: LatLng;
  end_latlng: LatLng;
  /** Metres a second. */
  average_speed: number;
  /** Metres a second. */
  max_speed: number;
  has_heartrate: boolean;
  heartrate_opt_out: boolean;
  display_hide_heartrate_option: boolean;
  upload_id: number | null;
  external_id: string | null;
  from_accepted_tag: boolean;
  upload_id_str?: string;
  average_heartrate?: number;
  max_heartrate?: number;
  suffer_score?: number | null;
  elev_high?: number;
  elev_low?: number;
  workout_type?: number | null;
  average_temp?: number;
  average_cadence?: number;
  average_watts?: number;
  max_watts?: number;
  weighted_average_watts?: number;
  kilojoules?: number;
  device_watts?: boolean;
  device_name?: string | null;
}

/** `GET /gear/{id}`; the lists of bikes and shoes in the profile show a part of it. */
export interface Gear {
  /** `b...` for a bike, `g...` for shoes and the rest. */
  id: string;
  primary: boolean;
  name: string;
  nickname: string | null;
  resource_state: number;
  retired: boolean;
  /** Metres. */
  distance: number;
  converted_distance: number;
  brand_name: string;
  model_name: string;
  description: string | null;
  frame_type?: number;
  /** Kilograms. */
  weight?: number;
  notification_distance?: number;
}

/** The detailed athlete of `GET /athlete`. Without `profile:read_all` Strava sends only the summary. */
export interface AthleteProfile {
  id: number;
  username: string | null;
  firstname: string;
  lastname: string;
  bio: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  sex: "M" | "F" | null;
  premium: boolean;
  created_at: string;
  updated_at: string;
  badge_type_id: number;
  /** Kilograms. */
  weight: number | null;
  profile_medium: string;
  profile: string;
  follower_count: number;
  friend_count: number;
  /** 0 rider, 1 runner. */
  athlete_type: number;
  date_preference: string;
  measurement_preference: "feet" | "meters";
  /** Watts. */
  ftp: number | null;
  /** Includes retired gear, which `GET /athlete` leaves out, as Strava does. */
  bikes: Gear[];
  shoes: Gear[];
}

/** Requests used in the current quarter hour and UTC day. */
export interface Usage {
  short: number;
  daily: number;
  readShort: number;
  readDaily: number;
}

/** A recorded request. */
export interface RequestRecord {
  method: string;
  path: string;
  query: Record<string, string>;
  /** Athlete of the token or grant, if any. */
  athleteId: number | null;
  /** HTTP status; 0 if the connection was cut without a response. */
  status: number;
  /** Epoch milliseconds of the simulator's clock. */
  at: number;
  /** The app's rate-limit usage after it. */
  usage: Usage;
}
