import * as z from "zod";
import { period } from "./stats/period.ts";
import { Metres, Year } from "./parts.ts";

const MAX_METRES = 1e12;

const Distance = Metres.min(0).max(MAX_METRES);

/** The filters of the activity list. An activity must match all of them. */
export const activityFilter = {
  ...period,
  year: Year.meta({
    description: "Local year",
    example: 2025,
  }).optional(),
  // A pattern would appear in the document, and not every regex dialect has classes for control
  // characters.
  activity_type: z.string().min(1).max(64).refine(
    (name) => !/\p{Cc}/u.test(name),
    "must be a name such as Run, without control characters",
  ).meta({
    description:
      "Sport, matched against `type` and `sport_type`, case-insensitive",
    example: "Run",
  }).optional(),
  gear_id: z.string().regex(
    /^\w{1,32}$/,
    "must be an id such as g3423618",
  ).meta({
    description: "Id of the shoes or bike",
    example: "g3423618",
  }).optional(),
  min_distance: Distance.meta({
    description: "Minimum distance in metres",
    example: 10000,
  }).optional(),
  max_distance: Distance.meta({
    description: "Maximum distance in metres",
    example: 21097.5,
  }).optional(),
  q: z.string().min(1).max(200).meta({
    description:
      "Full-text search in the name. All words must match, ignoring case and accents. Supports " +
      '`"exact phrase"`, `one or another` and `-without`',
    example: '"long run" -race',
  }).optional(),
  trainer: z.boolean().meta({
    description:
      "`true`: only activities on a trainer or treadmill. `false`: none of them",
    example: false,
  }).optional(),
  has_map: z.boolean().meta({
    description:
      "`true`: only activities with a track. `false`: only activities without one",
    example: true,
  }).optional(),
};

/**
 * Reports an issue if a lower bound exceeds its upper bound: nothing could match, so it is likely
 * a mistake.
 */
export function refuseCrossedBounds(
  { value, issues }: z.core.ParsePayload<{
    from?: string | undefined;
    to?: string | undefined;
    min_distance?: number | undefined;
    max_distance?: number | undefined;
  }>,
): void {
  const { from = "", to = from, min_distance = 0 } = value;
  const { max_distance = min_distance } = value;
  if (from > to) {
    issues.push(toIssue("from", "must not be later than `to`", from));
  }
  if (min_distance > max_distance) {
    issues.push(
      toIssue("min_distance", "must not exceed `max_distance`", min_distance),
    );
  }
}

function toIssue(
  name: string,
  message: string,
  input: unknown,
): z.core.$ZodRawIssue {
  return { code: "custom", path: [name], message, input };
}
