import * as z from "zod";
import { Activity } from "./activity.ts";
import { activityFilter, refuseCrossedBounds } from "./activity_filter.ts";
import { athleteInput } from "./athlete.ts";
import { Amount } from "./parts.ts";

const MAX_OFFSET = 1_000_000;

/** The filters, the order and the page of the activity list. */
export const ActivitiesInput = z.strictObject({
  limit: z.number().int().min(1).max(200).default(100).meta({
    description: "Maximum number of activities in the page",
  }),
  offset: z.number().int().min(0).max(MAX_OFFSET).default(0).meta({
    description:
      "Number of activities to skip. Use `cursor` to read many pages",
  }),
  cursor: z.string().max(64).meta({
    description:
      "`next_cursor` of the previous page, with the same `sort` and `order`. Activities that " +
      "are added between two requests do not shift the pages. Cannot be combined with `offset`",
  }).optional(),
  sort: z.enum([
    "date",
    "distance",
    "moving_time",
    "elevation_gain",
    "average_speed",
  ]).default("date").meta({
    description: "Sort field. Ties are ordered by id",
  }),
  order: z.enum(["desc", "asc"]).default("desc").meta({
    description: "`desc`: newest, longest or fastest first. `asc`: the reverse",
  }),
  ...athleteInput,
  ...activityFilter,
}).check(refuseCrossedBounds).default({
  limit: 100,
  offset: 0,
  sort: "date",
  order: "desc",
});

/** A page of activities. */
export const ActivityPage = z.object({
  total: Amount.meta({
    description: "Number of matching activities on all pages",
    example: 1132,
  }),
  limit: Amount.meta({ description: "The requested `limit`", example: 100 }),
  offset: Amount.meta({ description: "The requested `offset`", example: 0 }),
  next_cursor: z.string().nullable().meta({
    description: "`cursor` of the next page. Null on the last page",
    example: "1733473812000-16543210987",
  }),
  data: z.array(Activity),
}).meta({
  id: "ActivityPage",
  description: "A page of activities",
});
