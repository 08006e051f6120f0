import { z } from "zod";

/** Keys of the streams to ask Strava for. */
const KEYS = [
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

/** The query of `GET /activities/{id}/streams`: all keys, at full resolution. */
export const STREAMS_QUERY = new URLSearchParams({
  keys: KEYS.join(","),
  key_by_type: "true",
}).toString();

const numbers = z.array(z.number().nullable());
const position = z.array(z.number()).length(2);

function data<T extends z.ZodType>(
  values: T,
): z.ZodOptional<z.ZodNullable<z.ZodObject<{ data: T }>>> {
  return z.object({ data: values }).nullish();
}

/**
 * The response of `GET /activities/{id}/streams` with `key_by_type=true`: an object by stream name. A
 * stream that the device did not record has no key, and there may be keys that were not asked for.
 */
export const StravaStreams = z.object({
  time: data(z.array(z.number())),
  latlng: data(
    z.array(z.union([position, z.array(z.number()).max(0)]).nullable()),
  ),
  distance: data(numbers),
  altitude: data(numbers),
  velocity_smooth: data(numbers),
  heartrate: data(numbers),
  cadence: data(numbers),
  watts: data(numbers),
  temp: data(numbers),
  moving: data(z.array(z.boolean().nullable())),
  grade_smooth: data(numbers),
}).superRefine((streams, context) => {
  const lengths = Object.values(streams).flatMap((stream) =>
    stream ? [stream.data.length] : []
  );
  if (new Set(lengths).size <= 1) return;
  context.addIssue({
    code: "custom",
    message: `The streams have different lengths: ${lengths.join(", ")}`,
  });
});
export type StravaStreams = z.infer<typeof StravaStreams>;
