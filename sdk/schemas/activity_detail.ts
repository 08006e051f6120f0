import * as z from "zod";
import { Activity } from "./activity.ts";
import { athleteInput } from "./athlete.ts";

/** Which activity. */
export const ActivityInput = z.strictObject({
  id: z.number().int().positive().meta({
    description: "Strava's id",
    example: 16543210987,
  }),
  ...athleteInput,
});

/** A line as GeoJSON has it. */
export const LineString = z.object({
  type: z.literal("LineString"),
  coordinates: z.array(z.array(z.number()).length(2)).min(2).meta({
    description: "Longitude and latitude in degrees, as RFC 7946 orders them",
    example: [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]],
  }),
}).meta({ id: "LineString", description: "A line after RFC 7946" });

/** Where an activity went. */
export const ActivityMap = z.object({
  polyline: z.string().meta({
    description:
      "Strava's simplified track, in Google's encoded polyline format with five decimals",
    example: "_p~iF~ps|U_ulLnnqC_mqNvxq`@",
  }),
  geojson: LineString,
}).meta({ id: "ActivityMap", description: "Where an activity went" });

/** An activity with its map. */
export const ActivityDetail = Activity.extend({
  map: ActivityMap.nullable().meta({
    description: "Null where there is none, and for callers without the key",
  }),
  map_reason: z.enum(["no_track", "needs_key"]).nullable().meta({
    description:
      "Why `map` is null: the activity has no track, or the caller no key, whether it has one or " +
      "not",
    example: "no_track",
  }),
}).meta({ id: "ActivityDetail", description: "An activity with its map" });
