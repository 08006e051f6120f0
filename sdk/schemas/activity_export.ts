import * as z from "zod";
import { athleteInput } from "./athlete.ts";
import { activityFilter, refuseCrossedBounds } from "./activity_filter.ts";

/** The file format and the filters of an export. */
export const ActivityExportInput = z.strictObject({
  format: z.enum(["csv", "jsonl", "geojson"]).meta({
    description:
      "`csv`: table (RFC 4180). `jsonl`: one JSON object per line. `geojson`: " +
      "FeatureCollection (RFC 7946)",
    example: "csv",
  }),
  bom: z.boolean().meta({
    description:
      "`true`: the table begins with a byte order mark, by which Excel recognises UTF-8. Only " +
      "with `format=csv`",
    example: true,
  }).optional(),
  ...athleteInput,
  ...activityFilter,
}).check(refuseCrossedBounds).refine(
  ({ format, bom }) => format === "csv" || bom !== true,
  { path: ["bom"], message: "goes with `format=csv` only" },
);
