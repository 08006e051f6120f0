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

/** Strava's numbers are sloppy (`474287.0`, ints where floats are usual); null counts as absent. */
const amount = z.number().nullish().transform((value) => value ?? 0);
const whole = amount.transform(Math.round).pipe(
  z.number().min(-2147483648).max(2147483647),
);
const flag = z.boolean().nullish().transform((value) => value ?? false);
const text = z.string().nullish().transform((value) => value ?? "");
/** `2021-02-02T22:51:50Z`; of a local time the Z is false and dropped. */
const moment = z.iso.datetime({ offset: true });
const wallClock = z.string().regex(
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?$/,
  "Invalid local time",
)
  .transform((value) => value.replace(/Z$/, ""));

/**
 * An item of `GET /athlete/activities`: the fields that Paceline computes with.
 *
 * Demanded are only an id and the two start times, without which it has no place in a history;
 * everything else may be missing, null or new.
 */
export const SummaryActivity = z.object({
  id: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  name: text,
  type: z.string().nullish(),
  sport_type: z.string().nullish(),
  start_date: moment,
  start_date_local: wallClock,
  utc_offset: z.number().nullish(),
  timezone: z.string().nullish(),
  distance: amount,
  moving_time: whole,
  elapsed_time: whole,
  total_elevation_gain: amount,
  average_speed: amount,
  max_speed: amount,
  average_heartrate: z.number().nullish(),
  max_heartrate: z.number().nullish(),
  kudos_count: whole,
  visibility: z.string().nullish(),
  private: flag,
  gear_id: z.string().nullish(),
  workout_type: z.number().int().nullish(),
  trainer: flag,
  commute: flag,
  manual: flag,
});
export type SummaryActivity = z.infer<typeof SummaryActivity>;
