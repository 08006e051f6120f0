import * as z from "zod";
import { Activity } from "./activity.ts";
import { activityFilter, refuseCrossedBounds } from "./activity_filter.ts";
import { athleteInput } from "./athlete.ts";
import { Amount } from "./parts.ts";

const MAX_OFFSET = 1_000_000;

/** Which activities, in which order, and how many. */
export const ActivitiesInput = z.strictObject({
  limit: z.number().int().min(1).max(200).default(100).meta({
    description: "How many activities at most",
  }),
  offset: z.number().int().min(0).max(MAX_OFFSET).default(0).meta({
    description:
      "How many of the first to leave out; for long walks take `cursor` instead",
  }),
  cursor: z.string().max(64).meta({
    description:
      "`next_cursor` of the page before, in the same order; activities that arrive meanwhile " +
      "shift nothing",
  }).optional(),
  sort: z.enum([
    "date",
    "distance",
    "moving_time",
    "elevation_gain",
    "average_speed",
  ]).default("date").meta({
    description: "By what; equals by their ids",
  }),
  order: z.enum(["desc", "asc"]).default("desc").meta({
    description: "`desc`: the newest, longest or fastest first",
  }),
  ...athleteInput,
  ...activityFilter,
}).check(refuseCrossedBounds).default({
  limit: 100,
  offset: 0,
  sort: "date",
  order: "desc",
});

/** Activities, newest first unless asked otherwise. */
export const ActivityPage = z.object({
  total: Amount.meta({
    description: "Of all pages together",
    example: 1132,
  }),
  limit: Amount.meta({ description: "As asked for", example: 100 }),
  offset: Amount.meta({ description: "As asked for", example: 0 }),
  next_cursor: z.string().nullable().meta({
    description: "The `cursor` of the next page; null on the last",
    example: "1733473812000-16543210987",
  }),
  data: z.array(Activity),
}).meta({
  id: "ActivityPage",
  description: "Activities, newest first unless asked otherwise",
});
