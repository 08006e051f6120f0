import * as z from "zod";
import { Activity } from "./activity.ts";
import { Amount, Year } from "./parts.ts";

const MAX_OFFSET = 1_000_000;

/** Which activities, and how many. */
export const ActivitiesInput = z.strictObject({
  limit: z.number().int().min(1).max(200).default(100).meta({
    description: "How many activities at most",
  }),
  offset: z.number().int().min(0).max(MAX_OFFSET).default(0).meta({
    description:
      "How many of the newest to leave out; for long walks take `cursor` instead",
  }),
  cursor: z.string().max(64).meta({
    description:
      "`next_cursor` of the page before; activities that arrive meanwhile shift nothing",
  }).optional(),
  year: Year.meta({
    description: "Only of this local year",
    example: 2025,
  }).optional(),
  // No pattern, which the document would show: not every language's know control characters.
  activity_type: z.string().min(1).max(64).refine(
    (name) => !/\p{Cc}/u.test(name),
    "must be a name such as Run, without control characters",
  ).meta({
    description:
      "Only of this sport, whether `type` or `sport_type`, in any case",
    example: "Run",
  }).optional(),
}).default({ limit: 100, offset: 0 });

/** Activities, newest first. */
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
}).meta({ id: "ActivityPage", description: "Activities, newest first" });
