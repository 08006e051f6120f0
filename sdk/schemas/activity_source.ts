import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { Instant } from "./parts.ts";

/** The id of a source: one of Strava's activities, or a recording in an imported file. */
export const SourceId = z.string().regex(
  /^(strava:[1-9]\d{0,15}|[\da-f]{64}:\d{1,5})$/,
  "must be the id of a source, as in `sources` of the activity",
).meta({
  description:
    "Id of a source: `strava:` and Strava's activity id, or the hash of the imported file and the " +
    "place within the file",
  example: "strava:16543210987",
});

/** A field that an owner can set. */
export const EditedField = z.enum([
  "name",
  "sport_type",
  "description",
  "gear_id",
  "visibility",
  "commute",
  "race",
  "trainer",
  "excluded",
  "preferred_source",
]).meta({ id: "EditedField", description: "A field that an owner can set" });

/** A total that several sources may state. */
export const TotalField = z.enum([
  "distance",
  "moving_time",
  "elapsed_time",
  "total_elevation_gain",
  "average_speed",
  "max_speed",
  "average_heartrate",
  "max_heartrate",
]).meta({ id: "TotalField", description: "A total of an activity" });

const Method = z.enum(["strava", "device", "listed", "computed", "entered"])
  .meta({
    description:
      "Origin of the value: `strava`, the `device` that recorded the file, the table of Strava's " +
      "bulk export (`listed`), `computed` from the records, or `entered` by hand",
    example: "device",
  });

/** A source of an activity. */
export const ActivitySource = z.object({
  id: SourceId,
  kind: z.enum(["strava", "fit", "gpx", "tcx", "manual"]).meta({
    description:
      "`strava` for Strava's API, `manual` for an activity entered by hand, else the format of " +
      "the file",
    example: "fit",
  }),
  name: z.string().meta({
    description: "Name of the file, or of the activity at Strava",
    example: "2025-12-06-083012.fit",
  }),
  strava_id: z.number().int().nullable().meta({
    description:
      "Strava's activity id: its own, or the one that Strava's bulk export names for the file",
    example: 16543210987,
  }),
  device: z.string().nullable().meta({
    description: "Maker and product of the device, as the file states them",
    example: "garmin edge530",
  }),
  start_date: Instant.meta({ description: "Start time in this source" }),
  received_at: Instant.meta({
    description: "When the file was imported, or Strava's activity was fetched",
  }),
  file_size: z.number().int().nullable().meta({
    description: "Bytes of the file. Null for Strava",
    example: 48211,
  }),
  has_original: z.boolean().meta({
    description: "Whether the file itself can be downloaded",
    example: true,
  }),
  placement: z.enum(["automatic", "merged", "split"]).meta({
    description:
      "Why the source belongs to this activity: by the rules (`automatic`), or because the owner " +
      "merged it into the activity or split it off from another one",
    example: "automatic",
  }),
}).meta({ id: "ActivitySource", description: "A source of an activity" });

/** The activity and the source whose file to download. */
export const OriginalInput = z.strictObject({
  id: z.number().int().positive().meta({
    description: "The activity's id",
    example: 4503599627370497,
  }),
  source: SourceId,
  ...athleteInput,
});

/** The source of a total. */
export const FigureSource = z.object({
  field: TotalField,
  source: SourceId,
  method: Method,
}).meta({
  id: "FigureSource",
  description: "The source that gives an activity one of its totals",
});

/** The sources of an activity, and what it takes from each. */
export const ActivitySources = z.object({
  data: z.array(ActivitySource).meta({
    description: "Strava's activities first, then files in the order of import",
  }),
  figures: z.array(FigureSource).meta({
    description:
      "The source of each total. A total that no source has is missing",
  }),
  preferred: SourceId.nullable().meta({
    description: "The source that the owner prefers for all totals",
    example: null,
  }),
}).meta({
  id: "ActivitySources",
  description: "The sources of an activity, and what it takes from each",
});
