import { z } from "zod";
import { safeParseCoerced } from "./coerce.ts";

/** An athlete. Only the id is required; all other fields are kept as they are. */
const Athlete = z.looseObject({ id: z.number().int().positive() });
export type StravaAthlete = z.infer<typeof Athlete>;

const token = z.string().min(1);

/** The response to a code exchange, the only one that includes the athlete. */
export const TokenExchange = z.object({
  access_token: token,
  refresh_token: token,
  expires_at: z.number().int().positive(),
  scope: z.string().nullish(),
  athlete: Athlete,
});
export type TokenExchange = z.infer<typeof TokenExchange>;

/** The response to a refresh. */
export const TokenRefresh = TokenExchange.omit({ athlete: true, scope: true });
export type TokenRefresh = z.infer<typeof TokenRefresh>;

/** A list. Its items are parsed one by one later, so that an invalid item does not affect others. */
export const ActivityList = z.array(z.unknown());

/** The detail of one activity. Only the id is required. */
export const Detail = z.looseObject({ id: z.union([z.number(), z.string()]) });

/** A pair of shoes or a bike. Brand and model are missing in the profile's gear. */
export const StravaGear = z.looseObject({
  id: z.string().min(1),
  name: z.string().nullish(),
  nickname: z.string().nullish(),
  retired: z.boolean().nullish(),
  brand_name: z.string().nullish(),
  model_name: z.string().nullish(),
});
export type StravaGear = z.infer<typeof StravaGear>;

/** A list of gear. Items of another shape are left out, so that they do not affect the others. */
const GearList = z.array(z.unknown()).nullish().catch(null).transform((items) =>
  items?.flatMap((item) => safeParseCoerced(StravaGear, item).data ?? [])
);

/** A value of the profile. One of another shape counts as missing. */
const ProfileNumber = z.number().nullish().catch(null);

/**
 * The profile, with the gear in use, the weight and the FTP if the scopes allow it. Retired gear is not
 * included.
 */
export const Profile = Athlete.extend({
  bikes: GearList,
  shoes: GearList,
  weight: ProfileNumber,
  ftp: ProfileNumber,
});
export type Profile = z.infer<typeof Profile>;

/** A push subscription. In 2017 its id was a string. */
export const Subscription = z.looseObject({
  id: z.coerce.number().int().positive(),
  callback_url: z.string().nullish(),
});
export type Subscription = z.infer<typeof Subscription>;

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/**
 * The body of a push event (https://developers.strava.com/docs/webhooks/). Its content is never
 * trusted: it only names the object to fetch.
 */
export const PushEvent = z.object({
  object_type: z.enum(["activity", "athlete"]),
  object_id: id,
  aspect_type: z.enum(["create", "update", "delete"]),
  updates: z.record(z.string(), z.unknown()).nullish(),
  owner_id: id,
  subscription_id: z.coerce.number().int().positive()
    .max(Number.MAX_SAFE_INTEGER),
  /** Epoch seconds, up to the end of the year 9999. */
  event_time: z.number().int().min(0).max(253_402_300_799),
});
export type PushEvent = z.infer<typeof PushEvent>;

/** Limit far above any real value, and low enough that sums over a history cannot overflow. */
const MAX_AMOUNT = 1e12;
const MAX_INT4 = 2 ** 31 - 1;

const text = z.string().nullish();
const flag = z.boolean().nullish();
const number = z.number().nullish();
const amount = z.number().min(-MAX_AMOUNT).max(MAX_AMOUNT).nullish();
const whole = z.number().min(-MAX_INT4).max(MAX_INT4).nullish();
/** A time in UTC, for example `2021-02-02T22:51:50Z`. */
const moment = z.iso.datetime({ offset: true }).refine(
  isInRange,
  "Invalid year",
);
/** A local time in the same format. Its `Z` does not mean UTC. */
const wallClock = z.iso.datetime({ local: true })
  .refine((value) => isInRange(value.replace(/Z?$/, "Z")), "Invalid year");

/** Reports whether the year is from 1 to 9999. PostgreSQL has no year 0, and writes others differently. */
function isInRange(value: string): boolean {
  const year = new Date(value).getUTCFullYear();
  return year >= 1 && year <= 9999;
}

/**
 * An item of `GET /athlete/activities`: the fields that Paceline computes with, unchanged.
 *
 * Only the id and the two start times are required, because an activity cannot be placed in the
 * history without them. All other fields may be missing, null or new. Values that PostgreSQL would
 * refuse must not pass, because it would refuse the whole page. The schema only checks: conversions
 * would make zod take four times as long. `safeParseCoerced` converts what fails.
 */
export const SummaryActivity = z.object({
  id: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  name: text,
  type: text,
  sport_type: text,
  start_date: moment,
  start_date_local: wallClock,
  utc_offset: number,
  timezone: text,
  distance: amount,
  moving_time: whole,
  elapsed_time: whole,
  total_elevation_gain: amount,
  average_speed: amount,
  max_speed: amount,
  average_heartrate: number,
  max_heartrate: number,
  suffer_score: number,
  heartrate_opt_out: flag,
  kudos_count: whole,
  visibility: text,
  private: flag,
  gear_id: text,
  workout_type: number,
  trainer: flag,
  commute: flag,
  manual: flag,
});
export type SummaryActivity = z.infer<typeof SummaryActivity>;
