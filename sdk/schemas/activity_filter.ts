import * as z from "zod";
import { period } from "./period.ts";
import { Metres, Year } from "./parts.ts";

const MAX_METRES = 1e12;

const Distance = Metres.min(0).max(MAX_METRES);

/** Which activities: each filter given has to match. */
export const activityFilter = {
  ...period,
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
  gear_id: z.string().regex(
    /^\w{1,32}$/,
    "must be an id such as g3423618",
  ).meta({
    description: "Only with these shoes or this bike",
    example: "g3423618",
  }).optional(),
  min_distance: Distance.meta({
    description: "Only of so many metres or more",
    example: 10000,
  }).optional(),
  max_distance: Distance.meta({
    description: "Only of so many metres or less",
    example: 21097.5,
  }).optional(),
  q: z.string().min(1).max(200).meta({
    description:
      "Only with these words in the name, in any case, accents or not: all of them, whole; " +
      '`"in this order"`, `one or another`, `-without`',
    example: '"long run" -race',
  }).optional(),
  commute: z.boolean().meta({
    description: "Only on the way to or from work, or only not",
    example: true,
  }).optional(),
  trainer: z.boolean().meta({
    description: "Only indoors, on a trainer or treadmill, or only not",
    example: false,
  }).optional(),
  has_map: z.boolean().meta({
    description: "Only with a track, or only without",
    example: true,
  }).optional(),
};

/** Bounds in the wrong order match nothing, and are more likely a mistake. */
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
  if (from > to) issues.push(toIssue("from", "lies after to", from));
  if (min_distance > max_distance) {
    issues.push(
      toIssue("min_distance", "is more than max_distance", min_distance),
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
