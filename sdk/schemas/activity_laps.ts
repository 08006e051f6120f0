import * as z from "zod";
import { HeartRate } from "./activity.ts";
import { Amount } from "./parts.ts";

const start = z.number().meta({
  description: "Seconds since the start of the recording, pauses included",
  example: 1200,
});

/** Returns the schema of a figure that a file may lack. */
function figure(description: string, example: number): z.ZodType<
  number | null,
  number | null
> {
  return z.number().nullable().meta({ description, example });
}

/** A lap of an activity. */
export const Lap = z.object({
  lap_index: Amount.meta({
    description: "Number of the lap, from 1",
    example: 1,
  }),
  start,
  elapsed_time: figure("Seconds, pauses included", 301.5),
  moving_time: figure(
    "Seconds without standing still, or those of the device's timer",
    298,
  ),
  distance: figure("Metres", 1000),
  total_elevation_gain: figure("Metres", 12),
  average_speed: figure("Metres per second", 3.356),
  max_speed: figure("Metres per second", 4.1),
  heart_rate: HeartRate,
  average_cadence: figure(
    "Revolutions or strokes per minute; for runs the steps of one foot",
    88,
  ),
  average_watts: figure("Watts", 214),
  max_watts: figure("Watts", 380),
  calories: figure("Kilocalories", 61),
  trigger: z.string().nullable().meta({
    description: "Cause of the lap's end in the file's words",
    example: "manual",
  }),
  intensity: z.string().nullable().meta({
    description:
      "Such as `active`, `rest`, `warmup` or `cooldown`, as in the file",
    example: "active",
  }),
}).meta({
  id: "Lap",
  description:
    "A lap as the device or the athlete marked it. Figures that the file lacks are null",
});

/** A length of a swimming pool. */
export const Length = z.object({
  start,
  elapsed_time: z.number().meta({ description: "Seconds", example: 28.5 }),
  active: z.boolean().meta({
    description: "False for a rest at the wall",
    example: true,
  }),
  strokes: Amount.nullable().meta({
    description: "Strokes that were counted",
    example: 18,
  }),
  stroke: z.string().nullable().meta({
    description: "Such as `freestyle` or `backstroke`, as in the file",
    example: "freestyle",
  }),
}).meta({
  id: "Length",
  description: "One length of a swimming pool, or a rest between two",
});

/** The laps and lengths of an activity. */
export const ActivityLaps = z.object({
  source: z.enum(["fit", "gpx", "tcx", "strava"]).nullable().meta({
    description:
      "Kind of the file. Null if no file was imported for the activity",
    example: "fit",
  }),
  laps: z.array(Lap).meta({ description: "The laps in their order" }),
  lengths: z.array(Length).meta({
    description: "The lengths in their order; empty except for pool swims",
  }),
}).meta({
  id: "ActivityLaps",
  description: "The laps and lengths of an activity",
});
