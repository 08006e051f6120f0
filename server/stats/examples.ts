import type { Total } from "@paceline/sdk/schemas";
import type * as z from "zod";

/** Builds a total for the examples of the OpenAPI document. */
export function toExampleTotal(
  count: number,
  distance: number,
  moving_time: number,
  elevation_gain: number,
): z.input<typeof Total> {
  return { count, distance, moving_time, elevation_gain };
}

/** The year that the examples of several statistics show. */
export const EXAMPLE_YTD = {
  run: toExampleTotal(143, 1482310.4, 421870, 14211.5),
  ride: toExampleTotal(61, 2904551.9, 412044, 30122),
  swim: toExampleTotal(0, 0, 0, 0),
  other: toExampleTotal(9, 41820.2, 12040, 410.5),
};

/** The activity that the examples of several statistics name. */
export const EXAMPLE_ACTIVITY = {
  id: 16543210987,
  name: "Morning Run",
  date: "2025-12-06",
};
