import * as z from "zod";
import { Instant, Metres, Seconds } from "./parts.ts";

/** Heart rate over an activity. */
export const HeartRate = z.object({
  average: z.number().nullable().meta({
    description: "Beats per minute",
    example: 148.3,
  }),
  max: z.number().nullable().meta({
    description: "Beats per minute",
    example: 171,
  }),
}).meta({ id: "HeartRate", description: "Null where none was recorded" });

/** An activity of the list, and the longest of a year. */
export const Activity = z.object({
  id: z.number().int().meta({
    description: "Strava's id",
    example: 16543210987,
  }),
  name: z.string().meta({
    description: "As the athlete wrote it",
    example: "Morning Run",
  }),
  type: z.string().meta({
    description: "Strava's older kind of sport, such as `Run` for a trail run",
    example: "Run",
  }),
  sport_type: z.string().meta({
    description:
      "Strava's newer, finer kind of sport; new ones appear unannounced",
    example: "TrailRun",
  }),
  distance: Metres.meta({ example: 10234.5 }),
  moving_time: Seconds.meta({ example: 2912 }),
  elapsed_time: Seconds.meta({ example: 3050 }),
  total_elevation_gain: Metres.meta({ example: 143.2 }),
  start_date: Instant.meta({
    description: "Instant of the start",
    example: "2025-12-06T08:30:12Z",
  }),
  start_date_local: z.string().meta({
    description:
      "Wall clock of the athlete at the start, without a zone; days are counted by it",
    example: "2025-12-06T09:30:12",
  }),
  utc_offset: z.number().int().meta({
    description: "Seconds that the wall clock was ahead of UTC",
    example: 3600,
  }),
  timezone: z.string().nullable().meta({
    description: "IANA name",
    example: "Europe/Berlin",
  }),
  average_speed: z.number().meta({
    description: "Metres per second",
    example: 3.514,
  }),
  max_speed: z.number().meta({
    description: "Metres per second",
    example: 5.2,
  }),
  kudos_count: z.number().int().meta({
    description: "Kudos at the last sync that saw the activity",
    example: 7,
  }),
  heart_rate: HeartRate,
  visibility: z.string().meta({
    description: "`everyone`, `followers_only` or `only_me`",
    example: "everyone",
  }),
  gear_id: z.string().nullable().meta({
    description: "Strava's id of the shoes or the bike",
    example: "g3423618",
  }),
  workout_type: z.number().int().nullable().meta({
    description:
      "Strava's number: runs 0 default, 1 race, 2 long, 3 workout; rides 10 to 12",
    example: 0,
  }),
  trainer: z.boolean().meta({
    description: "Indoors, on a trainer or treadmill",
    example: false,
  }),
  commute: z.boolean().meta({
    description: "On the way to or from work",
    example: false,
  }),
  manual: z.boolean().meta({
    description: "Typed in, not recorded",
    example: false,
  }),
}).meta({ id: "Activity", description: "An activity" });

/** An activity of the short list of the newest. */
export const RecentActivity = Activity.pick({
  id: true,
  name: true,
  type: true,
  distance: true,
  moving_time: true,
  start_date: true,
}).extend({
  elevation_gain: Metres.meta({ example: 143.2 }),
}).meta({ id: "RecentActivity", description: "An activity in few words" });
