import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Amount } from "./parts.ts";

/** The streams by their keys, which are those of Strava's API. */
export const STREAM_KEYS = [
  "time",
  "latlng",
  "distance",
  "altitude",
  "velocity_smooth",
  "heartrate",
  "cadence",
  "watts",
  "temp",
  "moving",
  "grade_smooth",
] as const;

/** Least and most points of an answer. */
export const MIN_RESOLUTION = 50;
export const MAX_RESOLUTION = 50_000;

const KEY = `(?:${STREAM_KEYS.join("|")})`;

/** An activity, and the streams to read. */
export const ActivityStreamsInput = z.strictObject({
  id: z.number().int().positive().meta({
    description: "The activity's id",
    example: 16543210987,
  }),
  keys: z.string().max(200).regex(
    new RegExp(`^${KEY}(?:,${KEY})*$`),
    `must be a comma-separated list of ${STREAM_KEYS.join(", ")}`,
  ).meta({
    description:
      "Keys of the streams, separated by commas. Default: all. `time` always comes along",
    example: "time,heartrate,watts",
  }).optional(),
  resolution: z.number().int().min(MIN_RESOLUTION).max(MAX_RESOLUTION)
    .default(1000).meta({
      description:
        "Most points to return. A longer recording is thinned out so that the least and the " +
        "greatest value of each stream stay",
    }),
  ...athleteInput,
});

const values = z.array(z.number().nullable());

/** Streams by their keys. A stream that was not recorded has no key. */
export const StreamSet = z.object({
  time: z.array(z.number()).meta({
    description: "Seconds since the start of the recording, pauses included",
    example: [0, 1, 2, 3],
  }),
  latlng: z.array(z.array(z.number()).length(2).nullable()).meta({
    description: "Latitude and longitude in degrees",
    example: [[47.37, 8.54], [47.3701, 8.5402], null, [47.3703, 8.5406]],
  }),
  distance: values.meta({
    description: "Metres since the start",
    example: [0, 7.9, 15.8, 24.1],
  }),
  altitude: values.meta({
    description: "Metres above sea level",
    example: [408.2, 408.2, 408.4, 408.6],
  }),
  velocity_smooth: values.meta({
    description:
      "Metres per second: those of the device or of Strava, else computed from the distance",
    example: [0, 7.9, 7.9, 8.3],
  }),
  heartrate: values.meta({
    description: "Beats per minute",
    example: [121, 121, 122, 124],
  }),
  cadence: values.meta({
    description:
      "Revolutions or strokes per minute; for runs the steps of one foot",
    example: [0, 84, 86, 86],
  }),
  watts: values.meta({ description: "Watts", example: [0, 180, 214, 209] }),
  temp: values.meta({
    description: "Degrees Celsius",
    example: [18, 18, 18, 18],
  }),
  moving: z.array(z.boolean()).meta({
    description: "Whether the athlete moved in the time before the point",
    example: [false, true, true, true],
  }),
  grade_smooth: values.meta({
    description:
      "Gradient in percent: that of Strava, else computed over 50 metres",
    example: [0, 0.4, 1.2, 2.1],
  }),
}).partial().meta({
  id: "StreamSet",
  description:
    "Streams by their keys, all of one length: values at the same place belong to the same point. A " +
    "stream that was not recorded has no key, and a value that is missing is null",
  example: {
    time: [0, 31, 58, 14_399],
    heartrate: [98, 121, 164, 133],
    watts: [null, 480, 210, 0],
  },
});

/** The streams of an activity. */
export const ActivityStreams = z.object({
  source: z.enum(["fit", "gpx", "tcx", "strava"]).nullable().meta({
    description:
      "Origin of the streams: the kind of the imported file, or `strava` for Strava's API. Null if " +
      "the activity has no streams",
    example: "fit",
  }),
  points: Amount.meta({
    description: "Points that were recorded",
    example: 14_400,
  }),
  returned_points: Amount.meta({
    description: "Points in this answer",
    example: 4,
  }),
  streams: StreamSet,
  withheld: z.array(z.enum(STREAM_KEYS)).meta({
    description:
      "Wanted keys that the caller may not see, whether there is such a stream or not: `latlng` " +
      "belongs to those who see private activities",
    example: [],
  }),
}).meta({ id: "ActivityStreams", description: "The streams of an activity" });
