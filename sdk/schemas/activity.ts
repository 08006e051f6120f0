import * as z from "zod";
import { Instant, Metres, Seconds } from "./parts.ts";

/** Heart rate over an activity. */
export const HeartRate = z.object({
  average: z.number().nullable().meta({
    description: "Average heart rate in beats per minute",
    example: 148.3,
  }),
  max: z.number().nullable().meta({
    description: "Maximum heart rate in beats per minute",
    example: 171,
  }),
}).meta({
  id: "HeartRate",
  description:
    "Heart rate over the activity. Null if it was not recorded, or if the athlete hides it at " +
    "Strava and the caller cannot see private activities",
});

/** An activity. */
export const Activity = z.object({
  id: z.number().int().meta({
    description: "Strava's activity id",
    example: 16543210987,
  }),
  name: z.string().meta({
    description: "Name that the athlete gave the activity",
    example: "Morning Run",
  }),
  type: z.string().meta({
    description:
      "Strava's older, coarser sport type, such as `Run` for a trail run",
    example: "Run",
  }),
  sport_type: z.string().meta({
    description:
      "Strava's newer, finer sport type. Strava adds new ones without notice",
    example: "TrailRun",
  }),
  distance: Metres.meta({ example: 10234.5 }),
  moving_time: Seconds.meta({ example: 2912 }),
  elapsed_time: Seconds.meta({ example: 3050 }),
  total_elevation_gain: Metres.meta({ example: 143.2 }),
  start_date: Instant.meta({
    description: "Start time",
    example: "2025-12-06T08:30:12Z",
  }),
  start_date_local: z.string().meta({
    description:
      "Start time on the athlete's wall clock, without a zone. Local days follow this time",
    example: "2025-12-06T09:30:12",
  }),
  utc_offset: z.number().int().meta({
    description: "Offset of the wall clock from UTC in seconds",
    example: 3600,
  }),
  timezone: z.string().nullable().meta({
    description: "IANA time zone name",
    example: "Europe/Berlin",
  }),
  average_speed: z.number().meta({
    description: "Average speed in metres per second",
    example: 3.514,
  }),
  max_speed: z.number().meta({
    description: "Maximum speed in metres per second",
    example: 5.2,
  }),
  kudos_count: z.number().int().meta({
    description: "Number of kudos at the last sync of the activity",
    example: 7,
  }),
  heart_rate: HeartRate,
  visibility: z.string().meta({
    description: "`everyone`, `followers_only` or `only_me`",
    example: "everyone",
  }),
  gear_id: z.string().nullable().meta({
    description: "Id of the shoes or bike",
    example: "g3423618",
  }),
  workout_type: z.number().int().nullable().meta({
    description:
      "Strava's workout type. Runs: 0 default, 1 race, 2 long run, 3 workout. Rides: 10 " +
      "default, 11 race, 12 workout",
    example: 0,
  }),
  trainer: z.boolean().meta({
    description: "Whether the activity took place on a trainer or treadmill",
    example: false,
  }),
  commute: z.boolean().meta({
    description: "Whether the activity was a commute",
    example: false,
  }),
  manual: z.boolean().meta({
    description: "Whether the activity was entered by hand, not recorded",
    example: false,
  }),
}).meta({ id: "Activity", description: "An activity" });

/** A short form of an activity. */
export const RecentActivity = Activity.pick({
  id: true,
  name: true,
  type: true,
  distance: true,
  moving_time: true,
  start_date: true,
}).extend({
  elevation_gain: Metres.meta({ example: 143.2 }),
}).meta({ id: "RecentActivity", description: "A short form of an activity" });
