import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { activityFilter, refuseCrossedBounds } from "./activity_filter.ts";

/** Which activities, and as what. */
export const ActivityExportInput = z.strictObject({
  format: z.enum(["csv", "jsonl", "geojson"]).meta({
    description:
      "`csv`: a table (RFC 4180); `jsonl`: a JSON object a line; `geojson`: a FeatureCollection " +
      "(RFC 7946)",
    example: "csv",
  }),
  ...athleteInput,
  ...activityFilter,
}).check(refuseCrossedBounds);
