import * as z from "zod";
import { Activity } from "./activity.ts";
import { ActivitySources, EditedField } from "./activity_source.ts";
import { athleteInput } from "./athlete.ts";

/** The id of an activity. */
export const ActivityInput = z.strictObject({
  id: z.number().int().positive().meta({
    description: "Strava's activity id",
    example: 16543210987,
  }),
  ...athleteInput,
});

const positions = z.array(z.array(z.number()).length(2)).min(2);

/** A GeoJSON line. */
export const LineString = z.object({
  type: z.literal("LineString"),
  coordinates: positions.meta({
    description: "Longitude and latitude in degrees, in the order of RFC 7946",
    example: [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]],
  }),
}).meta({ id: "LineString", description: "A GeoJSON LineString (RFC 7946)" });

/** A GeoJSON line in several parts. */
export const MultiLineString = z.object({
  type: z.literal("MultiLineString"),
  coordinates: z.array(positions).min(2).meta({
    description: "The parts, each with longitude and latitude in degrees",
    example: [
      [[179.9, -17.5], [180, -17.55]],
      [[-180, -17.55], [-179.9, -17.6]],
    ],
  }),
}).meta({
  id: "MultiLineString",
  description:
    "A GeoJSON MultiLineString (RFC 7946): a track over the antimeridian, cut there, or one whose " +
    "middle is hidden",
});

/** The track of an activity. */
export const ActivityMap = z.object({
  polyline: z.string().meta({
    description:
      "The simplified track, Strava's or that of a file, as an encoded polyline (Google's format, " +
      "precision 5). If the middle is hidden, the longest part",
    example: "_p~iF~ps|U_ulLnnqC_mqNvxq`@",
  }),
  geojson: z.union([LineString, MultiLineString]).meta({
    description:
      "The same track in GeoJSON. A track over the antimeridian, or one whose middle is hidden, is a " +
      "MultiLineString",
    example: {
      type: "LineString",
      coordinates: [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]],
    },
  }),
}).meta({ id: "ActivityMap", description: "The track of an activity" });

/** An activity with its map, and for its owner its sources. */
export const ActivityDetail = Activity.extend({
  excluded: z.boolean().meta({
    description: "Whether the owner excludes the activity from statistics",
    example: false,
  }),
  description: z.string().nullable().meta({
    description:
      "Description: the owner's, or that of a file or of Strava's bulk export. Strava's API has " +
      "none in its lists",
    example: "With Ada along the river",
  }),
  map: ActivityMap.nullable().meta({
    description:
      "The track. Callers who cannot see private activities get it without what the owner hides, " +
      "and only if the owner shows maps. Null if there is none",
  }),
  map_reason: z.enum(["no_track", "needs_key", "hidden"]).nullable().meta({
    description:
      "Why `map` is null: `no_track` if the activity has no track, `hidden` if privacy zones and " +
      "hidden ends leave nothing of it, `needs_key` if the caller cannot see private activities " +
      "and the owner does not show maps, whether there is a track or not",
    example: "no_track",
  }),
  edited: z.array(EditedField).nullable().meta({
    description:
      "Fields that the owner has set. Null for callers who cannot see private activities",
    example: ["name"],
  }),
  sources: ActivitySources.nullable().meta({
    description: "Null for callers who cannot see private activities",
  }),
}).meta({
  id: "ActivityDetail",
  description: "An activity with its map, and for its owner its sources",
});
