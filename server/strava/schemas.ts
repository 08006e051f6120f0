import { z } from "zod";

/** Of an athlete only the id is relied on; the rest is kept as it comes. */
const Athlete = z.looseObject({ id: z.number().int().positive() });
export type StravaAthlete = z.infer<typeof Athlete>;

const token = z.string().min(1);

/** Answer to a code exchange: the only one that names the athlete. */
export const TokenExchange = z.object({
  access_token: token,
  refresh_token: token,
  expires_at: z.number().int().positive(),
  scope: z.string().nullish(),
  athlete: Athlete,
});
export type TokenExchange = z.infer<typeof TokenExchange>;

/** Answer to a refresh. */
export const TokenRefresh = TokenExchange.omit({ athlete: true, scope: true });
export type TokenRefresh = z.infer<typeof TokenRefresh>;

/** A list is a bare array; its items are read one by one, so that a bad one spoils no other. */
export const ActivityList = z.array(z.unknown());

/** An answer with one thing in detail, of which only the id is demanded. */
export const Detail = z.looseObject({ id: z.union([z.number(), z.string()]) });

/** Shoes or a bike, in the profile or alone; only alone with brand and model. */
export const StravaGear = z.looseObject({
  id: z.string().min(1),
  name: z.string().nullish(),
  nickname: z.string().nullish(),
  retired: z.boolean().nullish(),
  brand_name: z.string().nullish(),
  model_name: z.string().nullish(),
});
export type StravaGear = z.infer<typeof StravaGear>;

/** The profile with the gear in use, where the token may see it; retired gear is not in it. */
export const Profile = Athlete.extend({
  bikes: z.array(StravaGear).nullish(),
  shoes: z.array(StravaGear).nullish(),
});
export type Profile = z.infer<typeof Profile>;
/** A push subscription; its id was a text in 2017. */
export const Subscription = z.looseObject({
  id: z.coerce.number().int().positive(),
  callback_url: z.string().nullish(),
});
export type Subscription = z.infer<typeof Subscription>;

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/**
 * The body of a push event (https://developers.strava.com/docs/webhooks/). What it says is never
 * believed: it only names what to fetch.
 */
export const PushEvent = z.object({
  object_type: z.enum(["activity", "athlete"]),
  object_id: id,
  aspect_type: z.enum(["create", "update", "delete"]),
  updates: z.record(z.string(), z.unknown()).nullish(),
  owner_id: id,
  subscription_id: z.coerce.number().int().positive()
    .max(Number.MAX_SAFE_INTEGER),
  /** Epoch seconds, of a year that has four digits. */
  event_time: z.number().int().min(0).max(253_402_300_799),
});
export type PushEvent = z.infer<typeof PushEvent>;

/** No amount of a true activity comes near it, and sums of a history stay far from overflowing. */
const MAX_AMOUNT = 1e12;
const MAX_INT4 = 2 ** 31 - 1;

const text = z.string().nullish();
const flag = z.boolean().nullish();
const number = z.number().nullish();
const amount = z.number().min(-MAX_AMOUNT).max(MAX_AMOUNT).nullish();
const whole = z.number().min(-MAX_INT4).max(MAX_INT4).nullish();
/** `2021-02-02T22:51:50Z` */
const moment = z.iso.datetime({ offset: true }).refine(
  isInRange,
  "Invalid year",
);
/** The same of a wall clock, where the Z is false. */
const wallClock = z.iso.datetime({ local: true })
  .refine((value) => isInRange(value.replace(/Z?$/, "Z")), "Invalid year");

/** PostgreSQL knows no year 0, and years beyond 9999 are written in another way. */
function isInRange(value: string): boolean {
  const year = new Date(value).getUTCFullYear();
  return year >= 1 && year <= 9999;
}

/**
 * An item of `GET /athlete/activities`: the fields that Paceline computes with, as they come.
 *
 * Demanded are only an id and the two start times, without which it has no place in a history;
 * everything else may be missing, null or new. But what PostgreSQL would refuse must not get
 * there: it would refuse the whole page. There are checks alone here and no conversions, which
 * cost zod four times as much.
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
